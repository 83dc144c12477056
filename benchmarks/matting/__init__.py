"""How good and how steady mattes are, on pictures whose matte is known because they were put together here."""
