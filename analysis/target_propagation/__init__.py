"""Figures of the pages on target propagation."""
