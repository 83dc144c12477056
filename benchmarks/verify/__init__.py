"""The engine against things that we did not write: FFmpeg's filters and decoders, Skia, formulas of standards.

Each family of references is a module with `findings(size)`: what was compared, and how far apart it lies, on pictures
of `size` (width, height). `make verify` prints all of them; `tests/verify` runs them on small pictures.
"""
