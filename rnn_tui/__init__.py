"""A laboratory in the terminal for recurrent neural networks."""

__version__ = "0.1.0"
