"""Pages on dendritic microcircuits."""
