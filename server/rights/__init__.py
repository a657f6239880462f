"""What belongs to a neighbour: leaving for good."""
