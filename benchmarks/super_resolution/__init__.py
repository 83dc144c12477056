"""How well and how fast pictures are enlarged, beside bicubic, Lanczos, a linear filter and a known network."""
