"""Errors of answers, tests of a network, and what is no answer at all."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np

from experiments.run import command
from experiments.run.seeds import part
from models.theory import Inputs

LARGEST = 1e9  # of what is learned, in its own units, which are of the order of 1


class Diverged(RuntimeError):
    """What is learned, potentials that go on, or answers are no longer numbers."""


def error(answers, labels):
    """Per cent of images whose class is wrong; answers of shape (images, classes)."""
    return float(100 * np.mean(answers.argmax(axis=1) != labels))


def test(program, state, images, labels, seed, cores=1, room=None):
    """Show images to a network that does not learn, chunk by chunk.

    Parameters
    ----------
    program : object
        As from a network's ``program`` with ``learning=False``.
    state : dict of ndarray
    images, labels : ndarray
    seed : int
        Each chunk has its own, so that results do not depend on ``cores``.
    cores : int
        Chunks that run at once.
    room : threading.Semaphore, optional
        Each chunk waits for it, so that fewer run at once as long as its owner says.

    Returns
    -------
    answers : ndarray, shape (images, classes)
    cpu : float
        Seconds.
    """
    room = room or nullcontext()
    parts = [slice(k, k + program.images) for k in range(0, len(labels), program.images)]

    def one(k):
        own = part(np.random.SeedSequence([seed, k]))
        with room:
            return program.run(Inputs(images[parts[k]], labels[parts[k]], state, own, learns=False))

    with ThreadPoolExecutor(cores) as pool:
        chunks = [pool.submit(one, k) for k in range(len(parts))]
        try:
            command.until_ended(chunks)
            outs = [chunk.result() for chunk in chunks]
        except BaseException:  # Ctrl-C: what has not begun need not begin, nor the rest end
            pool.shutdown(wait=False, cancel_futures=True)
            command.end(chunks, getattr(program, "stop", lambda: None))
            raise
    answers = np.concatenate([out.answers for out in outs])
    refuse_no_numbers(answers, "a test")
    return answers, sum(out.seconds.cpu for out in outs)


def finite(state, largest=np.inf):
    """Whether all values of a state are numbers, and not too large."""
    return all(np.isfinite(v).all() and np.abs(v).max(initial=0) < largest for v in state.values())


def refuse_divergence(state, seen, epoch):
    """Raise Diverged if what goes on is no number, or no longer of any use; it names the first."""
    wrong = [name for name, value in state.items() if not finite({name: value}, LARGEST)]
    if wrong:
        others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise Diverged(
            f"{wrong[0]}{others} grew beyond all bounds in the chunk that ends at image {seen} "
            f"(epoch {epoch + 1}): lower the learning rates, or the weights that it begins with, "
            "which --help names; the last good checkpoint is kept"
        )


def refuse_no_numbers(answers, where):
    """Raise Diverged if answers are no numbers, whatever the weights."""
    if not np.isfinite(answers).all():
        raise Diverged(
            f"the answers are not numbers in {where}: look at the cells' "
            "equations; the last good checkpoint is kept"
        )
