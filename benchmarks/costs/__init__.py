"""What every entry of the catalogue costs."""
