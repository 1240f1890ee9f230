"""The cell of the paper: passive soma, fully segregated apical dendrite (P Eqs 1-5)."""

from models.segregated.pyramidal import NEURON

__all__ = ["NEURON"]
