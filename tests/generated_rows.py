"""Generated rows of a single family."""

from collections.abc import Sequence
from typing import Any

from src.data.attack_generators import GeneratedExample, generate_families, get_attack
from src.data.schema import Example


def generate_family(
    family: str,
    payloads: Sequence[Example],
    benign: Sequence[Example],
    *,
    count: int,
    twin_count: int,
    attacks: Sequence[str] | None = None,
    **settings: Any,
) -> list[GeneratedExample]:
    """`count` attack rows, then `twin_count` twins; `attacks` names transforms to use instead of the family's trainable ones."""
    transforms = None if attacks is None else {family: [get_attack(name) for name in attacks]}
    return generate_families({family: (count, twin_count)}, payloads, benign, attacks=transforms, **settings)[family]
