"""What everything stands on: settings, the database, the clock, ids, keys, what may go wrong. It knows no neighbour."""
