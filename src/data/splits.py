"""Comparison keys, which say when two texts are the same, and the assignment of groups to splits."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from ..errors import DataError
from .schema import Example

# Format characters, variation selectors and tags: what can be put into a text without changing how it reads.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def comparison_key(text: str) -> str:
    """The form in which texts are compared: compatibility form, case, white space and invisible characters folded.

    For comparison only. The text that is trained on and scored stays raw.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
        text = unicodedata.normalize("NFKC", text)  # folding case can leave a form that composes again
    return " ".join(text.casefold().split())


def key_hash(text: str) -> str:
    """A short hash of the comparison key."""
    return hashlib.blake2b(comparison_key(text).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def key_number(key: str) -> int:
    """A hash of a comparison key below 2^64: two of a million keys share one with a chance of 3 in 100 million."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def own_group(text: str) -> str:
    """The group of a text that has no relation to other rows.

    It does not name the source, so that a text stays in its split when another source has it too.
    """
    return f"text:{key_hash(text)}"


def unit_interval(*parts: object) -> float:
    """A deterministic number in [0, 1) for these values: order and number of other rows never change it."""
    digest = hashlib.blake2b(":".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def split_of(group: str, *, seed: int, test_fraction: float) -> str:
    """`train` or `test`. The group is hashed, not the row, so that adding a source never moves an existing row."""
    return "test" if unit_interval(seed, group) < test_fraction else "train"


def assert_disjoint(a: Iterable[Example], b: Iterable[Example], names: str) -> None:
    """Raise DataError if two splits share a group."""
    shared = {example.group for example in a} & {example.group for example in b}
    if shared:
        raise DataError(f"{names} share {len(shared)} groups, such as {sorted(shared)[:3]}; split by group before augmenting")
