"""How many folds of a study two workers do in the time in which one does one.

    python -m benchmarks.workers

The folds of 300 hidden cells on the digits (six epochs of 800 images), in turn by this process,
kept on one core; by the same, free to test on a second core while it trains; and by two workers of
a local Dask cluster that have begun. Ratios are of folds a minute, to those on one core. It needs
two idle cores. Writes ``results/benchmarks/workers.csv``.
"""

import os
import sys
import time

import numpy as np

from benchmarks.measuring import command_of, show
from experiments.run import data as datasets
from experiments.run.config import chosen
from experiments.study import folds, jobs

NAME = "benchmarks.workers"
COLUMNS = ("what", "folds_a_minute", "ratio", "lowest", "highest")
FOLDS, IMAGES, EPOCHS, REPEATS, WORKERS = 24, 1200, 6, 5, 2


WHAT = ("one worker, one core", "one worker, two cores", "two workers, two cores")


def asked(first, count):
    """Jobs: folds of networks that have one program, and seeds of their own."""
    config = chosen({"dataset": "digits", "epochs": EPOCHS}, "digits")
    digest = datasets.load("digits", None).digest()
    for seed in range(first, first + count):
        fold = folds.Fold({**config.flat(), "seed": seed}, IMAGES, 3, 0, 1, digest)
        yield str(seed), (fold._asdict(),)


def seconds(pool, count):
    """Wall time of so many folds."""
    start = time.perf_counter()
    for job in pool.each(folds.evaluate, asked(1, count)):
        if job.failure:
            raise job.failure
    return time.perf_counter() - start


def confined(pool, count):
    """The same on one core."""
    free = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(free)})
    try:
        return seconds(pool, count)
    finally:
        os.sched_setaffinity(0, free)


def measure(folder):
    """Rows of the table."""
    found, rows = [], []
    with jobs.pool(jobs.HERE, FOLDS) as one, jobs.pool(jobs.Where(WORKERS), FOLDS) as several:
        for pool in (one, several):
            seconds(pool, 2 * WORKERS)  # all have loaded and compiled what they need
        for _ in range(REPEATS):
            found.append((confined(one, FOLDS), seconds(one, FOLDS), seconds(several, FOLDS)))
    found = np.array(found)
    ratios = found[:, :1] / found
    for what, mine, own in zip(WHAT, found.T, ratios.T, strict=True):
        told = (np.median(own), own.min(), own.max())
        show(rows, (what, f"{60 * FOLDS / np.median(mine):.0f}", *(f"{r:.2f}" for r in told)))
    return rows


main = command_of(NAME, __doc__, COLUMNS, measure)

if __name__ == "__main__":
    sys.exit(main())
