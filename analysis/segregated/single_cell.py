"""What one soma feels of its basal and its apical dendrite (P Fig 3C, 9A).

    python -m analysis single_cell

Left: the same input spikes (strokes) to three cells that differ in the apical conductance alone.
Bars are the apical means that plateau potentials are made of; strokes over a soma are its spikes.
Right: the soma's response to a steady step of 1 mV in one dendrite, and how far it gets, beside the
closed forms k_b = g_b/(g_l + g_b + g_a) and k_a = g_a/(g_l + g_b + g_a).
"""

import matplotlib.pyplot as plt
import numpy as np

from analysis.drawing.phases import shade, write_above

LABELS = {"g_a_0": "$g_a$ = 0", "g_a_0.05": "$g_a$ = 0.05 /ms", "g_a_0.6": "$g_a$ = 0.6 /ms"}
COLORS = {"basal": "C0", "apical": "C2"}


def plot_spikes(t, row, ax, color="C6", top=1.0, height=0.2, label=None):
    """A stroke for each input spike, in a band at the top of the axes; returns the axes.

    t (ms) and row (of its synapse) have shape (spikes,); ``top`` and ``height`` of the band are
    shares of the axes; ``label`` is written beside it.
    """
    rows = int(row.max(initial=0)) + 1
    y = top - height * (row + 0.5) / rows
    half = 0.5 * height / rows
    ax.vlines(t, y - half, y + half, color=color, linewidth=1.2, transform=ax.get_xaxis_transform())
    if label:
        beside = {"transform": ax.transAxes, "color": color, "fontsize": "small"}
        ax.text(1.01, top - height / 2, label, va="center", **beside)
    return ax


def plot_means(start, end, V_a_bar, alpha, ax):
    """Apical means over their windows, with the plateau potentials they lead to; returns the axes.

    Windows (ms), means (mV) and plateaus (0 to 1) have shape (phases,).
    """
    ax.hlines(V_a_bar, start, end, color="C1", linewidth=2.5)
    for name, left, mean, value in zip("ft", start, V_a_bar, alpha, strict=True):
        ax.annotate(
            f"$\\alpha^{name}$ = {value:.2f}", (left, mean), (-0.3, 0.15), ha="right",
            textcoords="offset fontsize", color="C1",
        )  # fmt: skip
    return ax


def plot_soma(t, V, V_b, spike, gain, ax):
    """Somatic potential and spikes over what the basal potential alone leads to; returns the axes.

    t (ms), V, V_b (mV) and ``spike`` (1 where it fired) have shape (steps,); ``gain`` is k_b.
    """
    ax.plot(t, gain * V_b, color=COLORS["basal"], linewidth=1, label="$k_b V^b$")
    ax.plot(t, V, color="C6", label="soma $V$")
    row = np.zeros(int(spike.sum()), dtype=int)
    return plot_spikes(t[spike > 0], row, ax, height=0.1, label="spikes")


def plot_steps(t, basal, apical, ax, style="-"):
    """Response of the soma (mV per mV) to a step, by ms since it; returns the axes."""
    for name, V, width in (("basal", basal, 2.4), ("apical", apical, 1.2)):  # either may hide
        ax.plot(np.append(0, t), np.append(0, V), style, color=COLORS[name], linewidth=width)
    return ax


def plot_gains(measured, closed, labels, ax):
    """Measured gains as bars, closed forms as diamonds; returns the axes.

    Both: "basal" and "apical" -> ndarray, shape (conditions,), mV per mV.
    """
    place = np.arange(len(labels))
    for shift, (name, gains) in zip((-0.2, 0.2), measured.items(), strict=True):
        ax.bar(place + shift, gains, 0.36, color=COLORS[name], label=name)
        for x, gain in zip(place + shift, gains, strict=True):
            ax.annotate(
                f"{gain:.2f}", (x, gain), (0, 0.5), ha="center", va="bottom",
                textcoords="offset fontsize", fontsize="small",
            )  # fmt: skip
    x = np.concatenate([place - 0.2, place + 0.2])
    y = np.concatenate(list(closed.values()))
    ax.plot(x, y, "D", mfc="white", mec="0.1", clip_on=False, label="closed form")
    ax.set_xticks(place, labels)
    return ax


