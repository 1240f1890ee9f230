"""Figures of the circuit of interneurons."""
