"""What is typed and what is read: languages, characters, numbers, names that look alike. It knows no table."""
