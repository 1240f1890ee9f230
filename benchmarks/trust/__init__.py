"""Attacks on whole runs, too long for tests; their counts are in docs/trust.md."""
