"""The unit of data that every stage of the pipeline passes on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from ..labels import Family, Label
from ..text.chars import replace_lone_surrogates

log = logging.getLogger(__name__)

TEXT_FIELDS = ("text", "source", "group", "category", "lang")  # fields whose text comes from files


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text with everything that is known about it. `text` is raw: never normalised, never cut."""

    text: str
    label: Label
    family: Family
    source: str
    group: str  # rows that share a payload, behaviour or template; a group never straddles two splits
    attack: str | None = None  # registered transform that made the text, such as "flip/fcs"; None: natural text
    category: str | None = None  # the source's own name for a kind of row; evaluation reports each apart
    lang: str = "und"
    split: str = "train"
    licence: str = "unknown"
    span: tuple[int, int] | None = None  # characters [start, end) that hold the attack; None: the whole text


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedExample(Example):
    """An Example with the place that it was read from, for checks that name it."""

    place: str  # FILE:LINE


def placed(example: Example, place: str) -> PlacedExample:
    """The example with its place, FILE:LINE."""
    return PlacedExample(**{item.name: getattr(example, item.name) for item in fields(Example)}, place=place)


def labels_of(examples: Sequence[Example]) -> np.ndarray:
    """(N,) int64 class ids."""
    return np.array([example.label for example in examples], dtype=np.int64)


def families_of(examples: Sequence[Example]) -> np.ndarray:
    """(N,) int64 family ids."""
    return np.array([example.family for example in examples], dtype=np.int64)


def groups_of(examples: Sequence[Example], mask: np.ndarray) -> list[str]:
    """Groups of the rows where `mask`, (N,) bool, is true, in their order."""
    return [example.group for example, is_selected in zip(examples, mask, strict=True) if is_selected]


def without_lone_surrogates(examples: Iterable[Example]) -> list[Example]:
    """The rows with lone surrogates replaced, so that every later stage can write them; a warning counts the changed rows."""
    rows, changed = [], dict[str, int]()
    for example in examples:
        values = {name: value for name in TEXT_FIELDS if (value := getattr(example, name)) and not value.isascii()}
        readable: dict[str, Any] = {
            name: new for name, value in values.items() if (new := replace_lone_surrogates(value)) != value
        }
        if readable:
            example = replace(example, **readable)
            changed[example.source] = changed.get(example.source, 0) + 1
        rows.append(example)
    for source, count in sorted(changed.items()):
        log.warning(
            "source %s: %s rows hold halves of a character (lone surrogates, such as \\ud83d); each is read as U+FFFD, the "
            "replacement character",
            source,
            f"{count:,}",
        )
    return rows
