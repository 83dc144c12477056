"""A task that needs no network, for tests of what is around tasks."""
