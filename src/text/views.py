"""Decode and rescan: finds the plain texts that a raw text may hide, so that the same network can score them too.

A view undoes one or more notations (Base64, reversed letters, look-alike letters, invisible payloads, ...) by the
decoders of `view_decoders`; ordinary text has none. Spans are decoded in place, so a view keeps the surrounding words. Some
notations have capitals only: a view in unusual case is in lower case (src/text/case.py).

The first MAX_SEARCHED_CHARS characters are searched, in pieces of PIECE_CHARS characters that are cut at white space; a view of
a piece is the decoded part with CONTEXT_CHARS characters on both sides. Cost is linear in the text and bounded: every decoder
scans every piece once; at most MAX_SCANS texts of MAX_SCANNED_CHARS characters together are scanned for a single piece; in a
text of several pieces MAX_NESTED_CHARS characters of decoded texts are scanned again; at most MAX_DEPTH nested notations are
decoded; and no decoder makes a text much longer (Base64 and similar codes shrink it).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..labels import Family
from .case import fold_case
from .view_decoders import DECODERS, FAMILIES, Scan

MAX_SEARCHED_CHARS = 100_000
PIECE_CHARS = 10_000
MAX_SCANNED_CHARS = 12_000  # in a text of one piece: characters of that piece and of all decoded texts together
MAX_NESTED_CHARS = 20_000  # in a longer text: characters of decoded texts, shared by all pieces
MAX_SCANS = 8  # texts scanned per piece, the piece included
MAX_DEPTH = 3  # nested notations
MAX_PIECE_VIEWS = 2  # scored views of a text of one piece
MAX_VIEWS = 10  # scored views of a longer text, of at most MAX_VIEW_CHARS characters together
MAX_VIEW_CHARS = MAX_PIECE_VIEWS * PIECE_CHARS
_MIN_ROOM_CHARS = 100  # the search ends when the views may have fewer characters more than this
CONTEXT_CHARS = 400  # characters that a view of a long text keeps on both sides of the decoded part


@dataclass(frozen=True, slots=True)
class View:
    """A plain text that the raw text, or a piece of it, may hide."""

    text: str
    steps: tuple[str, ...]  # names of the applied decoders, the outermost first
    plausibility: float  # (0, 1): the lowest plausibility of these decoders
    start: int = 0  # the view was decoded from characters [start, end) of the raw text
    end: int = 0

    @property
    def trace(self) -> str:
        return " > ".join(self.steps)

    @property
    def family(self) -> Family:
        """The attack family of the outermost decoder."""
        return FAMILIES[self.steps[0]]


@dataclass(frozen=True, slots=True)
class ViewSearch:
    """The views of a text, and how much of it was searched."""

    views: list[View]  # the most plausible first
    searched: int  # characters of the scanned pieces that have no view or whose best view is in `views`
    characters: int  # characters of the text

    @property
    def share(self) -> float:
        """Share of the text that was searched, in [0, 1]; 1.0 for the empty text."""
        return self.searched / self.characters if self.characters else 1.0


_ORDERS = ("reversed_letters", "word_order")
_GUESSES = (
    "word_order",
    "typoglycemia",
    "leet",
    "dropped_vowels",
    "doubled_letters",
)  # decoders that rely on statistics, not on a notation


def views_of(text: str, *, limit: int = MAX_PIECE_VIEWS, depth: int = MAX_DEPTH) -> list[View]:
    """The views of a text, the most plausible first; none for ordinary text."""
    return search_views(text, limit=limit, depth=depth).views


def search_views(text: str, *, limit: int = MAX_PIECE_VIEWS, depth: int = MAX_DEPTH, until: float | None = None) -> ViewSearch:
    """At most `limit` views of a text of one piece, at most MAX_VIEWS of a longer one, and what share was searched.

    Fully decoded texts come first: for Base64 in hexadecimal the plain text, then the intermediate Base64. In a longer text
    the best views of all pieces come before any second view. Counted as not searched: text beyond MAX_SEARCHED_CHARS, pieces
    whose best view does not fit into the rest of MAX_VIEW_CHARS, and pieces left when that is used up. After `until`, on the
    clock of time.perf_counter(), no piece but the first is begun.
    """
    if len(text) <= PIECE_CHARS:
        views = _views_of_piece(text, limit, depth, _Budget(MAX_SCANNED_CHARS), None)
        return ViewSearch([replace(_in_plain_case(view), end=len(text)) for view in views], len(text), len(text))
    bounds = _piece_bounds(text)
    bounds.insert(1, bounds.pop())  # the last piece is scanned second: payloads are often at the beginning or the end
    budget = _Budget(MAX_NESTED_CHARS)
    ranked_views = []  # (rank among the views of its piece, view)
    searched, room = 0, MAX_VIEW_CHARS
    for start, end in bounds:
        if until is not None and start and time.perf_counter() > until:
            break
        budget.left += end - start  # the piece itself is always scanned
        views = _views_of_piece(text[start:end], limit, depth, budget, CONTEXT_CHARS)
        best_size = len(views[0].text) if views else 0
        if best_size > room:
            continue
        room -= best_size
        searched += end - start
        ranked_views += [(rank, replace(view, start=start, end=end)) for rank, view in enumerate(views)]
        if sum(rank == 0 for rank, _ in ranked_views) == MAX_VIEWS or room < _MIN_ROOM_CHARS:
            break  # views of further pieces could not be scored
    ranked_views.sort(key=lambda pair: (pair[0], -pair[1].plausibility))
    selected: list[View] = []
    for rank, view in ranked_views:
        if rank == 0 or (len(selected) < MAX_VIEWS and len(view.text) <= room):
            selected.append(view)
            room -= len(view.text) * (rank > 0)
    return ViewSearch([_in_plain_case(view) for view in selected], searched, len(text))


def _in_plain_case(view: View) -> View:
    folded = fold_case(view.text)
    return view if folded is None else replace(view, text=folded)


@dataclass(slots=True)
class _Budget:
    """Characters that may still be scanned."""

    left: int

    def spend(self, size: int) -> bool:
        """Deduct `size` if that much is left; whether it was."""
        if size > self.left:
            return False
        self.left -= size
        return True


def _views_of_piece(piece: str, limit: int, depth: int, budget: _Budget, context: int | None) -> list[View]:
    """At most `limit` views, the most plausible first, with `context` characters around the decoded part (None: all)."""
    pending: list[tuple[View, View | None]] = [(View(piece, (), 1.0), None)]  # (view, the view that it was decoded from)
    seen = {piece}
    leaves: list[tuple[View, View | None]] = []
    intermediate: list[View] = []
    for _ in range(MAX_SCANS):
        if not pending:
            break
        view, parent = pending.pop(0)
        is_scanned = len(view.steps) < depth and budget.spend(len(view.text))
        children = _decode_once(view, seen, context) if is_scanned else []
        pending += [(child, view) for child in children[: limit + 1]]
        if view.steps:
            if children:
                intermediate.append(view)
            else:
                leaves.append((view, parent))
    leaves += [(view, parent) for view, parent in pending if view.steps]  # left unscanned
    leaves.sort(key=lambda pair: -pair[0].plausibility)
    ranked: list[View] = []
    for view, parent in leaves:
        ranked.append(view)
        if parent is not None and parent.steps and view.steps[-1] in _GUESSES:
            ranked.append(parent)  # the guess may have changed correct words
    return list(dict.fromkeys([*ranked, *intermediate]))[:limit]


def _decode_once(view: View, seen: set[str], context: int | None) -> list[View]:
    """Apply every decoder once to a view; returns new views, the most plausible first, and adds their texts to `seen`."""
    scan = Scan(view.text)
    views = []
    for name, function in DECODERS:
        if name in _ORDERS and name in view.steps:
            continue  # applied at most once: on text without order, every other order looks better
        for whole, plausibility in function(scan):
            decoded = whole if context is None else _excerpt(view.text, whole, context)
            if decoded not in seen and decoded.strip():
                seen.add(decoded)
                views.append(View(decoded, (*view.steps, name), min(plausibility, view.plausibility)))
    return sorted(views, key=lambda each: -each.plausibility)


def _excerpt(text: str, decoded: str, context: int) -> str:
    """The part of `decoded` that differs from `text`, with `context` characters on both sides."""
    head = _common_prefix(text, decoded)
    tail = _common_prefix(text[head:][::-1], decoded[head:][::-1])
    return decoded[max(0, head - context) : len(decoded) - max(0, tail - context)]


def _common_prefix(a: str, b: str) -> int:
    """Length of the longest common prefix, by bisection: comparing slices is faster than comparing characters."""
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
    """Ranges of at most PIECE_CHARS characters, up to MAX_SEARCHED_CHARS. Cut after a line break, or else a space, in the second
    half of a range; inside a run of code characters a multiple of _CODE_STEP after the beginning of the run."""
    stop = min(len(text), MAX_SEARCHED_CHARS)
    bounds, start = [], 0
    while start < stop:
        end = min(start + PIECE_CHARS, stop)
        if end < len(text):
            half = start + PIECE_CHARS // 2
            cut = text.rfind("\n", half, end) + 1 or text.rfind(" ", half, end) + 1
            if not cut:
                run = start + len(text[start:end].rstrip(_CODE_CHARS))
                cut = run + (end - run) // _CODE_STEP * _CODE_STEP if run < half else run
            end = cut if cut > start else end
        bounds.append((start, end))
        start = end
    return bounds
