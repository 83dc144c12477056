"""Files that are fetched from the web: for clients, who import them, and for jobs, whose foreign sources are copied."""
