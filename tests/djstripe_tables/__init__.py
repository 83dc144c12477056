"""dj-stripe's tables for tests, made at one stroke."""
