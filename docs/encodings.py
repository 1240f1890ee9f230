"""Draw one picture as input cells are told of it, for docs/data.md.

    .venv/bin/python docs/encodings.py

The picture is scikit-learn's flower.jpg (by vultilion, CC BY 2.0), its middle made 32 x 32 pixels.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.drawing.writing import save, write  # noqa: E402
from experiments.run.encodings import encode  # noqa: E402

OUT = Path(__file__).with_name("encodings.png")
SIDE, COLOURS = 32, 3
OPPONENT = ("lightness: on", "off", "red over green", "green over red")
OPPONENT += ("yellow over blue", "blue over yellow")


def picture():
    """The middle of the picture, ndarray of shape (rows, columns, 3) in [0, 1]."""
    whole = Image.fromarray(load_sample_image("flower.jpg"))
    side = min(whole.size)
    left, top = ((length - side) // 2 for length in whole.size)
    few = whole.crop((left, top, left + side, top + side)).resize(
        (SIDE, SIDE), Image.Resampling.BOX
    )
    return np.asarray(few) / 255


def draw():
    """The four encodings in three rows; bright: the input cell fires fast."""
    shown = picture()
    pixels = np.moveaxis(shown, 2, 0).reshape(1, -1).astype(np.float32)
    parts = {
        name: encode(name, pixels, COLOURS).reshape(-1, SIDE, SIDE)
        for name in ("rgb", "grey", "on-off", "colour-opponent")
    }
    rows = (
        ("the picture", [shown, *parts["rgb"]], ("", "rgb: red", "green", "blue")),
        ("", [*parts["grey"], *parts["on-off"]], ("grey", "on-off: on", "off")),
        ("", [*parts["colour-opponent"]], OPPONENT),
    )
    figure, axes = plt.subplots(3, 6, figsize=(6.7, 3.9))
    for ax in axes.flat:
        ax.set_axis_off()
    for line, (first, images, titles) in zip(axes, rows, strict=True):
        for ax, image, title in zip(line, images, titles, strict=False):
            ax.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="none")
            ax.set_title(title or first, fontsize=7)
    axes[2, 0].text(
        -0.15, 0.5, "colour-opponent", rotation=90, transform=axes[2, 0].transAxes, va="center",
        ha="right", fontsize=7,
    )  # fmt: skip
    bar = figure.colorbar(axes[1, 0].images[0], ax=axes, shrink=0.6, aspect=25)
    bar.set_label("rate, of the highest")
    return figure


if __name__ == "__main__":
    save(draw, OUT, write)
