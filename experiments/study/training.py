"""Train several configurations, each in a run folder, wherever jobs are run.

Where workers see the driver's disk, as on one machine, they write run folders themselves, chunk
after chunk; each folder is one worker's alone. Others hand theirs back when they have ended.
"""

import contextlib
import dataclasses
import io
import os
import tempfile
from functools import partial
from pathlib import Path

from experiments.run import files, folder, loop
from experiments.run.config import Config
from experiments.study import jobs
from models import progress

GOES_ON = ("config.json", "provenance.json", "model.json", "equations.txt", "metrics.csv")
GOES_ON += (f"weights/{folder.CHECKPOINT}",)  # what a run is gone on with from


def train(configs, where=jobs.HERE, resume=False):
    """Train configurations in run folders.

    Parameters
    ----------
    configs : dict
        Name, such as "seed 3" -> its Config and its run folder.
    where : jobs.Where
    resume : bool
        Go on with runs that are there.

    Returns
    -------
    results : dict
        Name -> ``result.json`` of each run that ended well.
    failures : list of str
        A sentence for each that did not; the others have gone on.

    Raises
    ------
    DataError, DeviceError, ValueError, ...
        What no job can be begun without, as from ``loop.run``.
    """
    _build(configs)
    results, failures, bar = {}, [], _Bar(configs)
    try:
        with jobs.pool(where, len(configs)) as pool:
            sees = _sees(pool, [Path(out) for _, out in configs.values()])
            given = (
                (name, (config.flat(), str(Path(out).resolve()), resume, _packed(out, sees)))
                for name, (config, out) in configs.items()
            )
            for name, result, failure in pool.each(_train, given, bar.tell):
                if failure is None:
                    results[name], written = result
                    _unpack(written, configs[name][1])
                else:
                    failures.append(f"{name}: {failure}")
                bar.end(name)
    finally:
        bar.close()
    return {name: results[name] for name in configs if name in results}, failures


def has_ended(config, out):
    """Whether a run folder holds the trained network; RunError if it is one of other settings."""
    if not (Path(out) / "result.json").exists():
        return False
    refuse_other(config, folder.RunFolder(out))
    return True


def refuse_other(config, there):
    """Raise RunError if a run folder (a ``RunFolder``) holds a network of other settings."""
    if other := config.differences(there.config()):
        raise folder.RunError(
            f"{there.path} holds a network of other settings ({'; '.join(other)}): move it away, "
            "or choose another --runs"
        )


def _build(configs):
    """Compile what jobs have in common, once, before they look for it at the same time."""
    alike = {}
    for config, out in configs.values():
        alike.setdefault(repr(dataclasses.replace(config, seed=0)), []).append((config, out))
    for (config, out), *others in alike.values():
        if others and config.device == "standalone":
            loop.Run(config, folder.RunFolder(out)).prepare()


class _Bar:
    """One bar for all jobs: images that were learned, of those of all."""

    def __init__(self, configs):
        self.seen, self.left, self.all = dict.fromkeys(configs, (0, 0)), set(configs), len(configs)
        self.bar = progress.bar(total=0, unit="image")
        self._describe()

    def tell(self, name, message):
        """How far a job is: ``n`` of ``total`` images."""
        self.seen[name] = message["n"], message["total"]
        self.bar.total = round(
            self.all
            * sum(total for _, total in self.seen.values())
            / max(1, sum(total > 0 for _, total in self.seen.values()))
        )
        self.bar.update(sum(n for n, _ in self.seen.values()) - self.bar.n)
        self.bar.set_postfix(message["shown"])

    def end(self, name):
        """A job has ended."""
        self.left.discard(name)
        self._describe()

    def _describe(self):
        self.bar.set_description(f"{self.all - len(self.left)} of {self.all} networks")

    def close(self):
        self.bar.close()


def _sees(pool, folders):
    """Whether all workers see the disk that the run folders are on."""
    folders[0].parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folders[0].parent, prefix=".seen_") as file:
        return pool.everywhere(os.path.exists, file.name)


def _packed(out, sees):
    """What a worker that does not see a run folder needs of it to go on: name -> bytes, or None."""
    if sees:
        return None
    names = (name for name in GOES_ON if (Path(out) / name).exists())
    return {name: files.read(out, name) for name in names}


def _unpack(found, out):
    """Write what a worker has handed back into its run folder."""
    for name, data in (found or {}).items():
        files.write(out, name, data)


# --- on a worker ----------------------------------------------------------------------------------


def _train(tell, values, out, resume, packed):
    """Train a run; ``result.json``, and all its files, by name, if the driver does not see them."""
    config, silence = Config.of(values), contextlib.redirect_stderr(io.StringIO())
    about = {"progress": partial(jobs.Teller, tell)}
    if packed is None:
        with silence:
            return loop.run(config, out, resume, **about), None
    with silence, tempfile.TemporaryDirectory() as own:
        _unpack(packed, own)
        result = loop.run(config, own, resume and bool(packed), **about)
        paths = (path for path in Path(own).rglob("*") if path.is_file())
        return result, {str(path.relative_to(own)): path.read_bytes() for path in paths}
