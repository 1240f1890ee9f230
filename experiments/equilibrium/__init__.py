"""Pages on equilibrium propagation."""
