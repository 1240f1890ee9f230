"""Questions about target propagation: what its targets are worth, and how well it learns."""
