"""Trains the super-resolution networks that the project ships, on pictures that it draws itself."""
