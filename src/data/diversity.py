"""Diversity of the generated rows, and whether their length alone tells an attack from its benign twin.

A share s of near duplicates (src/data/near_duplicates.py) among n texts leaves about (1 - s) n that differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sklearn.metrics import roc_auc_score

from ..labels import Label
from .attack_generators import GeneratedExample
from .near_duplicates import NGRAM, near_duplicate_share
from .schema import Example
from .splits import comparison_key

LENGTH_AUC_RANGE = (0.4, 0.6)  # outside this range length alone works as a detector


@dataclass(frozen=True, kw_only=True)
class Variety:
    """The attack rows or the twins of a family. "Transformed" is the text without its wrapper; for a composed row the
    attack without the document or prompt around it."""

    rows: int
    distinct_texts: int
    distinct_payloads: int  # plain texts that were transformed, case and white space folded
    distinct_ngrams: int  # character n-grams of all texts, n = NGRAM
    near_duplicate_payloads: float  # share of the distinct payloads
    near_duplicate_transformed: float  # share of the rows
    mean_chars: float


@dataclass(frozen=True, kw_only=True)
class FamilyDiversity:
    """AUC of the number of characters as a score for "attack": 0.5 says nothing, below 0.5 the twins are longer."""

    attack: Variety | None  # None: no such rows
    twin: Variety | None
    length_auc: float | None  # of whole texts; None without both kinds
    length_auc_transformed: float | None

    @property
    def is_length_matched(self) -> bool:
        """False when length alone works as a detector, for whole texts or without their wrappers."""
        low, high = LENGTH_AUC_RANGE
        return all(auc is None or low <= auc <= high for auc in (self.length_auc, self.length_auc_transformed))


def measure_diversity(rows: Iterable[Example]) -> dict[str, FamilyDiversity]:
    """Family -> its diversity, in name order. Natural rows are not counted.

    Transformed rows and their twins belong to the family of the transform. Planted injections, framed goals and their mirrors
    are one family, "composed"; look-alikes are a family of benign rows only.
    """
    by_family: dict[str, tuple[list[Example], list[Example]]] = defaultdict(lambda: ([], []))
    for row in rows:
        family = _family_of(row)
        if family is not None:
            by_family[family][row.label == Label.BENIGN].append(row)
    return {
        family: FamilyDiversity(
            attack=_measure_variety(attacks),
            twin=_measure_variety(twins),
            length_auc=_length_auc([len(row.text) for row in attacks], [len(row.text) for row in twins]),
            length_auc_transformed=_length_auc([len(_core_text(row)) for row in attacks], [len(_core_text(row)) for row in twins])
            if family != COMPOSED
            else None,  # a mirror has no part that corresponds to the attack
        )
        for family, (attacks, twins) in sorted(by_family.items())
    }


COMPOSED = "composed"
_FAMILY_OF_SOURCE = {
    "planted_": COMPOSED,
    "framed": COMPOSED,
    "padded": COMPOSED,
    "mirror_": COMPOSED,
    "lookalike_": "lookalikes",
}


def _family_of(row: Example) -> str | None:
    """The family that a generated row is counted in; None: a natural row."""
    if row.attack is not None:
        return row.attack.split("/")[0]
    return next((family for prefix, family in _FAMILY_OF_SOURCE.items() if row.source.startswith(prefix)), None)


def _measure_variety(rows: Sequence[Example]) -> Variety | None:
    if not rows:
        return None
    payloads = sorted({comparison_key(row.payload if isinstance(row, GeneratedExample) else _core_text(row)) for row in rows})
    return Variety(
        rows=len(rows),
        distinct_texts=len({row.text for row in rows}),
        distinct_payloads=len(payloads),
        distinct_ngrams=len(set().union(*(_ngrams(row.text, NGRAM) for row in rows))),
        near_duplicate_payloads=near_duplicate_share(payloads),
        near_duplicate_transformed=near_duplicate_share([_core_text(row) for row in rows]),
        mean_chars=fmean(len(row.text) for row in rows),
    )


def _core_text(row: Example) -> str:
    """The text without the wrapper or document around it."""
    start, end = row.core if isinstance(row, GeneratedExample) else (row.span or (0, len(row.text)))
    return row.text[start:end]


def _ngrams(text: str, n: int) -> set[str]:
    """Every run of n characters; for a shorter text, the whole text."""
    return {text[place : place + n] for place in range(max(1, len(text) - n + 1))}


def _length_auc(attacks: Sequence[int], twins: Sequence[int]) -> float | None:
    if not attacks or not twins:
        return None
    return float(roc_auc_score([1] * len(attacks) + [0] * len(twins), [*attacks, *twins]))
