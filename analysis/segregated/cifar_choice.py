"""Errors on held-out training images of the settings that were tried on CIFAR-10 (JPEG).

python -m analysis cifar_choice
"""

from analysis.drawing.candidates import draw_ranked as draw

__all__ = ["draw"]
