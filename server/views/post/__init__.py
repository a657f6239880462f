"""What the page of one post shows."""
