"""Pages of SuperSpike."""