def draw(results):
    """Traces of one cell at three apical conductances, and its gains."""
    traces, measures = results.table("traces"), results.table("measures")
    names = list(measures["condition"])
    figure = plt.figure(figsize=(7.6, 6))
    left, right = figure.subfigures(1, 2, width_ratios=(3, 2))
    axes = left.subplots(2 + len(names), 1, sharex=True, height_ratios=(5, 5, *(4 for _ in names)))
    mine = {name: traces.where(condition=name) for name in names}
    plateaus = results.table("plateaus").where(condition=names[0])
    _draw_dendrites(mine[names[0]], results.table("input_spikes"), plateaus, axes)
    for ax, name, gain in zip(axes[2:], names, measures["k_b"], strict=True):
        plot_soma(*(mine[name][k] for k in ("t_ms", "V", "V_b", "spike")), gain, ax)
        ax.set(ylabel=f"soma (mV)\n{LABELS.get(name, name)}")
        ax.sharey(axes[2])
    axes[2].legend(loc="lower right", ncols=2, borderaxespad=0)
    axes[2].set_ylim(top=traces["V"].max() + 1.5)
    axes[-1].set(xlabel="time (ms)")
    _draw_phases(plateaus, axes)
    left.align_ylabels(axes)
    upper, lower = right.subplots(2, 1)
    _draw_steps(results.table("steps"), names, upper)
    _draw_gains(measures, names, lower)
    return figure


def _draw_dendrites(traces, spikes, plateaus, axes):
    for ax, (dendrite, letter) in zip(axes, (("basal", "b"), ("apical", "a")), strict=False):
        V, arrived = traces[f"V_{letter}"], spikes.where(dendrite=dendrite)
        ax.plot(traces["t_ms"], V, color=COLORS[dendrite])
        style = {"color": COLORS[dendrite], "height": 0.3, "label": "input\nspikes"}
        plot_spikes(arrived["t_ms"], arrived["synapse"], ax, **style)
        ax.set(ylabel=f"{dendrite}\n$V^{letter}$ (mV)")
        ax.set_ylim(V.min() - 0.7, V.min() + 1.5 * np.ptp(V) + 1)
    values = (plateaus[k] for k in ("start_ms", "end_ms", "V_a_bar", "alpha"))
    plot_means(*values, axes[1])


def _draw_phases(plateaus, axes):
    starts, ends = np.append(0, plateaus["end_ms"][:-1]), plateaus["end_ms"]
    shade(starts, ends, plateaus["phase"], axes)
    write_above(starts, ends, plateaus["phase"], axes[0], color="0.3")
    axes[0].set_xlim(0, ends[-1])


def _draw_steps(steps, names, ax):
    for name, style in zip(names, ("-", "--", ":"), strict=True):
        plot_steps(*list(steps.where(condition=name).values())[1:], ax, style)
        ax.plot([], [], style, color="0.3", label=LABELS.get(name, name))
    for name, width in (("basal", 2.4), ("apical", 1.2)):
        ax.plot([], [], color=COLORS[name], linewidth=width, label=f"step in the {name}")
    ax.set(xlabel="time since the step (ms)", ylabel="soma (mV)", xlim=0, ylim=-0.02)
    ax.set_title("after a step of 1 mV in one dendrite")
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.31), fontsize="small")


def _draw_gains(measures, names, ax):
    measured = {dendrite: measures[f"gain_{dendrite}"] for dendrite in COLORS}
    closed = {"basal": measures["k_b"], "apical": measures["k_a"]}
    labels = [LABELS.get(name, name).replace("= ", "=\n") for name in names]
    plot_gains(measured, closed, labels, ax)
    ax.set(ylabel="gain to the soma (mV/mV)", ylim=(0, 1.05))
    ax.legend(loc="upper right")
