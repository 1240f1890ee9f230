"""What does one cell feel, and what do its plateau potentials tell it?

    python -m analysis.voltages RUN [--neuron N] [--population NAME] [--images N]

Potentials of a cell over the recorded test images, further variables if they were recorded
(``--record-variables``), and, of a cell that has them, the plateau potentials at the end of each
phase: their difference is what it learns from.
"""

import sys
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.axes import labelled, plain
from analysis.drawing.figure import command
from analysis.drawing.phases import Phases
from analysis.reading import LARGEST, check, in_order, of_page, per_image, read, traces, when
from experiments.run.folder import RunError

# Potentials in the order of their panels: what each is of, its letter, its colour.
PARTS = {"V_b": ("basal", "b", "C0"), "V": ("soma", "", "C6"), "V_a": ("apical", "a", "C2")}
KINDS = ("voltages", "potentials")  # of records: what theories call them
PLATEAUS = ("alpha_f", "alpha_t")  # at the end of an image's first phase, and of its second


class Trace(NamedTuple):
    """A variable of one cell in each step."""

    t: np.ndarray  # ms
    values: np.ndarray
    unit: str
    rest: float | None  # None: not known


def plot_potential(t, V, ax, color="C6", rest=None):
    """A potential (mV), shape (steps,), above or below rest, t in ms; returns the axes.

    ``rest`` is its value at rest, mV; None: not known, and not drawn.
    """
    if rest is not None:
        ax.axhline(rest, color="0.5", linewidth=0.7, linestyle=":")
    ax.plot(t, V, color=color)
    return ax


def plot_plateaus(forward, target, alpha_f, alpha_t, ax, color="C1"):
    """Plateau potentials with their values, those of one image joined; returns the axes.

    Ends of the forward and of the target phases (ms), and the plateau potential of each (0 to 1),
    all of shape (images,).
    """
    style = {"color": color, "clip_on": False}
    ax.plot([forward, target], [alpha_f, alpha_t], color=color, alpha=0.5, linewidth=1)
    ax.plot(forward, alpha_f, "o", **style)
    ax.plot(target, alpha_t, "s", **style)
    text = {"textcoords": "offset fontsize", "ha": "right", "color": color}
    for t_f, t_t, a_f, a_t in zip(forward, target, alpha_f, alpha_t, strict=True):
        ax.annotate(f"$\\alpha^f$ = {a_f:.3f}", (t_f, a_f), (-0.6, 0), va="center", **text)
        side, va = (0.3, "bottom") if a_t > a_f else (-0.3, "top")  # clear of the line
        ax.annotate(f"$\\alpha^t$ = {a_t:.3f}", (t_t, a_t), (-0.4, side), va=va, **text)
    ax.margins(y=0.4)
    return ax


def choose(recorded, alpha=None, wanted=None):
    """A recorded neuron: the wanted one, or that whose plateaus differ most, or the first.

    ``recorded`` has those whose potentials were recorded, ``alpha`` both plateau potentials of the
    whole population, of shape (images, neurons) each. RunError if the wanted one was not recorded.
    """
    if wanted is None:
        differ = np.abs(alpha[1] - alpha[0]).max(axis=0)[recorded] if alpha else [0]
        return int(recorded[np.argmax(differ)])
    if wanted not in recorded:
        listed = ", ".join(map(str, recorded))
        raise RunError(
            f"--neuron: the potentials of {wanted} were not recorded, those of {listed} were"
        )
    return wanted


def populations(run):
    """Those to be drawn, from input to output: that have plateaus, or else all with potentials."""
    with run.records() as file:
        if kind(file) not in file:
            read(file, kind(file))  # says how to record them
        found = in_order(run, file[kind(file)])
        if not found:
            raise RunError(f"{run.path} holds no potentials: record them with --record voltages")
        return [name for name in found if _plateaus(file, name)] or found


def kind(file):
    """What potentials are called in a file of records."""
    return next((name for name in KINDS if name in file), KINDS[0])


