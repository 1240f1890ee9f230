"""Where functions are run: here, on a local Dask cluster, or on any other. Knows no theory.

    with jobs.pool(jobs.Where(jobs=2)) as pool:
        for job in pool.each(function, {"a": (1,), "b": (2,)}.items(), told):
            print(job.name, job.result, job.failure)

Workers compute and the driver, the process that asks, writes; what a function has to say before it
ends it says with ``tell``, its first argument. A worker that dies is replaced, and its job is begun
again. Workers have one thread each: Brian2 is not made for two.
"""

import queue
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from experiments.run import command, provenance

TOPIC = "experiments"  # of what jobs tell
LOOK_UP = 0.2  # s: a signal that comes just before a wait without an end would not be noticed
PATIENCE = 20  # s for a scheduler to answer
START = 120  # s for workers of our own to start
DEATHS = 3  # of workers that one job may cost


class Where(NamedTuple):
    """Where functions are run; what ``--jobs`` and ``--scheduler`` say.

    Attributes
    ----------
    jobs : int
        Processes here; 1: this one.
    scheduler : str or None
        Address of a Dask scheduler, such as tcp://10.0.0.5:8786, or the path of its file.
    """

    jobs: int = 1
    scheduler: str | None = None


HERE = Where()


class Job(NamedTuple):
    """A job that has ended: its name, and what it came to, or why it failed."""

    name: str
    result: object = None
    failure: Exception | None = None


def add_options(parser):
    """Add ``--jobs`` and ``--scheduler`` to a parser."""
    parser.add_argument("--jobs", type=int, help="processes at once (default: 1: this one)")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS|FILE", help="a Dask scheduler whose workers do it instead"
    )


def where(given):
    """``Where``, from parsed options; ValueError for what cannot be meant."""
    if given.jobs is not None and given.scheduler:
        raise ValueError("--jobs: the scheduler has its own workers: give it or --scheduler")
    if given.jobs is not None and given.jobs < 1:
        raise ValueError(f"--jobs: 1 or more, not {given.jobs}")
    return Where(given.jobs or 1, given.scheduler)


@contextmanager
def pool(where, most=None):
    """Something that has ``each(function, jobs, told)``: see ``Here.each``.

    Parameters
    ----------
    where : Where
    most : int, optional
        Jobs that there are: no more processes are started.

    Raises
    ------
    ValueError
        If Dask is missing, no scheduler answers, or its workers are not as we are.
    """
    count = min(where.jobs, most or where.jobs)
    if not where.scheduler and count == 1:
        yield Here()
        return
    flag = "--scheduler" if where.scheduler else "--jobs"
    try:
        import distributed
    except ImportError as error:
        raise ValueError(f"{flag}: needs Dask: pip install -e .[study]") from error
    with _settings(), _cluster(distributed, where, count) as client:
        yield Dask(client)


class Here:
    """Runs jobs in this process, one after the other."""

    slots = 1

    def each(self, function, jobs, told=None):
        """Run ``function(tell, *arguments)`` for each of the jobs.

        Parameters
        ----------
        function : callable
            Of a module, so that workers find it. ``tell(message)`` hands a dict of numbers and
            texts on to ``told``.
        jobs : iterable of (name, arguments), or None
            Asked for the next one when a worker is free; None: none before another has ended.
        told : callable, optional
            ``told(name, message)``, in this process.

        Yields
        ------
        Job
            As they end; those that fail with ValueError, RuntimeError or OSError say why.
        """
        for name, arguments in filter(None, jobs):
            try:
                result = function(_teller(name, told), *arguments)
            except (ValueError, RuntimeError, OSError) as error:
                yield Job(name, failure=error)
            else:
                yield Job(name, result)

    def everywhere(self, function, *arguments):
        """Whether ``function(*arguments)`` is true wherever jobs are run."""
        return bool(function(*arguments))


def _teller(name, told):
    return lambda message: told(name, message) if told else None


