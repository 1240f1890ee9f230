"""Segregated dendrites."""
