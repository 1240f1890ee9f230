"""Which question is asked: one page each, and the loop that they share."""
