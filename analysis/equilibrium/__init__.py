"""Figures of the pages on equilibrium propagation."""
