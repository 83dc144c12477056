"""The media files that a workspace has, as its clients list, use and delete them."""
