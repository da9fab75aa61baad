"""Keys, de-duplication and splits: what keeps a text from being trained on and tested on."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from src.data.schema import Example
from src.errors import DataError
from src.labels import Label

# Format characters, variation selectors and tags: what can be put into a text without changing how it reads.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def comparison_key(text: str) -> str:
    """What two texts are compared by: compatibility form, case, white space and invisible characters folded.

    For comparison only. The text that is trained on and scored stays raw.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
        text = unicodedata.normalize("NFKC", text)  # folding case can leave a form that composes again
    return " ".join(text.casefold().split())


def key_hash(text: str) -> str:
    """A short hash of the comparison key."""
    return hashlib.blake2b(comparison_key(text).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def unit_interval(*parts: object) -> float:
    """A deterministic number in [0, 1) for these values: order and number of other rows never change it."""
    digest = hashlib.blake2b(":".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def split_of(group: str, *, seed: int, test_fraction: float) -> str:
    """`train` or `test`. The group is hashed, not the row, so that adding a source never moves an existing row."""
    return "test" if unit_interval(seed, group) < test_fraction else "train"


@dataclass(frozen=True)
class Deduplicated:
    examples: list[Example]
    duplicates: int  # rows dropped because an equal text with the same label stands earlier
    contradictions: int  # rows dropped because an equal text has a label that denies theirs


def deduplicate(examples: Sequence[Example]) -> Deduplicated:
    """One row per comparison key and label: the first by (source, group, text), whatever the order of the input.

    A text that one row calls benign and another an attack, or one an injection and another a jailbreak, is dropped
    altogether: neither label can be trusted. An obfuscated attack may stand beside the plain attack that it hides,
    because the key folds away just what was added (zero-width characters, full-width letters).
    """
    by_key: dict[str, list[Example]] = {}
    for example in sorted(examples, key=lambda e: (e.source, e.group, e.text)):
        by_key.setdefault(key_hash(example.text), []).append(example)
    kept, duplicates, contradictions = [], 0, 0
    for rows in by_key.values():
        labels = {row.label for row in rows}
        if (Label.BENIGN in labels and len(labels) > 1) or {Label.DIRECT_INJECTION, Label.JAILBREAK} <= labels:
            contradictions += len(rows)
            continue
        firsts = {row.label: row for row in reversed(rows)}
        kept += [firsts[label] for label in sorted(firsts)]
        duplicates += len(rows) - len(firsts)
    return Deduplicated(kept, duplicates, contradictions)


def assert_disjoint(a: Iterable[Example], b: Iterable[Example], names: str) -> None:
    """Raise DataError if two splits share a group."""
    shared = {example.group for example in a} & {example.group for example in b}
    if shared:
        raise DataError(f"{names} share {len(shared)} groups, such as {sorted(shared)[:3]}; split by group before augmenting")
