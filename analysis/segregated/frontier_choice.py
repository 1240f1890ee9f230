"""Errors on held-out training images with each lever, and with several of them.

python -m analysis frontier_choice
"""

from analysis.drawing.candidates import draw_ranked as draw

__all__ = ["draw"]
