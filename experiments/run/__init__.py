"""One run: configuration, data, loop, run folder. Knows no theory."""
