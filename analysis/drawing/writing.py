"""How figures and texts become files: in one style, and whole or not at all."""

from pathlib import Path

import matplotlib.pyplot as plt

from experiments.run import files
from experiments.run.folder import RunError

STYLE = Path(__file__).with_name("style.mplstyle")


def save(make, path, write, root=None):
    """Make a figure or a text in the common style, write it, and say where.

    ``root`` is a folder that the path must not lead out of; default: the folder that it is in.
    """
    if not path.name:
        raise RunError(f"--out: {path} is a folder, not a file")
    with plt.style.context(STYLE):
        write(make(), path, root)
    print(path)


def write(figure, path, root=None):
    """Write a figure, whole or not at all; ``root`` as in ``save``."""
    kind = path.suffix[1:].lower() or "png"
    try:
        if kind not in figure.canvas.get_supported_filetypes():
            raise RunError(f"{path}: cannot write a figure as .{kind}; use .png, .pdf or .svg")
        root = root or path.parent
        with files.replaced(root, path.relative_to(root)) as part:
            figure.savefig(part, format=kind)
    finally:
        plt.close(figure)


def write_text(text, path, root=None):
    """Write a text, whole or not at all; ``root`` as in ``save``."""
    root = root or path.parent
    files.write(root, path.relative_to(root), text.encode())
