"""A condition stands once: what it is called, how it is trained, what the paper found, its look."""

from typing import NamedTuple


class Condition(NamedTuple):
    """One trained network. Its name, which keys tables and run folders, is its page's.

    Attributes
    ----------
    label : str
        What figures and tables call it.
    options : dict
        Of a run and of its theory: fields of ``experiments.run.config.Config``.
    epochs : int
        Passes through the training images.
    paper : float or None
        The paper's test error, per cent; None: it gives no number.
    network : str or None
        The condition whose network it is, if not its own.
    estimate : tuple or None
        (lowest, highest) test error, per cent, read off the paper's figure; with a third, the
        name of a condition, above the mean of that one's tests.
    look : tuple or None
        Colour, marker and line in figures, as Matplotlib has them; None: by its place.
    """

    label: str
    options: dict
    epochs: int
    paper: float | None = None
    network: str | None = None
    estimate: tuple | None = None
    look: tuple | None = None

    def described(self):
        """What figures and tables need of it, as data."""
        low, high, above = (*(self.estimate or (None, None)), None)[:3]
        return {
            "label": self.label,
            "paper": self.paper,
            "estimate": [low, high, above] if self.estimate else None,
            "look": list(self.look) if self.look else None,
            "epochs": self.epochs,
        }
