"""Moves that disguise a payload; src/evaluation/recoverable.py decides whether the disguised text still carries it.

A disguise has layers, from the inside: edits of words and characters, up to two registered transforms, a split into two parts, a
wrapper, padding.
A move changes one layer. No move paraphrases, and each accepts any text.
"""

from __future__ import annotations

import functools
import random
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..data.attack_generators import ATTACKS, get_attack
from ..data.attacks.char_injection import SOFT_HYPHEN, ZERO_WIDTH
from ..data.attacks.homoglyph import mixed_table, script_table
from ..data.attacks.wrappers import COVERS, INVISIBLE, Cover, Wrapper, wrappers_for
from .recoverable import (
    CLAUSE_END,
    FILLERS,
    MIN_EDITED_WORD_LETTERS,
    UNREADABLE,
    WORD,
    Move,
    clauses_of,
    edit_distance,
    is_mark,
)

MAX_TRANSFORMS = 2
MAX_CODED_CHARS = 12_000  # length of the transformed payload; some transforms write eight characters for one
_TRANSFORMS = sorted(set(ATTACKS) - UNREADABLE)


@dataclass(frozen=True)
class Disguise:
    """A payload and the layers that disguise it."""

    original: str
    reference: str  # the original, its clauses in the order of the disguise
    core: str  # the reference with its words and characters edited
    coded: str  # the core after the transforms
    edits: tuple[str, ...] = ()  # names, each once
    transforms: tuple[tuple[str, int], ...] = ()  # names and seeds, the innermost first
    split: Move | None = None
    wrapper: Move | None = None
    padding: Move | None = None

    @classmethod
    def of(cls, payload: str) -> Disguise:
        """A payload without any layer."""
        return cls(payload, payload, payload, payload)

    @property
    def around(self) -> list[Move]:
        return [layer for layer in (self.wrapper, self.padding) if layer is not None]

    @property
    def text(self) -> str:
        text = self.coded
        if self.split is not None:
            middle = _middle_of(text)
            text = text[:middle] + self.split.between + text[middle:]
        for layer in self.around:
            text = layer.before + text + layer.after
        return text

    @property
    def moves(self) -> list[Move]:
        """The layers, the innermost first."""
        edits = [Move(name, reference=self.reference if name == "words/reorder" else None) for name in self.edits]
        return [*edits, *(Move(name) for name, _ in self.transforms), *([self.split] if self.split else []), *self.around]

    @functools.cached_property
    def edit_size(self) -> float:
        """Edit distance between the payload and its disguised form, per character of the payload; without wrapper and padding."""
        return edit_distance(self.original, self.coded) / len(self.original)

    @property
    def added_chars(self) -> int:
        """Number of characters in split, wrapper and padding."""
        return len(self.text) - len(self.coded)

    def with_core(self, name: str, core: str, reference: str | None = None) -> Disguise | None:
        """Replace the core, keeping the transforms. None if a transform leaves the text unchanged or makes it too long."""
        edits = self.edits if name in self.edits else (*self.edits, name)
        disguise = replace(self, core=core, reference=self.reference if reference is None else reference, edits=edits)
        return disguise.with_transforms(self.transforms, keep_wrapper=True)

    def with_transforms(self, transforms: tuple[tuple[str, int], ...], *, keep_wrapper: bool = False) -> Disguise | None:
        """Replace the transforms and drop the wrapper, which describes the old ones. None as in `with_core`."""
        text = self.core
        for name, seed in transforms:
            result = ATTACKS[name].apply(text, random.Random(seed))
            if result == text or len(result) > MAX_CODED_CHARS:
                return None
            text = result
        wrapper = self.wrapper if keep_wrapper else None
        return replace(self, transforms=transforms, coded=text, wrapper=wrapper)


def _middle_of(text: str) -> int:
    """Where a text is split: before the clause, or else the word, that starts nearest to its middle."""
    starts = [gap.end() for gap in CLAUSE_END.finditer(text)] or [gap.end() for gap in re.finditer(r"\s+", text)]
    return min(starts, key=lambda start: abs(2 * start - len(text)), default=len(text))


# ---- moves -----------------------------------------------------------------------------------------------------------

MoveFn = Callable[[Disguise, random.Random, Sequence[str]], Disguise | None]
EditFn = Callable[[str, random.Random], str | None]

_WORD_EDIT_COUNTS = (1, 2, 4, 8)  # words
_CHAR_EDIT_COUNTS = (1, 4, 16, 64)  # characters; these edits lose no letter
_SPACES = ("  ", "\t", "\n", "\u00a0", "\u3000", "\u2009")
_MARKS = ".,;:!?-'*~"
_PAD_CHARS = (200, 1000, 4000, 11_000)  # the views search fewer than the last at once


