"""Writes to jobs: by clients (`submit`, `cancel`), by workers (`attempts`), and by time (`sweep`, `waiting`)."""
