"""What moderators and admins see and decide: reports, closed doors, figures."""
