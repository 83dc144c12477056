"""How fast a GPU composes and renders the scenes of `benchmarks.render`."""