def load(run, neuron, population, images):
    """What is drawn of a cell: phases, neuron, potentials and variables (name -> Trace), plateaus.

    Plateaus, if there are any, are two arrays of shape (images,).
    """
    with run.records() as file:
        phases, held = Phases.read(file, images).cut(), kind(file)
        shown = phases.image[-1] + 1
        if population not in file[held]:
            there = " or ".join(in_order(run, file[held]))
            raise RunError(f"--population: {there}, not {population!r}")
        recorded = file[f"{held}/{population}"].attrs.get("neurons", ())
        if not len(recorded):
            raise RunError(
                f"{run.path} holds no cell's potentials: name some with --record-neurons"
            )
        alpha, group = _plateaus(file, population), f"plateaus/{population}"
        if alpha:
            found = per_image(file, group, alpha, len(file["labels"]))
            alpha = [found[name] for name in alpha]
            two = len(phases.names) > 1 and all(v.ndim == 2 for v in alpha)
            check(two and recorded[-1] < alpha[0].shape[1], file, group)
        neuron = choose(recorded, [values[:shown] for values in alpha], neuron)
        column = int(np.flatnonzero(recorded == neuron)[0])
        traces = [
            _traces(file, f"{name}/{population}", column, phases.end[-1])
            for name in (held, "variables")
        ]
    return phases, neuron, *traces, [values[:shown, neuron] for values in alpha]


def _plateaus(file, population):
    """Names of the plateaus that a population has: both, or none."""
    found = file.get(f"plateaus/{population}", {})
    return PLATEAUS if all(name in found for name in PLATEAUS) else ()


def _traces(file, group, column, end):
    """Name -> Trace of one cell until ``end`` (ms), known potentials first."""
    if group not in file:
        return {}
    found = file[group]
    names = [name for name in PARTS if name in found]
    names += [name for name in found if name not in (*PARTS, "t")]
    t, cells, found = traces(file, group, names, np.inf)
    check(column < len(cells), file, group)
    within, cell = t < end, {}
    for name, values in found.items():
        about, shown = file[f"{group}/{name}"].attrs, values[within, column].astype(float)
        check(not (np.abs(shown[np.isfinite(shown)]) > LARGEST).any(), file, f"{group}/{name}")
        cell[name] = Trace(t[within], shown, about["units"], about.get("rest"))
    return cell


def draw(run, neuron=None, population=None, images=2):
    """Potentials and plateau potentials of one cell over the recorded images."""
    first, *_ = populations(run)
    population = population or first
    phases, neuron, potentials, variables, alpha = load(run, neuron, population, images)
    heights = (*[3] * len(potentials), *[2] * len(variables), *[2] * bool(alpha))
    size = 1.1 + 2.8 * phases.columns, 0.9 + 0.46 * sum(heights)
    figure, axes = plt.subplots(
        len(heights), 1, sharex=True, figsize=size, height_ratios=heights, squeeze=False
    )
    axes = axes[:, 0]
    if list(potentials)[:2] == list(PARTS)[:2]:
        axes[1].sharey(axes[0])  # so that the soma is seen to follow the basal dendrite, attenuated
    phases.shade(axes)
    phases.write_names(axes[0], labels=not of_page(run))
    panels = [*potentials.items(), *variables.items()]
    for place, (ax, (name, (t, values, unit, rest))) in enumerate(zip(axes, panels, strict=False)):
        known = name in PARTS and place < len(potentials)
        part, letter, color = PARTS[name] if known else (None, None, "C3")
        plot_potential(t, values, ax, color, rest)
        layer = population.removeprefix("hidden_").replace("_", r"\_")
        text = f"{part}\n$V^{{{layer}{letter}}}$" if known else name
        ax.set_ylabel(labelled(text, unit))
    if alpha:
        ends = [phases.end[phases.name == phase] for phase in phases.names[:2]]
        plot_plateaus(*ends, *alpha, axes[-1])
        axes[-1].set_ylabel("plateau\npotential")
    axes[-1].set_xlabel("time (ms)")
    figure.align_ylabels(axes)
    figure.suptitle(f"{plain(when(run))}: {population.replace('_', ' ')}, cell {neuron}")
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    neuron = {"type": int, "metavar": "N", "help": "default: largest difference of plateaus"}
    population = {"metavar": "NAME", "help": "default: the first that has plateaus"}
    images = {"type": int, "default": 2, "metavar": "N", "help": "images to draw (default: 2)"}
    options = {"neuron": neuron, "population": population, "images": images}
    return command("voltages", draw, arguments, **options)


if __name__ == "__main__":
    sys.exit(main())
