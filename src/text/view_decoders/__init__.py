"""Decoders of the notations that views undo, by kind. They are tried in the order of the imports."""

from . import encodings, invisible, lookalikes, spacing, spelling, ciphers, order  # noqa: F401, I001
from .registry import DECODERS, FAMILIES, Scan

__all__ = ["DECODERS", "FAMILIES", "Scan"]
