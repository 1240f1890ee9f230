"""Pages on bursts."""
