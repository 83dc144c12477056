"""Which networks there are, where their files lie, and what they may be used for. Loads none of them."""
