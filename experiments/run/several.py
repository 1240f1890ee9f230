"""Several runs at once, each in a process of its own, with a line of progress for each.

A child takes its job as a line of JSON and answers in such lines: how far it is, then its result.
The end of its standard input is its Ctrl-C, so that it does not outlive us whatever ends us.
"""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

from experiments.run import command
from models import progress

CHILD = (sys.executable, "-m", "experiments.run.several")


def train(jobs, most=1, resume=False):
    """Train configurations in run folders.

    Parameters
    ----------
    jobs : dict
        Name, such as "seed 3" -> its Config and its run folder.
    most : int
        Runs at once.
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
    _build(jobs)
    pool, children, bars = ThreadPoolExecutor(most), [], {}

    def one(k, name):
        config, out = jobs[name]
        job = {"name": name, "config": config.flat(), "out": str(out), "resume": resume}
        return _child(job, children, lambda told: _show(bars, k, name, told))

    ends = {name: pool.submit(one, k, name) for k, name in enumerate(jobs)}
    try:
        command.until_ended(ends.values())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        command.end(ends.values(), lambda: [child.stdin.close() for child in list(children)])
        for _, bar in sorted(bars.items()):
            bar.close()
    ends = {name: end.result() for name, end in ends.items()}
    results = {name: result for name, (result, _) in ends.items() if result}
    return results, [failure for _, failure in ends.values() if failure]


def _build(jobs):
    """Compile what jobs have in common, once, before they look for it at the same time."""
    from experiments.run import folder, loop

    alike = {}
    for config, out in jobs.values():
        alike.setdefault(repr(dataclasses.replace(config, seed=0)), []).append((config, out))
    for (config, out), *others in alike.values():
        if others and config.device == "standalone":
            loop.Run(config, folder.RunFolder(out)).prepare()


def _child(job, children, show):
    """Run a job in a process; its result or None, and why it failed or None."""
    result, pipes = None, {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(CHILD, stderr=said, start_new_session=True, **pipes) as child,
    ):
        children.append(child)
        print(json.dumps(job), file=child.stdin, flush=True)
        for line in child.stdout:
            told = json.loads(line)
            result = told.get("result")
            if not result:
                show(told)
        if not child.wait():
            return result, None
        said.seek(0)
        *_, last = said.read().splitlines() or [f"{job['name']}: no reason given"]
        return None, last if child.returncode == 2 else f"{last} (status {child.returncode})"


def _show(bars, k, name, told):
    if k not in bars:
        about = {"total": told["total"], "initial": told["n"], "unit": "image"}
        bars[k] = progress.bar(desc=name, position=k, **about)
    bars[k].n = told["n"]
    bars[k].set_postfix(told["shown"])


# --- in the child ---------------------------------------------------------------------------------


class _Bar:
    """In the place of ``tqdm``: tells the parent what its bar shows."""

    def __init__(self, total, initial, **_):
        self.total, self.n = total, initial

    def update(self, count):
        self.n += count

    def set_postfix(self, shown):
        _tell(n=self.n, total=self.total, shown=shown)

    def close(self):
        pass


def _tell(**what):
    print(json.dumps(what), file=sys.__stdout__, flush=True)


def _stop_with_parent():
    while os.read(sys.stdin.fileno(), 1):
        pass
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def _main(job):
    from experiments.run import loop  # Brian2 takes a second: Ctrl-C may come meanwhile
    from experiments.run.config import Config

    _tell(result=loop.run(Config.of(job["config"]), job["out"], job["resume"], _Bar))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" has it ignored
    sys.stdout = sys.stderr  # what a theory of one's own prints is no JSON
    given = json.loads(sys.stdin.readline())
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    sys.exit(command.guarded(given["name"], _main, given))
