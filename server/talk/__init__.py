"""What neighbours say under a post."""
