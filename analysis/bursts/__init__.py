"""Figures of the pages on bursts."""
