"""What stands on the board: the kinds, their forms, posts and everything that hangs on them."""
