"""How values go to a compiled network and come back: the other half of ``codegen/exchange.h``.

Each input begins with its number of values and takes whole lines of the cache, so that it can be
used where it lies; what comes back is packed.
"""

import mmap
import os
import tempfile

import numpy as np

LINE = 64  # bytes


class Exchange:
    """Two files in memory, for one run after the other: what is given, and what comes back.

    The network maps what it is given, and so do we: what it only reads is never copied.

    Attributes
    ----------
    given, back : file
    about : ndarray of uint64, shape (3,)
        Seed, number of steps, and the process that waits for the end.
    arrays : dict of ndarray
        An input each, flat, to be written into.

    Parameters
    ----------
    kinds : dict
        Name of each input -> (type, number of values), in the order in which it is read.
    """

    def __init__(self, kinds):
        kinds = {None: (np.uint64, 3)} | kinds
        places, end = {}, 0
        for name, (dtype, size) in kinds.items():
            places[name] = end + LINE
            end = -(-(end + LINE + size * np.dtype(dtype).itemsize) // LINE) * LINE
        self.given, self.back = _file(), _file()
        self.given.truncate(end)
        memory = mmap.mmap(self.given.fileno(), end)
        self.arrays = {}
        for name, (dtype, size) in kinds.items():
            np.frombuffer(memory, np.int64, 1, places[name] - LINE)[:] = size
            self.arrays[name] = np.frombuffer(memory, dtype, size, places[name])
        self.about = self.arrays.pop(None)

    def empty(self):
        """Nothing has come back yet."""
        self.back.seek(0)
        self.back.truncate()

    def read(self, dtypes):
        """What came back: arrays as ``dtypes`` names them, and seconds (CPU, in steps, of time
        in the network).

        Raises
        ------
        ValueError, IndexError
            If it is not whole.
        """
        self.back.seek(0)
        packed, found, place = self.back.read(), {}, 0
        for key, dtype in [*dtypes.items(), (None, np.float64)]:
            size = int(np.frombuffer(packed, np.int64, 1, place)[0])
            found[key] = np.frombuffer(packed, dtype, size, place + 8)
            place += 8 + found[key].nbytes
        return found, found.pop(None)


def _file():
    """An open file that has no name; in memory, where the system knows such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("chunk"), "r+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)
