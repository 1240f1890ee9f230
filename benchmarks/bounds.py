"""Hand-written C++ programs of the segregated network: CPU time an image, and what they say.

Their sources are not part of this repository; where they are not there, nothing is held against
them. ``bound.cpp`` by step takes all cells of a step and then the next step, as any simulator has
to; by layer it takes some cells through all steps of an image, which is as far as the model itself
allows. ``limit.cpp`` is an older and plainer program.
"""

import gzip
from pathlib import Path

from benchmarks.measuring import SHARED, built, call, children
from experiments.run import data as datasets

SOURCES = {  # name -> file, options
    "bound by step": ("bound.cpp", ("order=step",)),
    "bound by layer": ("bound.cpp", ("order=layer",)),
    "limit": ("limit.cpp", ()),
}
ENOUGH = 1.0  # CPU seconds that a measurement should take: an image may be 30 microseconds


def mnist(folder):
    """A folder of MNIST; DataError if it is none."""
    if not Path(folder).is_dir():
        raise datasets.DataError(f"--data-dir: no folder {folder}")
    return Path(folder)


def unpacked(data_dir, folder):
    """MNIST as the programs read it, in a folder of its own; OSError without one of its files."""
    raw = Path(folder) / "raw"
    raw.mkdir(exist_ok=True)
    for name in datasets.FILES.values():
        if (raw / name).exists():
            continue
        packed = Path(data_dir) / f"{name}.gz"
        found = gzip.decompress(packed.read_bytes()) if packed.exists() else None
        (raw / name).write_bytes(found or (Path(data_dir) / name).read_bytes())
    return raw


class Bound:
    """A hand-written network.

    DeviceError if there is no compiler, or it or the program fails; OSError without a file of
    MNIST.
    """

    def __init__(self, source, folder, data_dir, options=()):
        self.program, self.options = built(source, folder), options
        self.data, self._images = unpacked(data_dir, folder), {}

    def run(self, *options):
        """Run the program; returns what it says."""
        return call(self.program, f"data={self.data}", *self.options, *options).decode()

    def seconds(self, hidden, learning=True):
        """CPU seconds an image with hidden layers of the given sizes, by difference of lengths."""
        images = self._enough(hidden, learning)
        return (self._cpu(hidden, learning, images) - self._cpu(hidden, learning, 1)) / (images - 1)

    def _enough(self, hidden, learning):
        if (hidden, learning) not in self._images:
            trial = self._cpu(hidden, learning, 300) - self._cpu(hidden, learning, 1)
            most = ENOUGH / max(trial / 300, 1e-4)
            self._images[hidden, learning] = max(300, int(most))
        return self._images[hidden, learning]

    def _cpu(self, hidden, learning, images):
        sizes = ",".join(map(str, hidden)) or "0"
        train, test = (images, 0) if learning else (0, images)
        before = children()
        self.run(f"hidden={sizes}", f"train={train}", f"test={test}")
        return children() - before


def found(folder, data_dir, sources=SHARED / "bench"):
    """Name -> ``Bound`` of those whose source is there; none without a folder of MNIST."""
    if not Path(data_dir).is_dir():
        return {}
    there = {n: s for n, s in SOURCES.items() if (Path(sources) / s[0]).is_file()}
    return {
        name: Bound(Path(sources) / source, Path(folder), data_dir, options)
        for name, (source, options) in there.items()
    }
