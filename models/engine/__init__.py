"""How a theory is simulated: strings in, a compiled program out. Knows no theory."""
