"""Figures of the pages on backpropagation and feedback alignment."""
