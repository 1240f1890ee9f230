"""The loop over chunks: run, score, checkpoint, progress. Knows no equation."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
from tqdm import tqdm

from experiments.run import data as datasets
from experiments.run import folder as records
from experiments.run import provenance
from experiments.run import score as scores
from experiments.run.config import Config
from models import describe
from models.engine import device, resting, schedule
from models.segregated import trial, weights

PARTS = 2  # of a test: each has its own seed, so their number is part of the result
CORES = max(1, min(PARTS, os.cpu_count() or 1))  # which is not
TEST_CHUNK = 500
LARGEST = 1e9  # mV ms, mV: weights are of the order of 1


class Diverged(RuntimeError):
    """Weights or potentials are no longer numbers."""


class Run:
    """One run: a configuration, its data, its folder and its compiled networks."""

    def __init__(self, config, folder):
        self.config, self.folder = config, folder
        data = datasets.load(config.dataset, config.data_dir)
        data = data.hold_out(config.validation)
        self.data = data.limit(config.train_examples, config.test_examples)
        self.model = config.model(self.data.train_images.shape[1], self.data.classes)
        if config.records and max(config.record_images) >= len(self.data.test_images):
            raise records.RunError(
                f"--record-images: there is no test image {max(config.record_images)}"
            )
        for name in config.record_variables:
            if name not in self.model.variables:
                known = ", ".join(sorted(self.model.variables))
                raise records.RunError(f"--record-variables: no cell has a {name!r}, but {known}")
        size = len(self.data.train_images)
        self.chunks = -(-size // config.chunk)
        self.chunk = -(-size // self.chunks)
        self.total = config.epochs * size
        self.cores, self.parts = (CORES, PARTS) if config.device == "standalone" else (1, 1)
        self.test_chunk = min(TEST_CHUNK, -(-len(self.data.test_images) // self.parts))
        phases = self.model.phases
        self.timing = schedule.training(phases, self.chunk, self.model.asynchronous)
        self.test_timing = schedule.testing(phases, self.test_chunk)

    @cached_property
    def learner(self):
        """The compiled network that learns."""
        return device.program(self.model, self.timing, device=self.config.device)

    @cached_property
    def tester(self):
        """The compiled network that is tested."""
        return device.program(
            self.model, self.test_timing, learning=False, device=self.config.device
        )

    def prepare(self):
        """Compile both networks, or find them compiled."""
        return self.learner, self.tester

    def refuse_other_equations(self):
        """Raise RunError if the run in the folder has other equations than ours."""
        then = self.folder.text("equations.txt")
        if then is not None and not provenance.same_equations(then, describe.text(self.model)):
            raise records.RunError(
                f"{self.folder.path} holds a run of other equations: the variant has changed; move "
                "the folder away, or choose another"
            )

    # --- training ----------------------------------------------------------------------------

    def train(self, seen, rows, values):
        """Train to the last epoch, from where ``start`` says; returns the result."""
        if not seen:
            self.folder.write_weights(records.Checkpoint(0, values), "epoch_000.npz")
        size, total = len(self.data.train_images), self.total
        bar = tqdm(total=total, initial=seen, unit="image", disable=None, dynamic_ncols=True)
        self._say(bar, rows)
        while True:
            epoch, index = divmod(seen, size)
            if not any(r["images_seen"] == seen and r["test_error"] is not None for r in rows):
                test = self._due(seen)
                if test:
                    rows.append(self._test(values, seen, test))
                    self.folder.write_metrics(rows)
                    self._say(bar, rows)
            if seen >= total:
                break
            chunk = index // self.chunk
            row, values = self._learn(values, epoch, chunk)
            seen = row["images_seen"]
            rows.append(row)
            self.folder.write_metrics(rows)
            checkpoint = records.Checkpoint(seen, values)
            if seen % size == 0:
                self.folder.write_weights(checkpoint, f"epoch_{seen // size:03d}.npz")
            self.folder.write_weights(checkpoint)
            bar.update(seen - bar.n)
            self._say(bar, rows)
        bar.close()
        if self.config.records:
            self._record(values)
        return self._finish(self.folder.metrics())

    def start(self):
        """Images seen, rows of metrics and weights: of the last checkpoint, or at the beginning."""
        fresh = weights.initial(self.model, self.config.seed)
        if not self.folder.has_checkpoint():
            if any(row["images_seen"] > self.chunk for row in self.folder.metrics()):
                raise records.RunError(
                    f"{self.folder.path} has metrics but no weights/{records.CHECKPOINT} to go on "
                    "from: choose another --out, or remove the folder to start again"
                )
            return 0, [], fresh
        seen, values = self.folder.weights()
        rows = [r for r in self.folder.metrics() if r["images_seen"] <= seen]
        epochs, place = divmod(seen, len(self.data.train_images))
        why = None
        if _kinds(values) != _kinds(fresh):
            why = "its weights are not this network's"
        elif not _finite(values):
            why = "its weights are not numbers"
        elif seen < 0 or place % self.chunk:
            why = f"no chunk ends at image {seen}"
        if why:
            raise records.RunError(f"the checkpoint in {self.folder.path} is damaged: {why}")
        if epochs + bool(place) > self.config.epochs:
            raise records.RunError(
                f"--epochs {self.config.epochs}: the run has already seen {seen} images"
            )
        return seen, rows, values

    def seed(self, purpose, *where):
        """A recorded 64-bit seed: the same for the same place in the same run."""
        sequence = np.random.SeedSequence([self.config.seed, purpose, *where])
        return int(sequence.generate_state(1, np.uint64)[0])

    def inputs(self, values, epoch, chunk, size=None):
        """What the network is given in a chunk of an epoch (both from 0) of ``size`` images."""
        size = size or self.chunk
        order = np.random.default_rng(self.seed(1, epoch)).permutation(len(self.data.train_images))
        chosen = order[chunk * size :][:size]
        return device.Inputs(
            self.data.train_images[chosen],
            self.data.train_labels[chosen],
            values,
            self.config.rates(epoch),
            self.seed(2, epoch, chunk),
        )

    def refuse_divergence(self, values, epoch, seen):
        """Raise Diverged if weights are no numbers, or no longer of any use."""
        if not _finite(values, LARGEST):
            raise Diverged(
                f"the weights grew beyond all bounds in the chunk that ends at image {seen} "
                f"(epoch {epoch + 1}): lower --eta; the last good checkpoint is kept"
            )

    def refuse_no_numbers(self, V_bar, where):
        """Raise Diverged if the output cells' potentials are no numbers, whatever the weights."""
        if not np.isfinite(V_bar).all():
            raise Diverged(
                f"the output cells' potentials are not numbers in {where}: look at the cells' "
                "equations; the last good checkpoint is kept"
            )

    def _learn(self, values, epoch, chunk):
        inputs, images = self.inputs(values, epoch, chunk), len(self.data.train_images)
        out = self.learner.run(inputs)
        seen = epoch * images + chunk * self.chunk + len(inputs.labels)
        self.refuse_divergence(out.weights, epoch, seen)
        self.refuse_no_numbers(out.V_bar, f"the chunk that ends at image {seen}")
        loss = scores.output_loss(out.phi_star, out.V_bar, self.phi_max["output"])
        row = {
            "images_seen": seen,
            "epoch": seen / images,
            "training_error": scores.error(out.V_bar, inputs.labels, self.model.classes),
            "output_loss": float(loss.mean()),
            "test_error": None,
            "test_examples": None,
            "cpu_seconds": out.cpu,
            "wall_seconds": out.wall,
        }
        return row, out.weights

    # --- testing -----------------------------------------------------------------------------

    def _due(self, seen):
        """Images to test after so many: all at an epoch's end, a few within."""
        size = len(self.data.train_images)
        if seen and seen % size == 0:
            return len(self.data.test_images)
        done = seen % size // self.chunk
        if seen and done % self.config.quick_every == 0 and self.config.quick_examples:
            return min(self.config.quick_examples, len(self.data.test_images))
        return 0

    def test(self, values, count, seed, training=False):
        """Error (per cent) on ``count`` test images, and the CPU seconds it took.

        With ``training`` the images are training images, shown as test images are.
        """
        images, labels = self.data.test_images, self.data.test_labels
        if training:
            images, labels = self.data.train_images, self.data.train_labels
        order = np.random.default_rng(seed).permutation(len(images))[:count]
        parts = [order[k : k + self.test_chunk] for k in range(0, count, self.test_chunk)]

        def one(k):
            inputs = device.Inputs(
                images[parts[k]],
                labels[parts[k]],
                values,
                {},
                int(np.random.SeedSequence([seed, k]).generate_state(1, np.uint64)[0]),
            )
            return tester.run(inputs)

        tester = self.tester
        with ThreadPoolExecutor(self.cores) as pool:
            try:
                outs = list(pool.map(one, range(len(parts))))
            except BaseException:  # Ctrl-C: what has not begun need not begin
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        V_bar = np.concatenate([out.V_bar for out in outs])
        self.refuse_no_numbers(V_bar, "a test")
        wrong = scores.error(V_bar, labels[order], self.model.classes)
        return wrong, sum(out.cpu for out in outs)

    def _test(self, values, seen, count):
        start = time.perf_counter()
        error, cpu = self.test(values, count, self.seed(3, seen))
        return {
            "images_seen": seen,
            "epoch": seen / len(self.data.train_images),
            "training_error": None,
            "output_loss": None,
            "test_error": error,
            "test_examples": count,
            "cpu_seconds": cpu,
            "wall_seconds": time.perf_counter() - start,
        }

    # --- records and results -----------------------------------------------------------------

    def _record(self, values):
        """Run the chosen test images, both phases, without learning, and write what they did."""
        chosen = list(self.config.record_images)
        timing = schedule.training(self.model.phases, len(chosen), self.model.asynchronous)
        recorder = device.program(
            self.model, timing, record=self.config.recording(), device=self.config.device
        )
        labels = self.data.test_labels[chosen]
        rates = dict.fromkeys(self.config.rates(0), 0.0)
        images = self.data.test_images[chosen]
        out = recorder.run(device.Inputs(images, labels, values, rates, self.seed(4)))
        sizes = dict(zip(self.model.population_names(), self.model.layers, strict=True))
        self.folder.write_records(
            out.records,
            sizes,
            labels,
            self.model.classes,
            schedule.phase_names(timing),
            self.config.record_neurons,
            scores.recorded_losses(out.records, sizes, self.phi_max),
            {name: self.model.variables[name] for name in self.config.record_variables},
            {name: resting.potentials(self._cell(name)) for name in sizes if name != "input"},
        )

    def _cell(self, population):
        return self.model.output if population == "output" else self.model.hidden

    @property
    def phi_max(self):
        """Highest rates of hidden and output cells, Hz."""
        cells = {"hidden": self.model.hidden, "output": self.model.output}
        return {kind: float(cell.params.phi_max) for kind, cell in cells.items()}

    def _finish(self, rows):
        learned = [r for r in rows if r["training_error"] is not None]
        tests = [r for r in rows if r["test_examples"] == len(self.data.test_images)]
        images = self.config.epochs * len(self.data.train_images)
        last = [r for r in learned if r["epoch"] > self.config.epochs - 1]
        result = {
            "test_error": tests[-1]["test_error"],
            "best_test_error": min(r["test_error"] for r in tests),
            "training_error": float(np.mean([r["training_error"] for r in last])),
            "epochs": self.config.epochs,
            "images": images,
            "cpu_ms_per_image": 1e3 * sum(r["cpu_seconds"] for r in learned) / images,
            "wall_ms_per_image": 1e3 * sum(r["wall_seconds"] for r in learned) / images,
        }
        self.folder.write_json("result.json", result)
        return result

    def _say(self, bar, rows):
        shown = {}
        for row in rows:
            if row["test_error"] is not None:
                shown["test"] = f"{row['test_error']:.1f}%"
            else:
                shown["error"] = f"{row['training_error']:.1f}%"
                shown["loss"] = f"{row['output_loss']:.2g}"
        bar.set_postfix(shown)


