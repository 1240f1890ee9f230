"""What the figures of trained conditions share: curves, repeated tests, and several seeds."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from analysis.learning_curve import logarithmic

MARKERS = "osD^vP*X<>"


def plot_curves(curves, labels, ax):
    """Test error after each epoch, one line for each condition and seed; returns the axes.

    A condition has the colour of its place in ``labels``, here and in ``plot_tests``.

    Parameters
    ----------
    curves : dict
        Condition -> list of (epochs, errors), one for each seed, the longest first; per cent.
    labels : dict
        Condition -> text.
    ax : Axes
    """
    for name, lines in curves.items():
        k = list(labels).index(name)
        colour = f"C{k}"
        for seed, (epochs, errors) in enumerate(lines):
            style = {"linewidth": 1.4} if seed == 0 else {"linewidth": 0.6, "alpha": 0.7}
            label = labels[name] if seed == 0 else None
            every = max(1, len(epochs) // 8)
            ax.plot(
                epochs,
                errors,
                color=colour,
                label=label,
                marker=MARKERS[k],
                markevery=every,
                **style,
            )
    logarithmic(ax, *(errors for lines in curves.values() for _, errors in lines))
    ax.set(xlabel="epochs", ylabel="test error (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def plot_tests(tests, labels, ax, paper=None):
    """Several tests for each condition: every test a dot, the mean a bar; returns the axes.

    Parameters
    ----------
    tests : dict
        Condition -> ndarray of test errors, per cent: of one network again and again, or of
        networks of several seeds.
    labels : dict
        Condition -> text.
    ax : Axes
    paper : dict, optional
        Condition -> the paper's test error, drawn as a diamond.
    """
    for k, (name, errors) in enumerate(tests.items()):
        spread = np.linspace(-0.25, 0.25, len(errors)) if len(errors) > 1 else [0]
        colour = f"C{list(labels).index(name)}"
        ax.plot(spread + np.float64(k), errors, ".", color=colour, markersize=3, alpha=0.7)
        ax.hlines(errors.mean(), k - 0.35, k + 0.35, color=colour, linewidth=2)
        low = errors.min()
        ax.annotate(
            f"{errors.mean():.2f}", (k, low), (0, -0.5), textcoords="offset fontsize",
            ha="center", va="top", color=colour, weight="bold",
        )  # fmt: skip
        if paper and paper.get(name):
            own = (
                "paper, 60 epochs"
                if k == min(i for i, n in enumerate(tests) if paper.get(n))
                else None
            )
            ax.plot(k, paper[name], "D", mfc="none", mec="0.2", markersize=5, label=own)
    ax.set_xticks(range(len(tests)), [labels[name] for name in tests])
    ax.tick_params(axis="x", rotation=25)
    plt.setp(ax.get_xticklabels(), ha="right", rotation_mode="anchor")
    ax.set(ylabel="test error (%)", xlim=(-0.6, len(tests) - 0.4))
    ax.margins(y=0.15)
    return ax


def read(results, names):
    """Curves and last tests of the conditions that are there, as the plot functions take them."""
    curve, found = results.table("curves"), {}
    for name in names:
        lines = []
        for seed in np.unique(curve["seed"][curve["condition"] == name]):
            mine = (curve["condition"] == name) & (curve["seed"] == seed)
            order = np.argsort(curve["epoch"][mine])
            lines.append((curve["epoch"][mine][order], curve["test_error"][mine][order]))
        if lines:
            found[name] = sorted(lines, key=lambda line: -len(line[0]))
    tests = {}
    if results.has("tests"):
        table = results.table("tests")
        for name in found:
            mine = table["condition"] == name
            if mine.any():
                last = table["epochs"][mine].max()
                tests[name] = table["test_error"][mine & (table["epochs"] == last)]
    return found, tests


def of_seeds(curves):
    """Test errors of several seeds after as many epochs: those of the shortest curve.

    Parameters
    ----------
    curves : dict
        As for ``plot_curves``.

    Returns
    -------
    epochs : int or None
        None: no condition has several seeds.
    tests : dict
        Condition -> ndarray of test errors, per cent, of conditions with several seeds.
    """
    several = {name: lines for name, lines in curves.items() if len(lines) > 1}
    if not several:
        return None, {}
    last = min(int(epochs[-1]) for lines in several.values() for epochs, _ in lines)
    return last, {
        name: np.array([float(errors[epochs == last][0]) for epochs, errors in lines])
        for name, lines in several.items()
    }


def paper(results):
    """Condition -> the paper's test error (per cent), where it gives one."""
    table = results.table("headline")
    mine = table["measure"] == "test_error"
    found = zip(table["condition"][mine], table["paper"][mine], strict=True)
    return {name: float(value) for name, value in found if value and np.isfinite(float(value))}


def draw(results, labels, title):
    """Curves, repeated tests of one network, and networks of several seeds, as far as there."""
    curves, tests = read(results, labels)
    epochs, seeds = of_seeds(curves)
    panels = 1 + bool(tests) + bool(seeds)
    size, widths = (3 + 2.6 * (panels - 1) + 1.6, 4.0), (3, *[2] * (panels - 1))
    figure, axes = plt.subplots(1, panels, figsize=size, width_ratios=widths, squeeze=False)
    left, *others = axes[0]
    plot_curves(curves, labels, left)
    figure.legend(fontsize="small", loc="outside lower left", ncols=3)
    if tests:
        right = others.pop(0)
        theirs = paper(results)
        plot_tests(tests, labels, right, theirs)
        times = max(len(errors) for errors in tests.values())
        right.set_title(f"one network, tested {times} times", fontsize="medium")
        if any(name in theirs for name in tests):
            right.legend(fontsize="small")
    if seeds:
        plot_tests(seeds, labels, others[0])
        count, plural = max(map(len, seeds.values())), "s" * (epochs > 1)
        others[0].set_title(f"{count} seeds, after {epochs} epoch{plural}", fontsize="medium")
    figure.suptitle(title)
    return figure
