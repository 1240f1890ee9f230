"""The parts of the page on a run: what came of it, and what was run."""
