"""Surface facts of the raw string, before any tokenizer: invisible characters, scripts and kinds of characters.

The normaliser of bert-base-uncased deletes tags, variation selectors and zero-width characters, so they are counted here.
Everything is a count over code points in numpy.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from .chars import BUCKETS, CHAR_VOCAB_SIZE, FIRST_BUCKET_ID, NUM_ASCII, char_ids_of, code_points_of

# Kinds of characters, by the buckets of the character table.
INVISIBLE = {
    "soft_hyphen",
    "zero_width_space",
    "zero_width_non_joiner",
    "zero_width_joiner",
    "word_joiner",
    "byte_order_mark",
    "invisible_operator",
    "blank_filler",
    "format_other",
}
BIDI_CONTROLS = {"bidi_override", "bidi_isolate"}
SELECTORS = {"variation_selector", "presentation_selector", "variation_selector_supplement"}
LATIN = {"latin_1", "latin_extended", "latin_additional", "phonetic"}
SCRIPTS = {
    "greek",
    "cyrillic",
    "armenian_georgian",
    "hebrew",
    "arabic",
    "right_to_left_other",
    "devanagari",
    "indic_other",
    "thai_lao",
    "hangul",
    "cherokee",
    "kana",
    "bopomofo",
    "han",
}
IMITATIONS = {"fullwidth", "mathematical_letter", "mathematical_digit", "enclosed_letter", "letterlike"}
SEPARATORS = " .-_*|/"

# Kinds of a single character, in the order of the columns of `character_kinds`. Kinds overlap.
CHARACTER_KINDS = (
    "letters",
    "ascii_letters",
    "upper_case",  # ASCII
    "digits",
    "symbols",
    "invisible",
    "bidi_controls",
    "tags",
    "variation_selectors",
    "combining_marks",
    "imitations",
)


@dataclass(frozen=True, slots=True)
class SurfaceFacts:
    """Counts over the code points of one text; shares are of all its characters, 0 for the empty text."""

    characters: int
    letters: int  # of any script
    ascii_letters: int
    upper_case: int  # ASCII
    digits: int
    spaces: int
    symbols: int  # visible ASCII that is neither letter nor digit
    invisible: int  # zero-width, joiners, soft hyphens, fillers
    bidi_controls: int
    tags: int  # U+E0000..E007F
    variation_selectors: int
    combining_marks: int
    imitations: int  # full-width, mathematical, enclosed and letterlike forms of Latin letters and digits
    scripts: int  # scripts with at least one letter, Latin included
    repeated_separators: int  # single characters between two equal separators
    longest_word: int  # characters between white space

    def shares(self) -> np.ndarray:
        """The counts as shares of the characters, float32, in the order of the fields but `characters`.

        `scripts` and `longest_word` are squashed to [0, 1) by x / (x + 8).
        """
        size = max(self.characters, 1)
        values = []
        for field in fields(self)[1:]:
            value = getattr(self, field.name)
            values.append(value / (value + 8) if field.name in ("scripts", "longest_word") else value / size)
        return np.array(values, dtype=np.float32)


@cache
def _bucket_names() -> np.ndarray:
    """Character id -> name of its bucket, "ascii" for the first ones."""
    names = np.full(CHAR_VOCAB_SIZE, "ascii", dtype=object)
    base = FIRST_BUCKET_ID
    for name, slots, _ in BUCKETS:
        names[base : base + slots] = name
        base += slots
    return names


@cache
def _bucket_mask(buckets: frozenset[str]) -> np.ndarray:
    """Character id -> whether its bucket is in `buckets`, (CHAR_VOCAB_SIZE,) bool."""
    return np.array([name in buckets for name in _bucket_names()])


@cache
def _ascii_kind() -> np.ndarray:
    """Character id -> 1 letter, 2 digit, 3 space, 4 other visible ASCII, 0 anything else."""
    kinds = np.zeros(CHAR_VOCAB_SIZE, dtype=np.int8)
    for code in range(NUM_ASCII):
        char = chr(code)
        kinds[code + 1] = 1 if char.isalpha() else 2 if char.isdigit() else 3 if char.isspace() else 4 * char.isprintable()
    return kinds


@cache
def character_kinds() -> np.ndarray:
    """Character id -> 1 for each of its CHARACTER_KINDS, (CHAR_VOCAB_SIZE, K) float32; all 0 for padding."""
    ascii_kind = _ascii_kind()
    is_latin = (ascii_kind == 1) | _bucket_mask(frozenset(LATIN))
    upper = np.zeros(CHAR_VOCAB_SIZE, dtype=bool)
    upper[ord("A") + 1 : ord("Z") + 2] = True
    by_kind = {
        "letters": is_latin | _bucket_mask(frozenset(SCRIPTS)),
        "ascii_letters": ascii_kind == 1,
        "upper_case": upper,
        "digits": ascii_kind == 2,
        "symbols": ascii_kind == 4,
        "invisible": _bucket_mask(frozenset(INVISIBLE)),
        "bidi_controls": _bucket_mask(frozenset(BIDI_CONTROLS)),
        "tags": _bucket_mask(frozenset({"tag"})),
        "variation_selectors": _bucket_mask(frozenset(SELECTORS)),
        "combining_marks": _bucket_mask(frozenset({"combining"})),
        "imitations": _bucket_mask(frozenset(IMITATIONS)),
    }
    return np.stack([by_kind[kind] for kind in CHARACTER_KINDS], axis=1).astype(np.float32)


def in_buckets(char_ids: np.ndarray, buckets: set[str]) -> np.ndarray:
    """Which characters belong to one of the named buckets, (N,) bool."""
    return _bucket_mask(frozenset(buckets))[char_ids]


def scripts_of(text: str) -> dict[str, int]:
    """Letters per script, the most frequent first."""
    ids = char_ids_of(code_points_of(text))
    counts = {"latin": int(np.count_nonzero(_ascii_kind()[ids] == 1)) + int(np.count_nonzero(in_buckets(ids, LATIN)))}
    counts |= {script: int(np.count_nonzero(in_buckets(ids, {script}))) for script in sorted(SCRIPTS)}
    return {script: count for script, count in sorted(counts.items(), key=lambda item: -item[1]) if count}


def surface_facts(text: str) -> SurfaceFacts:
    """The facts about a text. Any string, lone surrogates included."""
    code_points = code_points_of(text)
    ids = char_ids_of(code_points)
    counts = np.bincount(ids, minlength=CHAR_VOCAB_SIZE)

    by_kind = dict(zip(CHARACTER_KINDS, map(int, counts @ character_kinds()), strict=True))
    scripts = [int(counts[_bucket_mask(frozenset({script}))].sum()) for script in SCRIPTS]
    latin = by_kind["letters"] - sum(scripts)
    separators = np.isin(code_points, [ord(char) for char in SEPARATORS])
    is_enclosed = separators[:-2] & separators[2:] & ~separators[1:-1] & (code_points[:-2] == code_points[2:])
    spaces = np.flatnonzero(_ascii_kind()[ids] == 3)
    edges = np.concatenate(([-1], spaces, [len(ids)]))
    return SurfaceFacts(
        characters=len(ids),
        spaces=len(spaces),
        scripts=sum(count > 0 for count in (latin, *scripts)),
        repeated_separators=int(np.count_nonzero(is_enclosed)),
        longest_word=int(np.diff(edges).max()) - 1,
        **by_kind,
    )


def printable(text: str, limit: int) -> str:
    """The first `limit` characters with invisible ones (control, format and unassigned characters, non-spacing marks) written as
    their code points."""
    visible = [
        f"<U+{ord(char):04X}>" if unicodedata.category(char)[0] == "C" or unicodedata.category(char) == "Mn" else char
        for char in text[:limit]
    ]
    return "".join(visible) + (f" ... ({len(text) - limit:,} more characters)" if len(text) > limit else "")
