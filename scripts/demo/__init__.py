"""`make demo`: a film, rendered through the real API by a real worker."""
