"""Pictures enlarged: networks of our own on luma, or a checkpoint that a user installed."""
