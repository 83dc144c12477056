"""`make gallery`: every look of the catalogue on contact sheets, drawn by the engine."""
