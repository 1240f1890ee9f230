"""Figures of the pages on segregated dendrites."""
