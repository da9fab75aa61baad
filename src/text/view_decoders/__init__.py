"""Decoders of the notations that views undo, by kind. The order of the imports is the order in which they are tried."""

from . import encodings, invisible, lookalikes, spacing, spelling, ciphers, order  # noqa: F401, I001
from .registry import DECODERS, FAMILIES, Scan

__all__ = ["DECODERS", "FAMILIES", "Scan"]
