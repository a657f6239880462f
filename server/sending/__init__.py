"""What leaves the board: push messages and emails."""
