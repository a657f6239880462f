"""Backup, restore, keys, check and drill: what the commands do, beside the board, never inside its process."""
