"""Who is let in, under which name, and what needs a second person."""
