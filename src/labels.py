"""What the guard predicts: four classes and sixteen attack families. Imports no module of this project."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class _NamedIndex(IntEnum):
    """An IntEnum whose value is a column of a probability matrix and whose lower-case name is written to files."""

    @classmethod
    def parse(cls, name: str) -> Self:
        """The member with this name, in any case. Raises ValueError that lists the names."""
        if name.upper() not in cls.__members__:
            raise ValueError(f"unknown {cls.__name__.lower()} {name!r}; expected one of {cls.names()}")
        return cls[name.upper()]

    @classmethod
    def names(cls) -> list[str]:
        """Lower-case names in index order."""
        return [member.name.lower() for member in cls]


class Label(_NamedIndex):
    """The class. The value is the class index: logits[:, Label.JAILBREAK]."""

    BENIGN = 0
    DIRECT_INJECTION = 1
    JAILBREAK = 2
    OBFUSCATION = 3


class Family(_NamedIndex):
    """How the attack works. Four bits of the response code, so the order is fixed."""

    NONE = 0
    DIRECT_INJECTION = 1
    INDIRECT_INJECTION = 2
    PROMPT_EXTRACTION = 3
    JAILBREAK_PERSONA = 4
    JAILBREAK_OPTIMIZED = 5
    HARMFUL_REQUEST = 6
    FLIP = 7
    CODE_CHAMELEON = 8
    HOMOGLYPH = 9
    ENCODING = 10
    CHAR_INJECTION = 11
    TYPOGLYCEMIA = 12
    OTHER_CIPHER = 13
    RESERVED = 14
    UNKNOWN = 15  # an attack whose source does not state the family; left out of the family loss


NUM_LABELS = len(Label)
NUM_FAMILIES = len(Family)
