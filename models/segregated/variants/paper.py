"""The cell of the paper: passive soma, fully segregated apical dendrite (P Eqs 1-5)."""

from models.segregated.pyramidal import HIDDEN

__all__ = ["HIDDEN"]
