"""Gaze redirect: irises moved toward the camera, by a smooth warp inside the eye opening."""
