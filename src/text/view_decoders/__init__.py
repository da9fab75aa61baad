"""Decoders of the notations that views undo, by kind."""

from . import ciphers, encodings, invisible, lookalikes, order, spacing, spelling
from .registry import FAMILIES, Decoder, Scan, decoders_of

# The order in which decoders are tried; those of one module in the order of their definitions.
_MODULES = (encodings, invisible, lookalikes, spacing, spelling, ciphers, order)
DECODERS: tuple[tuple[str, Decoder], ...] = tuple(entry for module in _MODULES for entry in decoders_of(module.__name__))

__all__ = ["DECODERS", "FAMILIES", "Scan"]