def _finite(values, largest=np.inf):
    return all(np.isfinite(v).all() and np.abs(v).max() < largest for v in values.values())


def _kinds(values):
    return {name: (value.shape, value.dtype) for name, value in values.items()}


def run(config, out, resume=False):
    """Train a configuration in a run folder.

    Parameters
    ----------
    config : Config
    out : path
        The run folder.
    resume : bool
        Go on with the run in the folder, if there is one.

    Returns
    -------
    dict
        ``result.json``.

    Raises
    ------
    datasets.DataError, records.RunError, device.DeviceError, Diverged, ValueError
        Each with one sentence for the user.
    """
    folder = records.RunFolder(out)
    there = (folder.path / "config.json").exists() or folder.has_checkpoint()
    if resume and there:
        other = Config.from_dict(folder.config()).differences(config)
        if other:
            why = "; ".join(other)
            raise records.RunError(f"{out} holds a run of another configuration: its {why}")
    else:
        records.create(out)
    work = Run(config, folder)  # what can be refused is refused before anything is written
    if resume and there:
        work.refuse_other_equations()
    if work.model.own_equations:
        print("trying the equations on one image ...", file=sys.stderr, flush=True)
        trial.trial(work.model)
    origin = provenance.origin(config)
    with folder.locked():
        if not (resume and there):
            records.create(out)  # another run may have come and gone
        start = work.start()
        starts = provenance.started(folder.starts(), start[0], origin)
        print("building the network ...", file=sys.stderr, flush=True)
        work.prepare()
        folder.write_config(config)
        if start[0] < work.total or config.records:  # else there is nothing left to do
            folder.write_json("provenance.json", {"seed": config.seed, "starts": starts})
        folder.write_text("equations.txt", describe.text(work.model))
        return work.train(*start)
