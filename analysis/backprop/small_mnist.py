"""Error on few images, and the angle between random feedback and backpropagation (P Fig 2).

    python -m analysis small_mnist

Below the errors: the angle between what both would make of the same image's error (with its
derivative), and between the weights.
"""

from analysis.drawing import conditions

ANGLES = {"angle": ("-", "updates"), "angle_of_weights": ("--", "weights")}


def draw(results):
    """Errors of all conditions, and the angles of those with random feedback."""
    drawing = conditions.draw(results, more=2.4)
    part, shown = drawing.subfigs[-1], conditions.looks(results.page()["conditions"])
    table, ax = results.table("angles"), part.subplots()
    for name in dict.fromkeys(table["condition"]):
        look = shown[name]
        for column, (line, text) in ANGLES.items():
            means = conditions.over_seeds(table.where(condition=name), column)
            label = f"{look.text}: {text}"
            ax.plot(*means, line, color=look.color, marker=look.marker, label=label)
    ax.axhline(90, color="0.3", linewidth=0.6, linestyle=":")
    ax.set(xlabel="epochs", ylabel="angle to backpropagation (degrees)", ylim=(0, None))
    part.legend(fontsize="small", loc="outside right center")
    return drawing
