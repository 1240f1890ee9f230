"""Which learning rates? Chosen on training images held out; the test set is left alone.

    python -m experiments relaxed_rates [--only paper ...]

784-500-10 on 50,000 training images, tested on the other 10,000 (each from 0), 15 epochs; then two
hidden layers, 8 epochs. Seed 1. Expected: rates that fall from epoch to epoch gain half a per cent.
A minute of one core each with one hidden layer, ten with two.
"""
