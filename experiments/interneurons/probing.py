"""Images are shown, nothing is learned: when each class fires, and when plateaus begin.

A probe is one program; what changes from image to image (how strong the volley is, when
acetylcholine comes, light) needs no other.
"""

from typing import NamedTuple

import numpy as np

from experiments.run import data as datasets
from models.engine.cell import NONE
from models.engine.recording import Recording
from models.interneurons import THEORY
from models.theory import Inputs

LAYER = "hidden_0"
ALPHAS = ("alpha_f", "alpha_t", "d_alpha", "learned")
KINDS = {"spikes": (), "plateaus": (), "alphas": ALPHAS}
TRACES = {"traces": ("V", "V_a", "V_fb", "g_SST", "g_PV")}
IMAGES = 300
# Of a volley: from when on the conductance has fallen, and rates are those of the volley, ms.
FALLEN, ANSWERED = 25, 15


class Probe:
    """A network that is shown digits.

    Parameters
    ----------
    options : Options
    images : int
    seed : int
        Of weights, and of which images.
    traces : bool
        Whether potentials and conductances of the hidden cells are recorded in each step, too.
    held : mapping of kind -> tuple of str
        Variables that are recorded at the end of each image, too.
    shown : ndarray of shape (images, inputs), optional
        Images in the place of digits, all of the first class.
    device : str
        "standalone", or "runtime" to compile nothing.
    """

    def __init__(
        self,
        options,
        images=IMAGES,
        seed=0,
        traces=False,
        held=NONE,
        shown=None,
        device="standalone",
    ):
        self.options, self.images = options, images
        digits = datasets.load("digits")
        order = np.random.default_rng([seed, 5]).permutation(len(digits.train_labels))[:images]
        self.pixels = digits.train_images[order].astype(float)
        self.labels = digits.train_labels[order]
        if shown is not None:
            self.pixels, self.labels = shown, np.zeros(len(shown), int)
        self.network = THEORY.network(options, self.pixels.shape[1], digits.classes)
        self.state = self.network.start(seed)
        kinds = KINDS | (TRACES if traces else {})
        record = Recording({**kinds, **held}, per_image=("alphas", *held))
        self.program = self.network.program(images, record=record, device=device)

    def show(self, seed=1, learns=False, state=None, **more):
        """What happens to all images; ``more`` as ``network``, one value, or one an image."""
        given = {name: np.asarray(value, float) for name, value in more.items()}
        for name, value in given.items():
            shape = (self.images, 6) if name == "lights" else (self.images,)
            given[name] = np.broadcast_to(value, shape).copy()
        state = self.state if state is None else state
        inputs = Inputs(self.pixels, self.labels, state, seed, learns=learns, more=given)
        return Seen(self, self.program.run(inputs))


class Seen(NamedTuple):
    """What cells did in all images; times in ms, rates in Hz, conductances in 1/ms."""

    probe: Probe
    out: object  # models.theory.Outputs

    @property
    def windows(self):
        """(first, end) of both volleys as the options have them, ms after an image's onset."""
        options = self.probe.options
        ends = options.forward_ms, options.forward_ms + options.target_ms
        return tuple((end - options.volley_ms, end) for end in ends)

    @property
    def lasts(self):
        """Length of an image, ms."""
        return self.windows[1][1]

    def begins(self):
        """(image, cell, ms after its onset) of each plateau that began: three arrays."""
        times = self.out.records["plateaus", LAYER, "t"]
        step = np.rint(times).astype(int)
        return step // int(self.lasts), self.out.records["plateaus", LAYER, "i"], step % self.lasts

    @property
    def cells(self):
        """Hidden cells."""
        return self.probe.network.sizes[LAYER]

    def shares(self):
        """Of all cells and images, those with a plateau that begins in each of the volleys."""
        image, cell, when = self.begins()
        found = []
        for first, end in self.windows:
            inside = (when >= first) & (when < end)
            pairs = np.unique(image[inside] * self.cells + cell[inside])
            found.append(len(pairs) / (self.probe.images * self.cells))
        return found

    def learning(self):
        """Of all cells and images, those with a plateau that teaches."""
        return float(np.mean(self.out.measures["learning"]))

    def plateaus(self):
        """Plateaus of a cell in an image."""
        return len(self.begins()[0]) / (self.probe.images * self.cells)

    def latencies(self):
        """Times from the second volley's begin to each plateau in it, ms."""
        _, _, when = self.begins()
        first, end = self.windows[1]
        return when[(when >= first) & (when < end)] - first

    def rate(self, population, *stretches):
        """Mean rate of a population in stretches (first, end) of each image; all of it if none."""
        if population not in self.probe.network.sizes:
            return np.nan
        stretches = stretches or ((0, self.lasts),)
        when = np.rint(self.out.records["spikes", population, "t"]) % self.lasts
        count = sum(np.sum((when >= first) & (when < end)) for first, end in stretches)
        ms = sum(end - first for first, end in stretches)
        return 1e3 * count / (self.probe.images * self.probe.network.sizes[population] * ms)

    def trace(self, name):
        """A variable of hidden cells, shape (images, ms, cells)."""
        values = self.out.records["traces", LAYER, name]
        return values.reshape(self.probe.images, int(self.lasts), self.cells)

    def change(self):
        """Difference of plateaus, teaching less forward, of each image and cell; nan: it has none.

        Shape (images, cells).
        """
        learned = self.out.records["alphas", LAYER, "learned"] > 0
        return np.where(learned, self.out.records["alphas", LAYER, "d_alpha"], np.nan)


def timing(seen):
    """Numbers of a probe, by name."""
    forward, target = seen.shares()
    latencies = seen.latencies()
    late = [(first + ANSWERED, end) for first, end in seen.windows]
    found = {
        "forward_share": forward,
        "target_share": target,
        "cells_learning": seen.learning(),
        "plateaus": seen.plateaus(),
        "latency": latencies.mean() if len(latencies) else np.nan,
        "latency_sd": latencies.std() if len(latencies) else np.nan,
        "rate_E": seen.rate(LAYER),
        "rate_PV": seen.rate("PV_0"),
        "rate_SST": seen.rate("SST_0"),
        "rate_VIP": seen.rate("VIP_0"),
        "rate_SST_volley": seen.rate("SST_0", *late),
        "rate_VIP_volley": seen.rate("VIP_0", *seen.windows),
    }
    size = np.abs(seen.change())
    found["d_alpha"] = np.nanmean(size) if np.isfinite(size).any() else np.nan
    if any(kind == "traces" for kind, *_ in seen.out.records):
        fallen = [slice(int(first + FALLEN), int(end)) for first, end in seen.windows]
        g, V_a, V_fb = (seen.trace(name) for name in ("g_SST", "V_a", "V_fb"))
        found["g_SST_volley"] = np.mean([g[:, one].mean() for one in fallen]) / 1e3
        in_second = (one[:, fallen[1]].ravel() for one in (V_fb, V_a))
        found["apical_gain"] = np.polyfit(*in_second, 1)[0]
    return found


def part_first(setting, part, rows, learning):
    """A part of a page that shows images, and then its networks: as far as they are asked for.

    Parameters
    ----------
    setting : Setting
    part : str
        Its name.
    rows : callable
        ``rows(setting)`` -> its headlines.
    learning : Page
        That trains the networks.
    """
    if not setting.only or part in setting.only:
        setting.results.headline(list(rows(setting)), setting.arguments)
    if set(setting.only) != {part}:
        learning.study(setting._replace(only=tuple(n for n in setting.only if n != part)))
