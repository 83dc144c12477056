"""What this package's generated files are made by. Not installed with it."""
