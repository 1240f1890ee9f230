"""Figures of the pages on SuperSpike."""
