"""The phases of some images, as shades and names behind a time axis."""

from typing import NamedTuple

import numpy as np

from analysis.reading import check, read
from experiments.run.folder import RunError
from experiments.run.records import MANY

LONGEST = 2000.0  # ms of one image that are drawn
SHADES = (("C5", 0.12), ("C4", 0.25), ("C2", 0.2), ("C3", 0.2))  # colour, opacity: by their order


def shades(names):
    """Name of a phase -> its colour and opacity; names in the order of their phases."""
    order = dict.fromkeys(map(str, names))
    return {name: SHADES[place % len(SHADES)] for place, name in enumerate(order)}


def shade(starts, ends, names, axes):
    """A shade for each phase from start to end (ms), behind what is in each of the axes."""
    looks = shades(names)
    for ax in axes:
        for start, end, name in zip(starts, ends, names, strict=True):
            color, alpha = looks[name]
            ax.axvspan(start, end, color=color, alpha=alpha, linewidth=0, zorder=0)


def write_above(starts, ends, texts, ax, height=0.4, **style):
    """A text above the axes for each phase from start to end (ms); ``height`` in font sizes."""
    style |= {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset fontsize"}
    for start, end, text in zip(starts, ends, texts, strict=True):
        ax.annotate(text, ((start + end) / 2, 1), (0, height), ha="center", **style)


class Phases(NamedTuple):
    """The phases of some images; each field is an ndarray of shape (phases,)."""

    start: np.ndarray  # ms
    end: np.ndarray  # ms
    name: np.ndarray  # such as "forward"
    image: np.ndarray  # counted from 0
    label: np.ndarray  # class of the image

    @classmethod
    def of(cls, rows, labels):
        """From (start ms, end ms, name) of all phases in turn, and the class of each image."""
        start, end, name = map(np.array, zip(*rows, strict=True))
        image = np.repeat(np.arange(len(labels)), len(rows) // len(labels))
        return cls(start, end, name, image, np.asarray(labels)[image])

    @classmethod
    def read(cls, file, images):
        """The phases of the first ``images`` recorded images."""
        if images < 1:
            raise RunError(f"--images: at least 1, not {images}")
        if "phases" not in file or "labels" not in file:
            raise RunError(f"{file.filename} holds no records of a run")
        start, end, name, image = (read(file, f"phases/{k}") for k in cls._fields[:4])
        labels, classes = read(file, "labels"), int(file.attrs.get("classes", 0))
        if not len(start):
            raise RunError(f"{file.filename} holds no image: name some with --record-images")
        flat = all(x.ndim == 1 and len(x) == len(start) for x in (start, end, name, image))
        check(flat and image.dtype.kind in "iu", file, "phases")
        whole = labels.ndim == 1 and len(labels) > 0 and labels.dtype.kind in "iu"
        check(whole and 0 <= labels.min() and labels.max() < classes, file, "labels")
        name = np.array([text.decode() for text in name])
        check(image.min() >= 0 and image.max() < len(labels), file, "phases")
        found = cls(start, end, name, image, labels[image])
        check(found._whole(len(labels)), file, "phases")
        return cls(*(values[image < images] for values in found))

    def _whole(self, images):
        """Whether each image has the same phases in turn, without a gap."""
        count = len(self.names)
        return (
            count <= MANY
            and np.array_equal(self.name, np.tile(self.names, images))
            and np.array_equal(self.image, np.repeat(np.arange(images), count))
            and self.start[0] == 0
            and (self.start[1:] == self.end[:-1]).all()
            and (self.end > self.start).all()
            and np.isfinite(self.end[-1])
        )

    def cut(self, longest=LONGEST):
        """These, or the beginning of the first image, where that is longer than so many ms."""
        if self.end[self.image == 0][-1] <= longest:
            return self
        there = self.start < longest
        found = type(self)(*(values[there] for values in self))
        return found._replace(end=np.minimum(found.end, longest))

    @property
    def columns(self):
        """How wide a figure of them is to be: images, or two where one is long."""
        return max(int(self.image[-1]) + 1, 2 if self.end[-1] >= LONGEST else 1)

    @property
    def names(self):
        """The different phases, in their order."""
        return list(dict.fromkeys(self.name.tolist()))

    def onsets(self):
        """Start of each image, ms."""
        return self.start[np.diff(self.image, prepend=-1) != 0]

    def shade(self, axes):
        """Tell the phases apart by shade, and the images by a line, in each of the axes."""
        shade(self.start, self.end, self.name, axes)
        for ax in axes:
            for start in self.onsets()[1:]:
                ax.axvline(start, color="0.25", linewidth=1.0, zorder=1)
            ax.set_xlim(0, self.end[-1])

    def write_names(self, ax, labels=True):
        """Above the axes: the name of each phase and, over it, the label of each image."""
        write_above(self.start, self.end, self.name, ax, color="0.3")
        for image in np.unique(self.image) if labels else ():
            own = self.image == image
            whole = [self.start[own].min()], [self.end[own].max()]
            write_above(*whole, [f"image '{self.label[own][0]}'"], ax, 1.8, weight="bold")
