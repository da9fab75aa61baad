"""What is read of a text when it is served: at most so many characters, and at most so many windows of them.

Cost is bounded by windows, since the network takes nearly all of the time: 100,000 characters are one window or a thousand. Of
a text with more windows than the limit a screening pass chooses, linear in the text and the same in every call:

- the first and the last window of the text always;
- then, of the text and of each of its views in turn, by turns a window of an even spread and the one whose kinds of
  characters (src/text/surface.py) differ most from those of the whole, since what is hidden in padding differs from it;
- of a view, first the windows that decoding changed.

A window that the router sends deep takes up to three times the time of another and counts for three: steering texts to the deep
branch buys no time. Windows that equal each other are read once, so padding that repeats itself costs little and leaves nothing
out. The same order serves a call whose time is limited: it stops anywhere. N texts, W windows of all readings, K kinds of
characters.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from ..labels import Family
from ..text.chars import code_points_of
from ..text.surface import character_kinds
from ..text.tokenization import GuardTokenizer, Window
from ..text.views import View, search_views

MAX_CHARS = 100_000  # some 120 windows of English, 530 and more where every character is a token
MAX_WINDOWS = 64
DEEP_COST = 3  # windows of the fast branch that take as long as one of the deep branch: 1.6 to 3 in every preset
CHARS_PER_MS = 250  # twice the 2 microseconds that tokens and views of a character take, where they take most
MIN_CHARS = 1000
RARE_SHARE = 0.01  # of characters: kinds below it stand out no more than one at it would


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is read of one text; None sets no limit."""

    max_chars: int | None = MAX_CHARS  # of a longer text the first and the last half of so many are read
    max_windows: int | None = MAX_WINDOWS  # of the text and its views together: equal ones count once, deep ones DEEP_COST times

    def within(self, budget_ms: float) -> Limits:
        """The limits of a call whose time is limited: of as many characters as take half of it, but MIN_CHARS at least."""
        chars = int(max(min(budget_ms, sys.maxsize / CHARS_PER_MS) * CHARS_PER_MS, MIN_CHARS))
        return Limits(
            max_chars=chars if self.max_chars is None else min(self.max_chars, chars),
            max_windows=sys.maxsize if self.max_windows is None else self.max_windows,  # a limit, so that windows are ranked
        )


SERVED = Limits()  # by the guard unless it is told otherwise, and in the evaluation of exported files
UNLIMITED = Limits(max_chars=None, max_windows=None)


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the readings that a text is judged by: itself, a part of it, or a view of it."""

    text: str
    text_index: int
    view_index: int = -1  # -1: no view
    view: View | None = None
    start: int = 0  # where `text` begins in the raw text, if it is a part of it

    @property
    def family(self) -> Family:
        return Family.NONE if self.view is None else self.view.family


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of one text was read."""

    windows: int  # of the text and its views, equal ones counted once
    windows_read: int
    coverage: float  # share of the characters that the network read, or that were searched for hidden text where that is less
    searched: float  # share of the characters that were searched for hidden text
    unreadable: float  # share of the characters, white space aside, that the encoder has no token for or drops


@dataclass(frozen=True)
class Plan:
    """The windows of N texts and which of them are read."""

    texts: Sequence[str]
    readings: list[Reading]
    windows: list[Window]
    reading_of: np.ndarray  # (W,) int, ascending
    text_of: np.ndarray  # (W,) int, ascending
    equal_to: np.ndarray  # (W,) int, the first window of the same text that the network cannot tell from this one
    order: np.ndarray  # int, the windows that may be read, text by text, with a limit the worthiest of each first
    max_windows: int | None
    searched: Sequence[float]  # share of each text that was searched for hidden text

    def allowed(self, is_deep: np.ndarray) -> Iterator[int]:
        """The windows of `order` that the limit allows. is_deep (W,) bool has the route of each before the next is asked for."""
        spent = [0] * len(self.texts)
        for index in self.order.tolist():
            text = self.text_of[index]
            if self.max_windows is None or spent[text] < self.max_windows:
                yield index
                spent[text] += DEEP_COST if is_deep[index] else 1

    def extents(self, was_read: np.ndarray) -> list[Extent]:
        """How much of each text the windows with was_read (W,) bool are."""
        bounds = np.searchsorted(self.text_of, np.arange(len(self.texts) + 1)).tolist()
        return [self._extent(index, range(*span), was_read) for index, span in enumerate(pairwise(bounds))]

    def _extent(self, index: int, places: range, was_read: np.ndarray) -> Extent:
        text, searched = self.texts[index], self.searched[index]
        distinct = set(self.equal_to[places.start : places.stop].tolist())
        readings = [(place, self.readings[self.reading_of[place]]) for place in places]
        own = [(place, reading.start, self.windows[place]) for place, reading in readings if reading.view is None]
        chars = sum(window.end - window.start for _, _, window in own)
        spans = [(start + window.start, start + window.end) for place, start, window in own if was_read[place]]
        return Extent(
            windows=len(distinct),
            windows_read=sum(map(bool, was_read[list(distinct)])),
            coverage=min(_union(spans) / len(text), searched) if text else 1.0,
            searched=searched,
            unreadable=sum(window.unreadable * (window.end - window.start) for _, _, window in own) / max(chars, 1),
        )


def _union(spans: Sequence[tuple[int, int]]) -> int:
    """How many places are in any of the half-open ranges."""
    covered = end = 0
    for first, last in sorted(spans):
        covered += max(last - max(first, end), 0)
        end = max(end, last)
    return covered


