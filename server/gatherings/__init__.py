"""What has a date: who comes, and what takes place again and again."""
