"""What does one hidden cell feel, and what do its two plateau potentials tell it?

    python -m analysis.voltages RUN [--neuron N] [--population NAME] [--images N]

Basal, somatic and apical potential of a cell over the recorded test images, further variables if
they were recorded (``--record-variables``), and the plateau potentials at the end of each phase:
their difference is what the cell learns from.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.figure import Phases, command, headline, layers, read
from experiments.run.folder import RunError

POTENTIALS = {"V_b": ("basal", "b", "C0"), "V": ("soma", "", "C6"), "V_a": ("apical", "a", "C2")}


def plot_potential(t, V, ax, color="C6", rest=None):
    """A potential above or below rest; returns the axes.

    Parameters
    ----------
    t : ndarray, shape (steps,)
        Time, ms.
    V : ndarray, shape (steps,)
        Potential, mV.
    ax : Axes
    color : color
    rest : float or None
        Its value at rest, mV; None: not known, and not drawn.
    """
    if rest is not None:
        ax.axhline(rest, color="0.5", linewidth=0.7, linestyle=":")
    ax.plot(t, V, color=color)
    return ax


def plot_plateaus(forward, target, alpha_f, alpha_t, ax, color="C1"):
    """Plateau potentials with their values, those of one image joined; returns the axes.

    Parameters
    ----------
    forward, target : ndarray, shape (images,)
        End of the forward and of the target phases, ms.
    alpha_f, alpha_t : ndarray, shape (images,)
        Plateau potential of each, from 0 to 1.
    ax : Axes
    color : color
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


def choose(recorded, alpha_f, alpha_t, wanted=None):
    """A recorded neuron: the wanted one, or that with the largest ``|alpha_t - alpha_f|``.

    Parameters
    ----------
    recorded : ndarray of int, shape (recorded,)
        Neurons whose potentials were recorded.
    alpha_f, alpha_t : ndarray, shape (images, neurons)
        Plateau potentials of the whole population.
    wanted : int or None
    """
    if wanted is None:
        return int(recorded[np.abs(alpha_t - alpha_f).max(axis=0)[recorded].argmax()])
    if wanted not in recorded:
        listed = ", ".join(map(str, recorded))
        raise RunError(
            f"--neuron: the potentials of {wanted} were not recorded, those of {listed} were"
        )
    return wanted


def load(run, neuron, population, images):
    """What is drawn of a cell.

    Returns
    -------
    phases : Phases
    neuron : int
    potentials, variables : dict
        Name -> (t, V, rest), and name -> (t, values, unit); rest is None where it is not known.
    alpha : list of ndarray
        alpha_f and alpha_t of each image.
    """
    with run.records() as file:
        phases = Phases.read(file, images)
        shown = phases.image[-1] + 1
        t = read(file, f"voltages/{population}/t")
        traces = {name: read(file, f"voltages/{population}/{name}") for name in POTENTIALS}
        rest = {k: file[f"voltages/{population}/{k}"].attrs.get("rest") for k in POTENTIALS}
        recorded = file[f"voltages/{population}"].attrs["neurons"]
        alpha = [read(file, f"plateaus/{population}/alpha_{k}")[:shown] for k in "ft"]
        own = file.get(f"variables/{population}", {})
        variables = {k: (own[k][()], own[k].attrs["units"]) for k in own if k != "t"}
    if not traces["V"].size:
        raise RunError(f"{run.path} holds no cell's potentials: name some with --record-neurons")
    neuron = choose(recorded, *alpha, neuron)
    column = int(np.flatnonzero(recorded == neuron)[0])
    within = t < phases.end[-1]
    potentials = {k: (t[within], V[within, column], rest[k]) for k, V in traces.items()}
    variables = {k: (t[within], v[within, column], unit) for k, (v, unit) in variables.items()}
    return phases, neuron, potentials, variables, [values[:, neuron] for values in alpha]


def draw(run, neuron=None, population="hidden_0", images=2):
    """Potentials and plateau potentials of one hidden cell over the recorded images."""
    if len(layers(run)) < 2:
        raise RunError(f"{run.path} is a network without hidden layers: no cell has a plateau")
    hidden = [f"hidden_{m}" for m in range(len(layers(run)) - 1)]
    if population not in hidden:
        raise RunError(f"--population: {' or '.join(hidden)}, not {population!r}")
    phases, neuron, potentials, variables, alpha = load(run, neuron, population, images)
    layer = population.removeprefix("hidden_")
    heights = (3, 3, 3, *[2] * len(variables), 2)
    size = 1.1 + 2.8 * (phases.image[-1] + 1), 0.9 + 0.46 * sum(heights)
    figure, axes = plt.subplots(len(heights), 1, sharex=True, figsize=size, height_ratios=heights)
    axes[1].sharey(axes[0])  # so that the soma is seen to follow the basal dendrite, attenuated
    phases.shade(axes)
    phases.write_names(axes[0])
    for ax, (name, (part, letter, color)) in zip(axes, POTENTIALS.items(), strict=False):
        t, V, rest = potentials[name]
        plot_potential(t, V, ax, color, rest)
        ax.set_ylabel(f"{part}\n$V^{{{layer}{letter}}}$ (mV)")
    for ax, (name, (t, values, unit)) in zip(axes[3:], variables.items(), strict=False):
        ax.plot(t, values, color="C3")
        ax.set_ylabel(f"{name}\n({unit})" if unit != "1" else name)
    ends = [phases.end[phases.name == phase] for phase in ("forward", "target")]
    plot_plateaus(*ends, *alpha, axes[-1])
    axes[-1].set(xlabel="time (ms)", ylabel="plateau\npotential")
    figure.align_ylabels(axes)
    figure.suptitle(f"{headline(run)}: {population.replace('_', ' ')}, cell {neuron}")
    return figure


def main(arguments=None):
    """Run from the command line; returns the exit status."""
    return command(
        "voltages",
        draw,
        arguments,
        neuron={"type": int, "metavar": "N", "help": "default: largest difference of plateaus"},
        population={"default": "hidden_0", "metavar": "NAME", "help": "default: hidden_0"},
        images={"type": int, "default": 2, "metavar": "N", "help": "images to draw (default: 2)"},
    )


if __name__ == "__main__":
    sys.exit(main())
