"""The public interface of the attack generators: the registry of transforms, and rows generated with them."""

from .attacks import ATTACKS, Attack, attacks_of, get_attack, held_out_attacks
from .attacks.generate import (
    GeneratedExample,
    evaluation_attacks,
    generate_families,
    generate_grid,
    generated_families,
    transform_example,
)

__all__ = [
    "ATTACKS",
    "Attack",
    "GeneratedExample",
    "attacks_of",
    "evaluation_attacks",
    "generate_families",
    "generate_grid",
    "generated_families",
    "get_attack",
    "held_out_attacks",
    "transform_example",
]
