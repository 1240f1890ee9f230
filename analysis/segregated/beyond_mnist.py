"""Test errors on Fashion-MNIST and CIFAR-10, and those of backpropagation through the same cells.

python -m analysis beyond_mnist
"""

from analysis.drawing.conditions import draw

__all__ = ["draw"]
