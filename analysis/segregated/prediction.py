"""When apical input comes within basal input sets the sign of plasticity (P Fig 10).

    python -m analysis prediction

Above, the protocol: a basal train of 100 ms, with an apical pulse early in it, none, or late; the
apical potential and the plateau potentials of each half (of mean rates); and the somatic EPSP of
one basal volley before and after the pairings. Below: change of the EPSP by the time of the pulse.
Dots are cells, and the line is what mean rates do in place of spikes.
"""

import matplotlib.pyplot as plt
import numpy as np

TITLES = {"early": "early apical pulse", "none": "no apical pulse", "late": "late apical pulse"}
COLORS = {"early": "C0", "none": "0.4", "late": "C1"}
BASAL, APICAL = "C5", "C2"


def plot_protocol(start, width, half, ax):
    """Basal train and apical pulse as bars over time; returns the axes.

    ``start`` of the pulse in ms after the train begins (nan: there is none), its width, and half
    the train, ms.
    """
    ax.barh(0, 2 * half, 0.7, color=BASAL)
    if np.isfinite(start):
        ax.barh(1, width, 0.7, left=start, color=APICAL)
    ax.set_yticks([0, 1], ["basal", "apical"])
    ax.set_ylim(-0.6, 1.6)
    return ax


def plot_apical(t, V_a, alpha_f, alpha_t, half, ax):
    """Apical potential (mV) by ms from the train's begin, and both plateaus; returns the axes."""
    ax.plot(t, V_a, color=APICAL)
    ax.axvline(half, color="0.5", linewidth=0.8, linestyle=":")
    for place, name, alpha in ((0.25, "f", alpha_f), (0.75, "t", alpha_t)):
        text = f"$\\alpha^{name}$ = {alpha:.2f}"
        ax.annotate(text, (place, 1), xycoords="axes fraction", ha="center", va="top")
    return ax


def plot_epsp(t, before, after, color, ax):
    """Mean EPSP (mV) by ms after the volley, before and after induction; returns the axes."""
    t = np.append(0, t)
    ax.plot(t, np.append(0, before), color="0.1", linewidth=1, linestyle="--", label="before")
    ax.plot(t, np.append(0, after), color=color, label="after")
    return ax


def plot_sweep(centre, cells, expected, ax):
    """Change of the EPSP (per cent) by the time of the apical pulse; returns the axes.

    ``centre``, shape (pulses,), is the middle of the pulse, ms after the basal train begins;
    ``cells``, shape (pulses, cells), are changes in each; ``expected``, shape (pulses,), with mean
    rates.
    """
    ax.axhline(0, color="0.5", linewidth=0.8)
    ax.plot(centre, expected, color="0.1", linewidth=1, label="with rates for spikes")
    places = np.repeat(centre + 1.1, cells.shape[1])
    ax.plot(places, cells.ravel(), ".", color="0.6", markersize=2.5, label="one cell")
    spread = cells.std(axis=1, ddof=1)
    style = {"color": "C3", "markersize": 4, "capsize": 2.5}
    label = f"mean and s.d. of {cells.shape[1]} cells"
    ax.errorbar(centre, cells.mean(axis=1), spread, fmt="o", label=label, **style)
    return ax


def draw(results):
    """Protocol, apical potential and EPSP of three conditions; change by the time of the pulse."""
    protocol, pairing = results.table("protocol"), results.table("pairing")
    epsp, sweep = results.table("epsp"), results.table("sweep")
    figure = plt.figure(figsize=(7.2, 7.4))
    upper, lower = figure.subfigures(2, 1, height_ratios=(6, 5))
    rows = upper.subplots(3, 3, sharey="row", height_ratios=(2, 4, 5))
    for column, name in zip(rows.T, TITLES, strict=True):
        about, mine, shown = (table.where(condition=name) for table in (protocol, pairing, epsp))
        start, width, half = (about[k][0] for k in ("pulse_ms", "width_ms", "half_ms"))
        plot_protocol(start, width, half, column[0])
        plateaus = mine["alpha_f"][0], mine["alpha_t"][0]
        plot_apical(mine["t_ms"], mine["V_a"], *plateaus, half, column[1])
        for ax in column[:2]:
            ax.set_xlim(-10, 2 * half)
        column[0].set_title(TITLES[name], weight="bold", color=COLORS[name])
        column[1].set(xlabel="time (ms)", ylim=(0, 1.35 * pairing["V_a"].max()))
        values = (shown[k] for k in ("t_ms", "before", "after"))
        plot_epsp(*values, COLORS[name], column[2])
        column[2].set(xlabel="time after the volley (ms)", xlim=0)
        column[2].legend()
        column[0].tick_params(labelbottom=False)
    for ax, label in zip(rows[1:, 0], ("$V^a$ (mV)", "EPSP (mV)"), strict=True):
        ax.set_ylabel(label)
    upper.align_ylabels(rows[:, 0])
    _draw_sweep(results, sweep, protocol, lower.subplots())
    return figure


def _draw_sweep(results, sweep, protocol, ax):
    cells = results.table("cells")
    changes = np.array([cells[k] for k in cells if k.startswith("cell_")]).T
    pulsed = np.isfinite(sweep["start_ms"])
    plot_sweep(sweep["centre_ms"][pulsed], changes[pulsed], sweep["expected"][pulsed], ax)
    none = changes[~pulsed].ravel()
    half = protocol["half_ms"][0]
    ax.axvline(half, color="0.5", linewidth=0.8, linestyle=":", label="the train's middle")
    right = 2 * half + 8
    ax.plot(np.full(len(none), right + 1.1), none, ".", color="0.6", markersize=2.5)
    ax.errorbar(right, none.mean(), none.std(ddof=1), fmt="s", color=COLORS["none"], capsize=2.5)
    ticks = np.arange(0, 2 * half + 1, 20)
    ax.set_xticks([*ticks, right], [*(f"{tick:g}" for tick in ticks), "none"])
    ax.set_xlim(0, right + 5)
    ax.margins(y=0.15)
    ax.set(xlabel="middle of the apical pulse (ms)", ylabel="change of the EPSP (%)")
    for place, name, sign in ((0.4, "LTD", "<"), (1.4, "LTP", ">")):
        text, above = f"{name}: $\\alpha^t {sign} \\alpha^f$", ax.get_xaxis_transform()
        ax.annotate(text, (half * place, 0.98), xycoords=above, ha="center", va="top")
    _mark_sign_change(results.table("headline"), ax)
    ax.legend(loc="lower right")


def _mark_sign_change(headline, ax):
    """Where the change is 0, on average over cells, if it is anywhere."""
    mine = headline.where(measure="sign_change_ms")
    if not np.isfinite(mine["value"][:1]).any():
        return
    where, spread = mine["value"][0], mine["spread"][0]
    label = f"no change: {where:.1f} ± {spread:.1f} ms"
    ax.plot(where, 0, "D", mfc="white", mec="0.1", markersize=7, zorder=5, label=label)
    ax.annotate(f"{where:.1f} ms", (where, 0), (-1, 0.7), textcoords="offset fontsize", ha="right")
