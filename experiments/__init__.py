"""Which question is asked: one page each, and the loop that they share.

In all pages "P" is Guerguiev, Lillicrap & Richards (2017), eLife 6:e22901, and "C" what the
authors' code does where the paper leaves it open.
"""
