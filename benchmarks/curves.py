"""Learning curves of two ways to train the same network, side by side: training, and the figure."""

import numpy as np

from benchmarks.measuring import ROOT
from experiments import train
from experiments.run.folder import RunFolder
from experiments.study.results import read_rows

SEEDS, EPOCHS = (1, 2, 3), 5


def trained(name, seed, out, *words):
    """Metrics of 784-500-10 on MNIST after ``EPOCHS`` epochs, in a run folder that is gone on with.

    ``words`` are further options. KeyboardInterrupt if it was stopped, RuntimeError if it failed.
    """
    options = f"--dataset mnist --layers 500 10 --epochs {EPOCHS} --seed {seed} --resume"
    status = train.main([*options.split(), *words, "--out", str(out)])
    if status >= 128:  # by a signal
        raise KeyboardInterrupt
    if status:
        raise RuntimeError(f"training {name} with seed {seed} did not end well")
    return RunFolder(out).metrics()


def draw(path, settings, ways, titles, label, legend=None):
    """``test_error.png`` from ``test_error.csv`` of a folder.

    Parameters
    ----------
    path : Path
    settings : (column, names)
        A panel for each name.
    ways : (column, names)
        A curve for each of two names; one that has no rows yet is left out.
    titles : sequence of str
        Of the panels.
    label, legend : str
        Of the axis of errors, and of the legend.
    """
    import matplotlib.pyplot as plt

    from analysis.drawing.writing import write  # which chooses a backend

    plt.style.use(ROOT / "analysis" / "drawing" / "style.mplstyle")
    rows = read_rows(path / "test_error.csv")
    (setting, panels), (way, curves) = settings, ways
    figure, axes = plt.subplots(1, len(panels), figsize=(9, 3.2), sharey=True)
    for ax, panel, title in zip(axes, panels, titles, strict=True):
        for name, marker, aside in zip(curves, ("o-", "s--"), (-0.06, 0.06), strict=True):
            of = [r for r in rows if r[setting] == panel and r[way] == name]
            if not of:
                continue
            errors = np.array([float(r["test_error"]) for r in of]).reshape(-1, EPOCHS)
            mean = errors.mean(axis=0)
            spread = [mean - errors.min(axis=0), errors.max(axis=0) - mean]
            epochs = np.arange(1, EPOCHS + 1) + aside
            ax.errorbar(epochs, mean, spread, fmt=marker, label=name, capsize=2)
        ax.set(title=title, xlabel="epochs", xticks=range(1, EPOCHS + 1))
    axes[0].set(ylabel=f"test error (%), mean and\n{label}", ylim=(0, None))
    axes[0].legend(loc="lower left", title=legend)
    write(figure, path / "test_error.png")
