"""How figures and texts become files: in one style, and whole or not at all."""

import os
from pathlib import Path

import matplotlib

from experiments.run.folder import RunError, RunFolder

matplotlib.use("Agg")  # files only: no window, so it works where there is no screen

import matplotlib.pyplot as plt  # noqa: E402  (after the choice of backend)

STYLE = Path(__file__).with_name("style.mplstyle")


def save(make, path, write):
    """Make a figure or a text in the common style, write it, and say where."""
    if not path.name:
        raise RunError(f"--out: {path} is a folder, not a file")
    with plt.style.context(STYLE):
        write(make(), path)
    print(path)


def write(figure, path):
    """Write a figure beside its place and rename it, so that a broken one is never left there."""
    kind = path.suffix[1:].lower() or "png"
    part = path.with_name(f"{path.name}.part")
    try:
        if kind not in figure.canvas.get_supported_filetypes():
            raise RunError(f"{path}: cannot write a figure as .{kind}; use .png, .pdf or .svg")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(part, format=kind)
        os.replace(part, path)
    finally:
        plt.close(figure)
        part.unlink(missing_ok=True)


def write_text(text, path):
    """Write text beside its place and rename it."""
    RunFolder(path.parent).write_text(path.name, text)
