"""Figures of the pages on dendritic microcircuits."""
