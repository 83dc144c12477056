"""`make gallery`: every look of the catalogue, on contact sheets and alone, drawn by the engine."""
