"""Questions to the circuit of interneurons that times plateaus."""
