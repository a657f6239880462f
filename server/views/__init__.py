"""What is seen on screen: one folder per thing, its routes and its templates side by side."""