def plan_windows(texts: Sequence[str], tokenizer: GuardTokenizer, limits: Limits, *, search_until: float | None = None) -> Plan:
    """Tokens, views and windows of N texts, and which windows are read. `search_until`: of `search_views`."""
    readings: list[Reading] = []
    searched = []
    for index, text in enumerate(texts):
        found, parts = search_views(text, until=search_until), parts_of(text, limits.max_chars)
        starts = (0, len(text) - len(parts[-1]))
        readings += [Reading(part, index, start=start) for part, start in zip(parts, starts, strict=False)]
        readings += [Reading(view.text, index, place, view) for place, view in enumerate(found.views)]
        searched.append(found.share)
    windows = tokenizer.windows([reading.text for reading in readings])
    reading_of = np.array([window.text_index for window in windows])
    text_of = np.array([reading.text_index for reading in readings])[reading_of]
    order = equal_to = np.arange(len(windows))
    if len(windows) > len(texts):
        bounds = np.searchsorted(text_of, np.arange(len(texts) + 1)).tolist()
        equal_to = np.concatenate([first + _first_equal(windows[first:end]) for first, end in pairwise(bounds)])
        plan = Plan(texts, readings, windows, reading_of, text_of, equal_to, order, limits.max_windows, searched)
        order = np.concatenate([_ranked(plan, range(*span)) for span in pairwise(bounds)])
    return Plan(texts, readings, windows, reading_of, text_of, equal_to, order, limits.max_windows, searched)


def parts_of(text: str, max_chars: int | None) -> list[str]:
    """What is read of a text: all of it, or its beginning and its end."""
    if max_chars is None or len(text) <= max_chars:
        return [text]
    end = max_chars // 2
    return [text[: max_chars - end], text[len(text) - end :]]


def _first_equal(windows: Sequence[Window]) -> np.ndarray:
    """Index of the first window that is the same input of the network as each, (W,) int."""
    if len(windows) == 1:
        return np.zeros(1, dtype=np.intp)
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(_digest(window), index) for index, window in enumerate(windows)])


def _digest(window: Window) -> bytes:
    """What is the same for equal inputs and for no others: nobody finds two with the same BLAKE2 digest (RFC 7693)."""
    digest = hashlib.blake2b(window.input_ids.tobytes(), digest_size=32)
    digest.update(window.char_ids.tobytes())
    return digest.digest()


def _ranked(plan: Plan, places: range) -> np.ndarray:
    """The windows that may be read of the one text that has these windows, the worthiest first."""
    distinct = np.unique(plan.equal_to[places.start : places.stop])
    if plan.max_windows is None or len(distinct) == 1:
        return distinct
    ranks: list[np.ndarray] = []
    ends: list[int] = []
    for index, group in groupby(places, key=lambda place: plan.reading_of[place]):
        of_reading, reading = list(group), plan.readings[index]
        rank = _ranks([plan.windows[place] for place in of_reading])
        if reading.view is not None:
            rank[_is_unchanged(plan, of_reading, reading)] += 2 * len(places)
        else:
            ends += [of_reading[0], of_reading[-1]]
        ranks.append(rank)
    all_ranks = np.concatenate(ranks)
    all_ranks[[ends[0] - places.start, ends[-1] - places.start]] = -1
    in_order = places.start + np.argsort(all_ranks, kind="stable")
    return np.array(list(dict.fromkeys(plan.equal_to[in_order].tolist()))[: plan.max_windows])


def _ranks(windows: Sequence[Window]) -> np.ndarray:
    """How soon each window of one reading is read, (W,) int: by turns the next of an even spread and the next that stands out."""
    count = len(windows)
    evenly, by_kind = np.empty(count, dtype=np.intp), np.empty(count, dtype=np.intp)
    evenly[_spread(count)] = np.arange(count)
    by_kind[np.argsort(-_distance(windows), kind="stable")] = np.arange(count)
    return np.minimum(2 * evenly, 2 * by_kind + 1)


def _spread(count: int) -> np.ndarray:
    """0 ... count - 1 so that every beginning of the list is spread over the whole (van der Corput 1935), (count,) int."""
    order = np.zeros(1, dtype=np.intp)
    while len(order) < count:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order[order < count]


def _distance(windows: Sequence[Window]) -> np.ndarray:
    """How far the shares of each window's kinds of characters are from their means, (W,), as a chi-square statistic."""
    kinds = character_kinds()  # (ids, K)
    counts = np.stack([np.bincount(window.char_ids.reshape(-1), minlength=len(kinds)) for window in windows])
    shares = counts @ kinds / np.maximum(counts[:, 1:].sum(axis=1), 1)[:, None]  # (W, K); id 0 is no character
    mean = shares.mean(axis=0)
    return ((shares - mean) ** 2 / (mean + RARE_SHARE)).sum(axis=1)


def _is_unchanged(plan: Plan, places: Sequence[int], reading: Reading) -> np.ndarray:
    """Which windows of a view hold nothing that decoding changed, (W,) bool: the text has the same at its beginning or end."""
    raw, decoded = (code_points_of(text) for text in (_piece_of(plan.texts[reading.text_index], reading), reading.text))
    before = _common(raw, decoded)
    rest = min(len(raw), len(decoded)) - before
    behind = len(decoded) - _common(raw[len(raw) - rest :][::-1], decoded[len(decoded) - rest :][::-1])
    return np.array([plan.windows[place].end <= before or plan.windows[place].start >= behind for place in places])


def _piece_of(text: str, reading: Reading) -> str:
    """What a view was read from."""
    assert reading.view is not None
    return text[reading.view.start : reading.view.end]


def _common(one: np.ndarray, other: np.ndarray) -> int:
    """How many code points both begin with."""
    size = min(len(one), len(other))
    differs = one[:size] != other[:size]
    return int(differs.argmax()) if differs.any() else size
