"""Test error when each cell has its plateaus at its own times (P Fig 6-S1).

    python -m analysis asynchronous

Below: when 100 hidden cells have their plateaus while two training images are shown, up to 5 ms
before each phase ends.
"""

from analysis.drawing import conditions
from analysis.drawing.phases import shade, write_above

PHASES = {"forward": ("C0", "o"), "target": ("C1", "^")}  # colour, marker


def draw(results):
    """Test error over training, and after it, with plateaus together or apart; their times."""
    there = results.has("plateaus")
    drawing = conditions.draw(results, more=2.7 * there)
    if there:
        part = drawing.subfigs[-1]
        ax = part.subplots()
        times, phases = results.table("plateaus"), results.table("plateau_phases")
        for phase, (color, marker) in PHASES.items():
            style = {"color": color, "markersize": 1.8, "clip_on": False}
            label = f"{phase} plateau of a cell"
            ax.plot(times[f"{phase}_ms"], times["cell"], marker, **style, label=label)
        _shade(phases, ax)
        ax.set(xlabel="time (ms)", ylabel="hidden cell", xlim=(0, phases["end_ms"].max()))
        part.suptitle("each cell at its own time: plateaus in two training images", fontsize=9)
        part.legend(loc="outside lower center", ncols=2, fontsize="small", markerscale=2)
    return drawing


def _shade(phases, ax):
    """Phases as shades, with their names and the images' above."""
    starts, ends, names, labels = (phases[k] for k in ("start_ms", "end_ms", "phase", "label"))
    shade(starts, ends, names, [ax])
    named = zip(names, labels, strict=True)
    texts = [f"{name}, '{label:.0f}'" if name == "forward" else name for name, label in named]
    write_above(starts, ends, texts, ax, 0.3, color="0.3")
