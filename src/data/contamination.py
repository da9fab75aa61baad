"""Duplicates among the rows, and training rows that overlap evaluation rows.

Texts are compared in all their forms (src/data/fingerprints.py), so a payload in Base64 in a training row matches the same
payload written backwards in an evaluation row. Paraphrases and translations are not detected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from ..labels import Label
from .fingerprints import Fingerprints, concatenate, fingerprint_all
from .schema import Example, labels_of


@dataclass(frozen=True)
class Rows:
    """Examples with their fingerprints."""

    examples: list[Example]
    prints: Fingerprints

    def __len__(self) -> int:
        return len(self.examples)

    def select(self, mask: np.ndarray) -> Rows:
        """The rows where `mask` (N,) is true."""
        return Rows(
            [example for example, is_selected in zip(self.examples, mask, strict=True) if is_selected], self.prints.select(mask)
        )


def join(parts: Sequence[Rows]) -> Rows:
    return Rows([example for part in parts for example in part.examples], concatenate([part.prints for part in parts]))


def rows_of(
    examples: Iterable[Example], *, with_views: bool, cache_dir: Path | None, workers: int = 0, desc: str = "comparing texts"
) -> Rows:
    """The examples in an order that does not depend on that of the files, fingerprinted source by source.

    A source that was added later costs its own time only: the others are in the cache.
    """
    ordered = sorted(examples, key=lambda example: (example.source, example.group, example.text, example.label))
    sources = [[example.text for example in members] for _, members in groupby(ordered, key=lambda example: example.source)]
    prints = fingerprint_all(sources, with_views=with_views, cache_dir=cache_dir, workers=workers, desc=desc)
    return Rows(ordered, concatenate(prints))


@dataclass(frozen=True)
class Deduplicated:
    rows: Rows
    duplicates: int  # rows dropped because an earlier row has the same text and label
    near_duplicates: int  # rows dropped because an earlier row with the same label is nearly equal
    contradictions: int  # rows dropped because an equal text has a contradictory label
    by_source: dict[str, dict[str, int]]  # source -> exact, near, contradictions -> rows dropped


def deduplicate(rows: Rows) -> Deduplicated:
    """One row per comparison key and label, and of near duplicates with the same label the first.

    A text that one row calls benign and another an attack, or one an injection and another a jailbreak, is dropped
    altogether: neither label can be trusted. An obfuscated attack may stand beside the plain attack that it hides,
    because the key removes exactly what was added (zero-width characters, full-width letters). Near duplicates with
    different labels stay: a benign mirror differs from its attack in a word.
    """
    labels = labels_of(rows.examples)
    _, key_places = np.unique(rows.prints.keys, return_inverse=True)  # (N,) number of each row's key
    has_label = np.zeros((key_places.max(initial=-1) + 1, len(Label)), dtype=bool)
    has_label[key_places, labels] = True
    is_contradictory = has_label[:, Label.BENIGN] & (has_label.sum(axis=1) > 1)
    is_contradictory |= has_label[:, Label.DIRECT_INJECTION] & has_label[:, Label.JAILBREAK]
    contradictions = is_contradictory[key_places]

    _, firsts = np.unique(key_places * len(Label) + labels, return_index=True)
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[firsts] = True
    unique = is_first & ~contradictions

    near = np.zeros(len(rows), dtype=bool)
    for label in np.unique(labels):
        of_label = np.flatnonzero(unique & (labels == label))
        mask = np.zeros(len(rows), dtype=bool)
        mask[of_label] = True
        near[of_label] = rows.prints.select(mask).near_earlier()
    duplicates = ~is_first & ~contradictions
    dropped = {"exact": duplicates, "near": near, "contradictions": contradictions}
    return Deduplicated(
        rows.select(unique & ~near),
        duplicates=int(duplicates.sum()),
        near_duplicates=int(near.sum()),
        contradictions=int(contradictions.sum()),
        by_source=_count_by_source(rows, dropped),
    )


def _count_by_source(rows: Rows, dropped: Mapping[str, np.ndarray]) -> dict[str, dict[str, int]]:
    """Source -> key -> number of its rows that the mask of the key selects; sources without any are absent."""
    counts: dict[str, dict[str, int]] = {}
    for key, mask in dropped.items():
        for place in np.flatnonzero(mask):
            source_counts = counts.setdefault(rows.examples[place].source, {})
            source_counts[key] = source_counts.get(key, 0) + 1
    return counts


REASONS = ("exact", "near", "group")


def find_overlap(rows: Rows, held_out: Rows) -> dict[str, np.ndarray]:
    """Reason -> (N,) bool: which rows overlap the held-out rows, each under the first reason that applies."""
    groups = {example.group for example in held_out.examples}
    exact = rows.prints.exact_in(held_out.prints)
    near = rows.prints.near_in(held_out.prints) & ~exact
    grouped = np.array([example.group in groups for example in rows.examples], dtype=bool) & ~exact & ~near
    return dict(zip(REASONS, (exact, near, grouped), strict=True))


@dataclass(frozen=True)
class Overlap:
    """Rows dropped because held-out sets recognise them; a row that two sets recognise counts under both."""

    by_set: dict[str, dict[str, int]]  # set -> reason -> rows, where any
    by_source: dict[str, dict[str, int]]  # source of the dropped rows -> set -> rows, where any


def drop_overlap(rows: Rows, held_out: Mapping[str, Rows]) -> tuple[Rows, Overlap]:
    """The rows that no held-out set recognises, and which sets recognise the others."""
    masks = find_overlap(rows, join(list(held_out.values())))
    dropped = np.logical_or.reduce([masks[reason] for reason in REASONS])
    candidates = rows.select(dropped)
    by_set, mask_by_set = {}, {}
    for name, set_rows in held_out.items() if len(candidates) else ():
        set_masks = find_overlap(candidates, set_rows)
        count_by_reason = {reason: int(mask.sum()) for reason, mask in set_masks.items()}
        if any(count_by_reason.values()):
            by_set[name] = count_by_reason
            mask_by_set[name] = np.logical_or.reduce([set_masks[reason] for reason in REASONS])
    return rows.select(~dropped), Overlap(by_set, _count_by_source(candidates, mask_by_set))
