"""The nouns of Palier: one file each, with their columns, their queries and their verbs."""
