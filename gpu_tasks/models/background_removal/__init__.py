"""People cut out of their background: a coverage from a network, made into a matte, and what is delivered of it."""
