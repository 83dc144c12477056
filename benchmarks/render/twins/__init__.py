"""The reference scenes, written by hand for other tools."""
