"""How well the gaze is redirected: irises displaced by known amounts, and a meter that knows nothing of the method."""
