"""The records of a run in other programs' formats."""
