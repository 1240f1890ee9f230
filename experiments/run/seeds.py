"""What is drawn at random in a run, each with seeds of its own: recorded, and never the same."""

import argparse
from enum import IntEnum

import numpy as np

MOST = 2**32 - 1  # scikit-learn and Brian2 take no larger ones


class Purpose(IntEnum):
    """What a seed is for; its number is part of every result."""

    ORDER = 1  # of the images in an epoch
    TRAINING = 2  # spikes and noise of a chunk
    TEST = 3
    RECORD = 4
    REPEAT = 5  # of a test of the same network
    LOOK = 6  # at single images
    PRESENTATION = 7  # of images shown again
    SHIFT = 8  # of training images


def typed(text):
    """A seed as it is typed: the type of an option, which refuses what a run would."""
    if not text.isdecimal() or len(text) > len(str(MOST)) or int(text) > MOST:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {MOST}, not {text!r}")
    return int(text)


def seed(run_seed, purpose, *where):
    """A 64-bit seed: the same for the same purpose and place in the same run."""
    sequence = np.random.SeedSequence([run_seed, int(purpose), *where])
    return part(sequence)


def part(sequence):
    """The 64 bits of a ``SeedSequence``."""
    return int(sequence.generate_state(1, np.uint64)[0])
