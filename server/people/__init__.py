"""Who is on the board: members, their devices, cards and invitations, and the quartier itself."""
