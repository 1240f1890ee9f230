"""What pages share: conditions, seeds, tests, kept results. Knows no theory."""
