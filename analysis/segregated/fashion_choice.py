"""Errors on held-out training images of the settings that were tried on Fashion-MNIST.

python -m analysis fashion_choice
"""

from analysis.drawing.candidates import draw_ranked as draw

__all__ = ["draw"]
