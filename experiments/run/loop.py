"""The loop over chunks: learn, score, checkpoint, progress. Knows no equation and no theory."""

import os
import sys
import time
from functools import cached_property

import numpy as np

from experiments.run import (
    command,
    confusion,
    encodings,
    inherit,
    provenance,
    score,
    seeds,
    shifts,
    trains,
)
from experiments.run import data as datasets
from experiments.run import folder as folders
from experiments.run.beside import Beside
from experiments.run.cost import cost
from experiments.run.record import record
from experiments.run.seeds import Purpose
from models import progress
from models.theory import Inputs

PARTS = 2  # of a test: each has its own seed, so their number is part of the result
CORES = max(1, min(PARTS, os.cpu_count() or 1))  # which is not
TEST_CHUNK = 500


class Run:
    """One run: a configuration, its data, its folder and its compiled networks.

    ``progress`` makes the progress bar.
    """

    def __init__(self, config, folder=None, progress=progress.bar, data=None):
        self.config, self.folder, self.progress = config, folder, progress
        self.inherited = {}  # for the provenance: where it began, if another run's weights are;
        # ``origin``: what there is to say of its data
        data = data or datasets.load(config.dataset, config.data_dir)
        try:
            data = data.hold_out(config.validation)
            data = data.limit(config.train_examples, config.test_examples)
            self.data = encodings.encoded(data, config.encoding)
            self.origin = provenance.data(config, data)
            self.edge = shifts.side(self.data) if config.shift else 0
        except datasets.DataError as error:
            if not config.weights:
                raise
            raise datasets.DataError(
                f"{error} (options that are not given are those of --weights {config.weights})"
            ) from error
        self.network = config.network(self.data.inputs, self.data.classes)
        if self.data.trains:
            trains.tell(self.data, getattr(self.network, "shown", {}))
        if config.records and max(config.record_images) >= len(self.shown()[1]):
            kind = "training" if config.record_training else "test"
            raise folders.RunError(
                f"--record-images: there is no {kind} image {max(config.record_images)}"
            )
        size = len(self.data.train_images)
        self.chunks = -(-size // config.chunk)
        self.chunk = -(-size // self.chunks)
        self.total = config.epochs * size
        self.cores, self.parts = (CORES, PARTS) if config.device == "standalone" else (1, 1)
        self.test_chunk = min(TEST_CHUNK, -(-len(self.data.test_images) // self.parts))

    def shown(self):
        """Images and labels of those that records are of."""
        if self.config.record_training:
            return self.data.train_images, self.data.train_labels
        return self.data.test_images, self.data.test_labels

    @cached_property
    def learner(self):
        """The network that learns, compiled."""
        _tell("that learns")
        return self.network.program(self.chunk, **self.config.how)

    @cached_property
    def tester(self):
        """The network that is tested, compiled."""
        _tell("that is tested")
        return self.network.program(self.test_chunk, learning=False, **self.config.how)

    def prepare(self):
        """Compile both networks, or find them compiled."""
        return self.learner if self.total else None, self.tester

    def seed(self, purpose, *where):
        """A recorded 64-bit seed: the same for the same place in the same run."""
        return seeds.seed(self.config.seed, purpose, *where)

    # --- training ---------------------------------------------------------------------------------

    def train(self, seen, rows, state):
        """Train to the last epoch, from where ``start`` says; returns the result."""
        self.prepare()  # not in a thread: Brian2 is not made for two
        if rows != self.folder.metrics():  # what came after the checkpoint is done again
            self.folder.write_metrics(rows)
        if not seen:
            self.folder.write_state(folders.Checkpoint(0, state), folders.of_epoch(0))
        if not self.total:  # nothing will be learned
            self.folder.write_state(folders.Checkpoint(0, state))
        bar = self.progress(total=self.total, initial=seen, unit="image")
        tests = Beside(self, rows)
        try:
            state = self._train(seen, rows, state, tests, bar)
        except Exception:  # a test that is under way is still worth its row
            tests.collect(0)
            raise
        finally:
            tests.stop()
        bar.close()
        if self.config.records:
            epochs = {epoch: self.folder.after(epoch) for epoch in self.config.record_epochs}
            record(self, {None: state} | epochs)
        rows = self.folder.metrics()
        self.folder.write_metrics(rows)  # in their order
        return self._finish(rows, cost(self, state))

    def _train(self, seen, rows, state, tests, bar):
        """The chunks that are left; returns the last state."""
        size = len(self.data.train_images)
        tests.take_up(seen)
        while True:
            command.stop_if_told()
            if tests.are_due(seen):
                tests.begin(seen, state)
            _say(bar, rows)
            if seen >= self.total:
                break
            epoch, index = divmod(seen, size)
            row, state = self._learn(state, epoch, index // self.chunk)
            seen = row["images_seen"]
            rows.append(row)
            self.folder.add_row(row)
            checkpoint = folders.Checkpoint(seen, state)
            if seen % size == 0:
                self.folder.write_state(checkpoint, folders.of_epoch(seen // size))
            self.folder.write_state(checkpoint)
            tests.collect()
            bar.update(seen - bar.n)
        tests.collect(0)
        _say(bar, rows)
        return state

    def start(self):
        """Images seen, rows of metrics and state: of the last checkpoint, or at the beginning."""
        fresh = self.network.start(self.config.seed)
        if not self.folder.has_checkpoint():
            if any(row["images_seen"] > self.chunk for row in self.folder.metrics()):
                raise folders.RunError(
                    f"{self.folder.path} has metrics but no weights/{folders.CHECKPOINT} to go on "
                    "from: choose another --out, or remove the folder to start again"
                )
            if self.config.weights:
                fresh, self.inherited = inherit.begin(self.config, fresh)
            return 0, [], fresh
        seen, state = self.folder.state()
        rows = [r for r in self.folder.metrics() if r["images_seen"] <= seen]
        epochs, place = divmod(seen, len(self.data.train_images))
        why = None
        if _kinds(state) != _kinds(fresh):
            why = "its weights are not this network's"
        elif not score.finite(state):
            why = "its weights are not numbers"
        elif seen < 0 or place % self.chunk:
            why = f"no chunk ends at image {seen}"
        if why:
            raise folders.RunError(f"the checkpoint in {self.folder.path} is damaged: {why}")
        missing = self._missing(rows, seen)
        if missing:
            path = self.folder.path / "metrics.csv"
            raise folders.RunError(f"{path} is damaged: it has no row of {missing}")
        if epochs + bool(place) > self.config.epochs:
            raise folders.RunError(
                f"--epochs {self.config.epochs}: the run has already seen {seen} images"
            )
        return seen, rows, state

    def _missing(self, rows, seen):
        """What a run that stands at ``seen`` images should have in its metrics and has not."""
        size, parts = len(self.data.train_images), range(1, self.chunks + 1)
        ends = [e + min(k * self.chunk, size) for e in range(0, seen, size) for k in parts]
        told = [c for c in folders.COLUMNS if not c.startswith("test")]
        learned = {r["images_seen"] for r in rows if all(r[name] is not None for name in told)}
        tested = {r["images_seen"] for r in rows if r["test_error"] is not None}
        tested |= {int(name[7:-4]) for name in self.folder.states("tested_[0-9]*[0-9].npz")}
        for end in ends:
            if end <= seen and end not in learned:
                return f"the chunk that ends at image {end}"
            if end < seen and end % size == 0 and end not in tested:
                return f"the test after image {end}"
        return None

    def inputs(self, state, epoch, chunk, size=None):
        """What the network is given in a chunk of an epoch (both from 0) of ``size`` images."""
        size, images = size or self.chunk, len(self.data.train_images)
        order = np.random.default_rng(self.seed(Purpose.ORDER, epoch)).permutation(images)
        places = order[chunk * size :][:size]
        shown = self.data.train_images[places]
        if self.config.shift:
            seed = self.seed(Purpose.SHIFT, epoch, chunk)
            shown = shifts.shifted(shown, self.edge, self.config.shift, seed)
        return Inputs(
            shown,
            self.data.train_labels[places],
            state,
            self.seed(Purpose.TRAINING, epoch, chunk),
            epoch,
            places=places,
        )

    def _learn(self, state, epoch, chunk):
        inputs, images = self.inputs(state, epoch, chunk), len(self.data.train_images)
        out = self.learner.run(inputs)
        seen = epoch * images + chunk * self.chunk + len(inputs.labels)
        score.refuse_divergence(out.state, seen, epoch)
        score.refuse_no_numbers(out.answers, f"the chunk that ends at image {seen}")
        measures = {name: float(values.mean()) for name, values in out.measures.items()}
        row = self._row(seen, out.seconds.cpu, out.seconds.wall)
        row["training_error"] = score.error(out.answers, inputs.labels)
        row["output_loss"] = measures.pop("loss")
        return row | measures, out.state

    def _row(self, seen, cpu, wall):
        about = {"images_seen": seen, "epoch": seen / len(self.data.train_images)}
        return dict.fromkeys(folders.COLUMNS) | about | {"cpu_seconds": cpu, "wall_seconds": wall}

    # --- testing ----------------------------------------------------------------------------------

    def due(self, seen):
        """Images to test after so many: all at an epoch's end, a few within.

        What is not new is tested before it learns, too.
        """
        size = len(self.data.train_images)
        trained = seen or self.config.weights or not self.total
        if trained and seen % size == 0:
            return len(self.data.test_images)
        done = seen % size // self.chunk
        if seen and done % self.config.quick_every == 0 and self.config.quick_examples:
            return min(self.config.quick_examples, len(self.data.test_images))
        return 0

    def test(self, state, count, seed, training=False, room=None):
        """Error (per cent) on ``count`` test images, and the CPU seconds it took.

        With ``training`` the images are training images, shown as test images are; ``room`` is as
        in ``score.test``.
        """
        answers, labels, cpu = self._answers(state, count, seed, training, room)
        return score.error(answers, labels), cpu

    def _answers(self, state, count, seed, training, room):
        images, labels = self.data.test_images, self.data.test_labels
        if training:
            images, labels = self.data.train_images, self.data.train_labels
        order = np.random.default_rng(seed).permutation(len(images))[:count]
        shown = images[order], labels[order]
        answers, cpu = score.test(self.tester, state, *shown, seed, self.cores, room)
        return answers, shown[1], cpu

    def tested(self, state, seen, room=None):
        """The test that is due after so many images: a row of the metrics, and a ``Confusion``.

        The latter is None if not all test images were shown.
        """
        start, count = time.perf_counter(), self.due(seen)
        how = self.seed(Purpose.TEST, seen), False, room
        answers, labels, cpu = self._answers(state, count, *how)
        row = self._row(seen, cpu, time.perf_counter() - start)
        row |= {"test_error": score.error(answers, labels), "test_examples": count}
        names = self.data.names or tuple(map(str, range(self.data.classes)))
        whole = count == len(self.data.test_images)
        return row, confusion.count(answers, labels, names) if whole else None

    def _finish(self, rows, cost):
        learned = [r for r in rows if r["training_error"] is not None]
        tests = [r for r in rows if r["test_examples"] == len(self.data.test_images)]
        images = self.config.epochs * len(self.data.train_images)
        result = {
            "test_error": tests[-1]["test_error"],
            "best_test_error": min(r["test_error"] for r in tests),
        }
        if learned:
            last = [r for r in learned if r["epoch"] > self.config.epochs - 1]
            result["training_error"] = float(np.mean([r["training_error"] for r in last]))
        result |= {"epochs": self.config.epochs, "images": images}
        if learned:
            for name in ("cpu", "wall"):
                seconds = sum(r[f"{name}_seconds"] for r in learned)
                result[f"{name}_ms_per_image"] = 1e3 * seconds / images
        result |= cost
        self.folder.write_json("result.json", result)
        return result


def _tell(which):
    print(f"building the network {which} ...", file=sys.stderr, flush=True)


def _say(bar, rows):
    shown = {}
    for row in rows:
        if row["test_error"] is not None:
            shown["test"] = f"{row['test_error']:.1f}%"
        else:
            shown["error"] = f"{row['training_error']:.1f}%"
            shown["loss"] = f"{row['output_loss']:.2g}"
    bar.set_postfix(shown)


def _kinds(state):
    return {name: (value.shape, value.dtype) for name, value in state.items()}


def run(config, out, resume=False, progress=progress.bar):
    """Train a configuration in a run folder.

    Parameters
    ----------
    config : Config
    out : path
        The run folder.
    resume : bool
        Go on with the run in the folder, if there is one.
    progress : callable
        Makes the progress bar.

    Returns
    -------
    dict
        ``result.json``.

    Raises
    ------
    datasets.DataError, folders.RunError, DeviceError, score.Diverged, ValueError
        Each with one sentence for the user.
    """
    folder = folders.RunFolder(out)
    there = resume and ((folder.path / "config.json").exists() or folder.has_checkpoint())
    if there:
        other = config.differences(folder.config())
        if other:
            why = "; ".join(other)
            raise folders.RunError(f"{out} holds a run of another configuration: its {why}")
    else:
        folders.create(out)
    # What can be refused is refused before anything is written.
    work = Run(config, folder, progress)
    if there:
        provenance.refuse_other_model(folder, work.network)
    if getattr(work.network, "own_equations", False):
        print("trying the equations on one image ...", file=sys.stderr, flush=True)
        work.network.trial()
    start = None if there else work.start()  # another run's weights may not be those of this one
    origin = provenance.origin(config) | work.origin
    with folder.locked():
        if not there:
            folders.create(out)  # another run may have come and gone
        start, starts = start or work.start(), folder.starts() if there else []
        provenance.refuse_other_data(folder, starts, origin)
        starts = provenance.started(starts, start[0], origin | work.inherited)
        work.prepare()
        folder.write_json("config.json", config.flat())
        if not there or start[0] < work.total or config.records:  # else nothing is left to do
            folder.write_json("provenance.json", {"seed": config.seed, "starts": starts})
        folder.write_text("equations.txt", work.network.text())
        folder.write_json("model.json", provenance.described(config, work.network))
        return work.train(*start)
