"""What figures of the interneurons have in common: looks of classes, plateaus and volleys."""

KEPT, TAUGHT = "#56B4E9", "#E69F00"  # plateaus without and with acetylcholine
CLASSES = {  # class -> colour, line
    "E": ("k", "-"),
    "PV": ("#0072B2", "--"),
    "SST": ("#D55E00", "-"),
    "VIP": ("#009E73", "-."),
}
GREYS = ("0.92", "0.82")  # of the volleys


def shade(volleys, axes):
    """Shade volleys (table: name, begin, end in ms) behind some axes, and name them above."""
    rows = list(zip(*(volleys[key] for key in ("name", "begin", "end")), strict=True))
    for ax in axes:
        for (_, begin, end), grey in zip(rows, GREYS, strict=True):
            ax.axvspan(begin, end, color=grey, linewidth=0, zorder=-2)
    top = axes[0]
    for name, begin, end in rows:
        style = {"ha": "center", "va": "bottom", "fontsize": "small"}
        place = ((begin + end) / 2, 1.02)
        top.text(*place, f"VIP: {name}", transform=top.get_xaxis_transform(), **style)
