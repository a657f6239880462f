"""Starting, serving, upkeep, backup: what whoever keeps the machine meets."""
