"""Decode and rescan: the plain texts that a raw text may hide, each to be scored beside it by the same network.

A view undoes one or more notations (Base64, reversed letters, look-alike letters, invisible payloads, ...) by the
decoders of `view_decoders`; ordinary text has none. Spans are decoded in place, so a view keeps the words around them.

The whole text is searched up to MAX_CHARS characters, in pieces of PIECE characters that are cut at white space; a view of
a piece is what was decoded with CONTEXT characters around it. Cost is linear in the text and bounded: every piece is looked
at once by every decoder, at most MAX_TEXTS texts of MAX_SCANNED characters together stand for one piece, MAX_NESTED
characters of decoded texts are looked at again in a text of several pieces, DEPTH notations are undone on top of each
other, and no decoder makes a text much longer (Base64 and its like shrink what they decode).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..labels import Family
from .view_decoders import DECODERS, FAMILIES, Scan

MAX_CHARS = 100_000  # of the input
PIECE = 10_000  # characters that are looked at together
MAX_SCANNED = 12_000  # characters of all texts that are looked at for a piece; of a short input every one is
MAX_NESTED = 20_000  # of them, decoded characters that all pieces of a long text share
MAX_TEXTS = 8  # texts looked at per piece, the piece included
DEPTH = 3
LIMIT = 2  # views of a text of one piece that are scored
MAX_VIEWS = 10  # of a long text, with MAX_VIEW_CHARS characters together: what LIMIT views of one piece may have
MAX_VIEW_CHARS = LIMIT * PIECE
_LEAST_ROOM = 100  # characters of a view, without which no further piece is looked at
CONTEXT = 400  # characters of a long text that its view keeps on both sides of what was decoded


@dataclass(frozen=True, slots=True)
class View:
    """A plain text that the raw text, or a piece of it, may stand for."""

    text: str
    steps: tuple[str, ...]  # the decoders that led here, the outermost first
    plausibility: float  # (0, 1): how sure the least sure of them was
    start: int = 0  # characters [start, end) of the raw text that it was read from
    end: int = 0

    @property
    def trace(self) -> str:
        return " > ".join(self.steps)

    @property
    def family(self) -> Family:
        """The kind of attack that hides text so, by the outermost step."""
        return FAMILIES[self.steps[0]]


@dataclass(frozen=True, slots=True)
class ViewSearch:
    """What was found in a text, and how much of it was searched."""

    views: list[View]  # the most plausible first
    searched: int  # characters of the pieces that were looked at and have no view, or their best one among `views`
    characters: int  # of the text

    @property
    def share(self) -> float:
        """Share of the text that was searched, in [0, 1]; 1.0 for the empty text."""
        return self.searched / self.characters if self.characters else 1.0


_ORDERS = ("reversed_letters", "word_order")
_GUESSES = ("word_order", "typoglycemia", "leet", "dropped_vowels", "doubled_letters")  # go by what is usual, not by a notation


def views_of(text: str, *, limit: int = LIMIT, depth: int = DEPTH) -> list[View]:
    """The views of a text, the most plausible first; none for ordinary text."""
    return search_views(text, limit=limit, depth=depth).views


def search_views(text: str, *, limit: int = LIMIT, depth: int = DEPTH, until: float | None = None) -> ViewSearch:
    """At most `limit` views of a text of one piece, at most MAX_VIEWS of a longer one, and what share was searched.

    What no decoder takes further goes first: of Base64 in hexadecimal the plain text, then the Base64 between. Of a longer
    text every piece has its best view before any has a second one. What is beyond MAX_CHARS, pieces with a view that finds no
    room among MAX_VIEW_CHARS characters, and those that are left when there is none, count as not searched. `until`: no piece but
    the first is begun after it, on the clock of time.perf_counter().
    """
    if len(text) <= PIECE:
        views = _views_of_piece(text, limit, depth, _Budget(MAX_SCANNED), None)
        return ViewSearch([replace(view, end=len(text)) for view in views], len(text), len(text))
    bounds = _piece_bounds(text)
    bounds.insert(1, bounds.pop())  # the end is looked at after the beginning: payloads stand at either
    budget = _Budget(MAX_NESTED)
    found = []  # place among the views of its piece, view
    searched, room = 0, MAX_VIEW_CHARS
    for start, end in bounds:
        if until is not None and start and time.perf_counter() > until:
            break
        budget.left += end - start  # the piece itself is always looked at
        views = _views_of_piece(text[start:end], limit, depth, budget, CONTEXT)
        first = len(views[0].text) if views else 0
        if first > room:
            continue
        room -= first
        searched += end - start
        found += [(place, replace(view, start=start, end=end)) for place, view in enumerate(views)]
        if sum(place == 0 for place, _ in found) == MAX_VIEWS or room < _LEAST_ROOM:
            break  # what further pieces hide could not be scored
    found.sort(key=lambda each: (each[0], -each[1].plausibility))
    kept: list[View] = []
    for place, view in found:
        if place == 0 or (len(kept) < MAX_VIEWS and len(view.text) <= room):
            kept.append(view)
            room -= len(view.text) * (place > 0)
    return ViewSearch(kept, searched, len(text))


@dataclass(slots=True)
class _Budget:
    """Characters that may still be looked at."""

    left: int

    def takes(self, size: int) -> bool:
        if size > self.left:
            return False
        self.left -= size
        return True


def _views_of_piece(piece: str, limit: int, depth: int, budget: _Budget, context: int | None) -> list[View]:
    """At most `limit` views, the most plausible first; `context`: characters that they keep around what was decoded."""
    pending: list[tuple[View, View | None]] = [(View(piece, (), 1.0), None)]  # each with the view that it was decoded from
    seen = {piece}
    leaves: list[tuple[View, View | None]] = []
    between: list[View] = []
    for _ in range(MAX_TEXTS):
        if not pending:
            break
        view, parent = pending.pop(0)
        is_scanned = len(view.steps) < depth and budget.takes(len(view.text))
        found = _decode_once(view, seen, context) if is_scanned else []
        pending += [(each, view) for each in found[: limit + 1]]
        if view.steps:
            if found:
                between.append(view)
            else:
                leaves.append((view, parent))
    leaves += [(view, parent) for view, parent in pending if view.steps]  # not looked at any more
    leaves.sort(key=lambda pair: -pair[0].plausibility)
    ranked: list[View] = []
    for view, parent in leaves:
        ranked.append(view)
        if parent is not None and parent.steps and view.steps[-1] in _GUESSES:
            ranked.append(parent)  # the guess may have changed words that were right
    return list(dict.fromkeys([*ranked, *between]))[:limit]


def _decode_once(view: View, seen: set[str], context: int | None) -> list[View]:
    """What one more decoder makes of a view, the most plausible first; adds to the texts that were seen."""
    scan = Scan(view.text)
    found = []
    for name, function in DECODERS:
        if name in _ORDERS and name in view.steps:
            continue  # an order is undone once; on text without any order every other one looks better
        for whole, plausibility in function(scan):
            decoded = whole if context is None else _excerpt(view.text, whole, context)
            if decoded not in seen and decoded.strip():
                seen.add(decoded)
                found.append(View(decoded, (*view.steps, name), min(plausibility, view.plausibility)))
    return sorted(found, key=lambda each: -each.plausibility)


def _excerpt(text: str, decoded: str, context: int) -> str:
    """What of `decoded` differs from the text that it was made of, with so many characters on both sides."""
    same = _common_prefix(text, decoded)
    tail = _common_prefix(text[same:][::-1], decoded[same:][::-1])
    return decoded[max(0, same - context) : len(decoded) - max(0, tail - context)]


def _common_prefix(a: str, b: str) -> int:
    """Length of the longest common beginning, by halving: comparing slices is sooner done than character by character."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


_CODE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_CODE_STEP = 120  # characters: whole groups of Base64 (4), Base32 and binary (8), base 85 (5) and hexadecimal (2)


def _piece_bounds(text: str) -> list[tuple[int, int]]:
    """Ranges of at most PIECE characters, up to MAX_CHARS: cut after a line break or else a space in their second half, and
    inside a run of code at whole groups of its beginning."""
    stop = min(len(text), MAX_CHARS)
    bounds, start = [], 0
    while start < stop:
        end = min(start + PIECE, stop)
        if end < len(text):
            half = start + PIECE // 2
            cut = text.rfind("\n", half, end) + 1 or text.rfind(" ", half, end) + 1
            if not cut:
                run = start + len(text[start:end].rstrip(_CODE_CHARS))
                cut = run + (end - run) // _CODE_STEP * _CODE_STEP if run < half else run
            end = cut if cut > start else end
        bounds.append((start, end))
        start = end
    return bounds