def _edit_words(change: Callable[[str, random.Random], str]) -> EditFn:
    """Change some of the words that are long enough to stay readable."""

    def edit(text: str, rng: random.Random) -> str | None:
        words = [word for word in WORD.finditer(text) if len(word[0]) >= MIN_EDITED_WORD_LETTERS]
        if not words:
            return None
        sample = rng.sample(words, min(rng.choice(_WORD_EDIT_COUNTS), len(words)))
        for word in sorted(sample, key=lambda each: -each.start()):
            text = text[: word.start()] + change(word[0], rng) + text[word.end() :]
        return text

    return edit


def _insert(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) + 1)
    return word[:place] + rng.choice(string.ascii_lowercase) + word[place:]


def _delete(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _swap(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _repeat(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[:place] + word[place] + word[place:]


def _edit_chars(fits: Callable[[str], bool], change: Callable[[str, random.Random], str]) -> EditFn:
    """Change some of the characters for which `fits` is true."""

    def edit(text: str, rng: random.Random) -> str | None:
        places = [place for place, char in enumerate(text) if fits(char)]
        if not places:
            return None
        chars = list(text)
        for place in rng.sample(places, min(rng.choice(_CHAR_EDIT_COUNTS), len(places))):
            chars[place] = change(chars[place], rng)
        return "".join(chars)

    return edit


@functools.cache
def _look_alikes() -> Mapping[str, str]:
    others = (mixed_table(), script_table("CHEROKEE"))
    return {letter: "".join(table.get(letter, "") for table in others) for letter in string.ascii_letters}


def _change_spacing(text: str, rng: random.Random) -> str | None:
    """Change white space, split a word or join two words."""
    return rng.choice((_SPACE_EDIT, _SPLIT_EDIT, _join_words))(text, rng)


_SPACE_EDIT = _edit_chars(lambda char: char == " ", lambda char, rng: rng.choice(_SPACES))


def _split(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word))
    return f"{word[:place]} {word[place:]}"


_SPLIT_EDIT = _edit_words(_split)


def _join_words(text: str, rng: random.Random) -> str | None:
    gaps = [gap.start() for gap in re.finditer(r"(?<=\w) (?=\w)", text)]
    if not gaps:
        return None
    place = rng.choice(gaps)
    return text[:place] + text[place + 1 :]


def _change_punctuation(text: str, rng: random.Random) -> str | None:
    """Add marks after or inside words, or remove all marks."""
    return rng.choice((_MARK_EDIT, _MARK_INSIDE_EDIT, _drop_marks))(text, rng)


def _drop_marks(text: str, rng: random.Random) -> str:
    return "".join(char for char in text if not is_mark(char))


def _mark_inside(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word))
    return word[:place] + rng.choice(_MARKS) + word[place:]


_MARK_EDIT = _edit_words(lambda word, rng: word + rng.choice(_MARKS) * rng.randint(1, 3))
_MARK_INSIDE_EDIT = _edit_words(_mark_inside)


def _drop_fillers(text: str, rng: random.Random) -> str | None:
    filler_words = [word for word in re.finditer(r"\w+\s+", text) if word[0].strip().casefold() in FILLERS]
    sample = rng.sample(filler_words, rng.randint(1, len(filler_words))) if filler_words else []
    for word in sorted(sample, key=lambda each: -each.start()):
        text = text[: word.start()] + text[word.end() :]
    return text


def _repeat_fillers(text: str, rng: random.Random) -> str | None:
    """Insert a filler word before some words: one that the text has, if it has any."""
    words = list(re.finditer(r"\w+", text))
    if not words:
        return None
    candidates = [word[0] for word in words if word[0].casefold() in FILLERS] or sorted(FILLERS)
    for word in sorted(rng.sample(words, min(rng.choice(_WORD_EDIT_COUNTS), len(words))), key=lambda each: -each.start()):
        text = f"{text[: word.start()]}{rng.choice(candidates)} {text[word.start() :]}"
    return text


def _reorder_clauses(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
    """The clauses of the payload in another order, the edits of each kept."""
    reference, core = clauses_of(disguise.reference), clauses_of(disguise.core)
    if len(reference) < 2 or len(reference) != len(core):
        return None
    order = rng.sample(range(len(core)), len(core))
    return disguise.with_core("words/reorder", "\n".join(core[i] for i in order), "\n".join(reference[i] for i in order))


def _edit_move(name: str, edit: EditFn) -> MoveFn:
    def move(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
        core = edit(disguise.core, rng)
        return None if core is None or core == disguise.core else disguise.with_core(name, core)

    return move


def _transform_move(name: str) -> MoveFn:
    """Add a registered transform: on top of a single other one or, as often, in place of all others."""

    def move(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
        has_room = 0 < len(disguise.transforms) < MAX_TRANSFORMS
        below = disguise.transforms if has_room and rng.random() < 0.5 else ()
        return disguise.with_transforms((*below, (name, rng.getrandbits(32))))

    return move


def _compose(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
    """Replace the transforms by any MAX_TRANSFORMS registered ones."""
    names = _TRANSFORMS
    return disguise.with_transforms(tuple((rng.choice(names), rng.getrandbits(32)) for _ in range(MAX_TRANSFORMS)))


def _wrap(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
    """Add an evaluation wrapper for the outermost transform; without transforms, one for misspelt text."""
    attack = get_attack(disguise.transforms[-1][0] if disguise.transforms else "typoglycemia/swap")
    covers = [COVERS["evaluation"]] if attack.name in INVISIBLE else []
    fitting: list[Wrapper | Cover] = [*wrappers_for(attack, "evaluation"), *covers]
    wrapper = rng.choice(fitting)
    text, (start, end) = wrapper.render(disguise.coded, attack, rng)
    return replace(disguise, wrapper=Move(f"wrap/{wrapper.id}", text[:start], text[end:]))


def _fill(rng: random.Random, fillers: Sequence[str], *, repeated: bool = False) -> str:
    """Harmless text of a random size; repeated: one text over and over."""
    size = rng.choice(_PAD_CHARS)
    parts = [rng.choice(fillers)]
    while sum(map(len, parts)) < size:
        parts.append(parts[0] if repeated else rng.choice(fillers))
    return (" " if repeated else "\n").join(parts)[:size]


def _split_in_two(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
    """Put harmless text between two parts of the payload, so that no window may hold both."""
    if not 0 < _middle_of(disguise.coded) < len(disguise.coded):
        return None
    return replace(disguise, split=Move("split/middle", between=f"\n{_fill(rng, fillers)}\n"))


def _padding_move(name: str, *, before: bool, after: bool, repeated: bool = False, short: bool = False) -> MoveFn:
    """Put harmless text around everything, in place of other padding.

    short: one or two plain sentences, which a router takes for an easy prompt. repeated: one text over and over.
    """

    def fill(rng: random.Random, fillers: Sequence[str]) -> str:
        if short:
            return " ".join(rng.choice(COVERS["evaluation"].texts) for _ in range(rng.randint(1, 2)))
        return _fill(rng, fillers, repeated=repeated)

    def move(disguise: Disguise, rng: random.Random, fillers: Sequence[str]) -> Disguise | None:
        head = f"{fill(rng, fillers)}\n" if before else ""
        tail = f"\n{fill(rng, fillers)}" if after else ""
        return replace(disguise, padding=Move(name, head, tail))

    return move


def _is_letter(char: str) -> bool:
    return char.isalpha()


_EDITS: dict[str, EditFn] = {
    "edit/insert": _edit_words(_insert),
    "edit/delete": _edit_words(_delete),
    "edit/swap": _edit_words(_swap),
    "edit/repeat": _edit_words(_repeat),
    "edit/case": _edit_chars(_is_letter, lambda char, rng: char.swapcase()),
    "edit/homoglyph": _edit_chars(lambda char: char in _look_alikes(), lambda char, rng: rng.choice(_look_alikes()[char])),
    "edit/zero_width": _edit_chars(_is_letter, lambda char, rng: char + rng.choice(ZERO_WIDTH + SOFT_HYPHEN)),
    "edit/spacing": _change_spacing,
    "edit/punctuation": _change_punctuation,
    "words/drop": _drop_fillers,
    "words/repeat": _repeat_fillers,
}

MOVES: dict[str, MoveFn] = {
    **{name: _edit_move(name, edit) for name, edit in _EDITS.items()},
    "words/reorder": _reorder_clauses,
    **{name: _transform_move(name) for name in _TRANSFORMS},
    "composition/any": _compose,
    "wrap/any": _wrap,
    "pad/before": _padding_move("pad/before", before=True, after=False),
    "pad/after": _padding_move("pad/after", before=False, after=True),
    "pad/around": _padding_move("pad/around", before=True, after=True),
    "pad/repeat": _padding_move("pad/repeat", before=True, after=False, repeated=True),
    "split/middle": _split_in_two,
    "route/before": _padding_move("route/before", before=True, after=False, short=True),
    "route/after": _padding_move("route/after", before=False, after=True, short=True),
}


def moves_by_family() -> dict[str, list[str]]:
    """The moves of each family, both in table order."""
    moves: dict[str, list[str]] = {}
    for name in MOVES:
        moves.setdefault(name.split("/")[0], []).append(name)
    return moves
