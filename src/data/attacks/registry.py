"""The registry of text transforms. Every attack is a pure, seeded function of the text."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import ConfigError, did_you_mean
from ...labels import Family

AttackFn = Callable[[str, random.Random], str]
InverseFn = Callable[[str], str]


@dataclass(frozen=True)
class Attack:
    """One transform. `apply` depends only on its text and generator, and accepts any string.

    `invert` undoes `apply` without knowing the generator; the docstring of `apply` says on which texts. None: the
    transform loses something. `invert` is defined on outputs of `apply` only and may raise ValueError elsewhere.
    """

    name: str  # "family/variant"
    family: Family
    reference: str
    apply: AttackFn
    held_out: bool = False  # never part of a training mixture; reported apart as "never trained"
    invert: InverseFn | None = None

    def __reduce__(self) -> tuple[Callable[[str], Attack], tuple[str]]:
        return get_attack, (self.name,)  # its functions may be lambdas, which cannot be sent to another process


ATTACKS: dict[str, Attack] = {}


def attack(
    name: str, *, reference: str, held_out: bool = False, invert: InverseFn | None = None
) -> Callable[[AttackFn], AttackFn]:
    """Register a function as the attack `family/variant`; the part before the slash names its Family."""

    def register(apply: AttackFn) -> AttackFn:
        if name in ATTACKS:
            raise ValueError(f"attack {name!r} is already registered by {ATTACKS[name].apply.__module__}")
        family = Family.parse(name.split("/")[0])
        ATTACKS[name] = Attack(name, family, reference, apply, held_out, invert)
        return apply

    return register


def get_attack(name: str) -> Attack:
    """The attack of this name. Raises ConfigError with the nearest names when there is none."""
    if name not in ATTACKS:
        hint = did_you_mean(name, ATTACKS, most=3, cutoff=0.4) or f"known: {', '.join(sorted(ATTACKS))}"
        raise ConfigError(f"unknown attack {name!r}; {hint}")
    return ATTACKS[name]


def attacks_of(family: Family | str, *, include_held_out: bool = False) -> list[Attack]:
    """The attacks of a family in name order; held-out ones only when asked for.

    Raises ConfigError when the family is unknown or has no transforms.
    """
    name = family.name.lower() if isinstance(family, Family) else family.lower()
    members = [ATTACKS[key] for key in sorted(ATTACKS) if ATTACKS[key].family.name.lower() == name]
    if not members:
        families = sorted({each.family.name.lower() for each in ATTACKS.values()})
        raise ConfigError(f"no transforms are registered for family {name!r}; families with transforms: {families}")
    return [each for each in members if include_held_out or not each.held_out]


def held_out_attacks() -> list[Attack]:
    """Every attack that no training mixture may use, of all families, in name order."""
    return [ATTACKS[key] for key in sorted(ATTACKS) if ATTACKS[key].held_out]
