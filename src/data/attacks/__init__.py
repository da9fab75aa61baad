"""Text transforms that hide an attack, one module per family. Importing the package registers all of them."""

from . import (
    char_injection,
    code_chameleon,
    encoding,
    flip,
    homoglyph,
    other_cipher,
    spacing,
    typoglycemia,
)
from .registry import ATTACKS, Attack, attacks_of, get_attack, held_out_attacks

__all__ = [
    "ATTACKS",
    "Attack",
    "attacks_of",
    "char_injection",
    "code_chameleon",
    "encoding",
    "flip",
    "get_attack",
    "held_out_attacks",
    "homoglyph",
    "other_cipher",
    "spacing",
    "typoglycemia",
]
