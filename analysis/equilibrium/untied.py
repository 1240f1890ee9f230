"""Synapses of their own, up and down: test errors, and how unlike the two directions become.

python -m analysis untied
"""

from analysis.drawing import conditions


def draw(results):
    """Errors of all conditions, and the asymmetry of those that have one."""
    drawing = conditions.draw(results, more=2.4)
    part, shown = drawing.subfigs[-1], conditions.looks(results.page()["conditions"])
    table, ax = results.table("asymmetry"), part.subplots()
    for name in dict.fromkeys(table["condition"]):
        look = shown[name]
        means = conditions.over_seeds(table.where(condition=name), "asymmetry")
        style = {"color": look.color, "linestyle": look.line, "marker": look.marker}
        ax.plot(*means, **style, label=look.text)
    ax.set(xlabel="epochs", ylabel="$|W - V^\\mathrm{T}| / |W|$", ylim=(0, None))
    part.legend(fontsize="small", loc="outside right center")
    return drawing