class Dask:
    """Runs jobs on the workers of a Dask client."""

    def __init__(self, client):
        self.client = client

    @property
    def slots(self):
        """Workers that there are now; at least one is waited for."""
        return max(1, len(self.client.nthreads()))

    def each(self, function, jobs, told=None):
        """As ``Here.each``, as many at once as there are workers."""
        jobs, under_way, ended = iter(jobs), {}, queue.SimpleQueue()
        if told:
            self.client.subscribe_topic(TOPIC, lambda event: told(*event[1]["said"]))
        try:
            while True:
                while len(under_way) < self.slots and (job := next(jobs, None)) is not None:
                    future = self._submit(function, *job)
                    under_way[future] = job[0]
                    future.add_done_callback(ended.put)
                if not under_way:
                    return
                future = _next(ended)
                yield _outcome(under_way.pop(future), future)
                future.release()
        finally:
            self.client.cancel(list(under_way), force=True)
            if told:
                self.client.unsubscribe_topic(TOPIC)

    def everywhere(self, function, *arguments):
        """As ``Here.everywhere``."""
        return all(self.client.run(function, *arguments).values())

    def _submit(self, function, name, arguments):
        return self.client.submit(_work, function, name, arguments, pure=False, retries=0)


def _next(ended):
    while True:
        command.stop_if_told()
        try:
            return ended.get(timeout=LOOK_UP)
        except queue.Empty:
            continue


def _outcome(name, future):
    error = future.exception()
    if error is None:
        return Job(name, future.result())
    if type(error).__name__ == "KilledWorker":
        return Job(name, failure=RuntimeError(f"{DEATHS + 1} workers died of it"))
    if isinstance(error, (ValueError, RuntimeError, OSError)):
        return Job(name, failure=error)
    raise error


def _work(function, name, arguments):
    """On a worker: a job."""
    from distributed import get_worker

    worker = get_worker()
    return function(lambda message: worker.log_event(TOPIC, {"said": (name, message)}), *arguments)


class Teller:
    """On a worker, in the place of ``tqdm``: tells the driver what a bar of images would show.

    A message has ``n`` of ``total`` images, and what is ``shown`` beside them.
    """

    def __init__(self, tell, total, initial, **_):
        self.tell, self.total, self.n = tell, total, initial

    def update(self, count):
        """So many images more."""
        self.n += count

    def set_postfix(self, shown):
        """What stands beside the bar."""
        self.tell({"n": self.n, "total": self.total, "shown": shown})

    def close(self):
        """Nothing is left to do."""


# --- clusters -------------------------------------------------------------------------------------


@contextmanager
def _settings():
    """Dask as we need it: it says nothing, and a worker that dies is replaced a few times."""
    import logging

    import dask

    loud = logging.getLogger("distributed")
    level = loud.level
    loud.setLevel(logging.CRITICAL)
    quiet = {"distributed.scheduler.allowed-failures": DEATHS}
    quiet["logging"] = {"distributed": "critical"}
    try:
        with dask.config.set(quiet):
            yield
    finally:
        loud.setLevel(level)


@contextmanager
def _cluster(distributed, where, count):
    """A client of the scheduler asked for, or of a cluster of our own."""
    if where.scheduler:
        with _client(distributed, where.scheduler) as client:
            _refuse_others(client, where.scheduler)
            yield client
        return
    about = {"threads_per_worker": 1, "processes": True, "memory_limit": 0}
    about |= {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with distributed.LocalCluster(n_workers=count, **about) as cluster:
        with distributed.Client(cluster, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=START)
            yield client


def _client(distributed, scheduler):
    if "://" in scheduler:
        found = {"address": scheduler}
    elif Path(scheduler).is_file():
        found = {"scheduler_file": scheduler}
    else:
        raise ValueError(
            f"--scheduler: no file {scheduler}, and no address such as tcp://HOST:8786"
        )
    try:
        return distributed.Client(**found, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(
            f"--scheduler {scheduler}: no Dask scheduler answers there ({type(error).__name__})"
        ) from error


def about():
    """What has to be the same wherever a job is run."""
    found = provenance.software()
    return {"python": found["python"], "commit": found["commit"], **found["packages"]}


def _refuse_others(client, scheduler):
    """ValueError for workers that would compute something else, or none."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise ValueError(
            f"--scheduler {scheduler}: it has no workers: start some with dask worker"
        ) from error
    many = [name for name, threads in client.nthreads().items() if threads > 1]
    if many:
        raise ValueError(
            f"--scheduler {scheduler}: the worker {many[0]} has several threads, and Brian2 is "
            "made for one: start it with --nthreads 1"
        )
    mine = about()
    for name, theirs in client.run(about).items():
        for what in mine:
            if theirs.get(what) != mine[what]:
                raise ValueError(
                    f"--scheduler {scheduler}: the worker {name} has {what} {theirs.get(what)}, "
                    f"and we have {mine[what]}"
                )
