"""Selects the windows of a text that are read in serving, within a limit of characters and a limit of windows.

The limit of windows bounds the cost, since the network takes nearly all of the time, and 100,000 characters can be one window or
a thousand. If a text has more windows than the limit, a screening pass that is linear in the text and deterministic selects:

- always the first and the last window of the text;
- then, for the text, for all segments (parts that are read alone) together and for each view in turn, alternately a window of an
  even spread and the window whose kinds of characters (src/text/surface.py) differ most from the mean, because text hidden in
  padding differs from the padding;
- of a view, first the windows that decoding changed;
- paragraphs last, and only if the text is doubtful without them (src/runtime/scores.py).

A window that the router sends deep takes up to three times as long and counts as three, so an attacker gains no computing time
by steering texts to the deep branch. Equal windows are read once, so repetitive padding costs little and displaces nothing. A
call with a time limit uses the same order and may stop anywhere. N texts, W windows of all readings, K kinds of
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
from ..text.segments import Segment, find_segments
from ..text.surface import character_kinds
from ..text.tokenization import GuardTokenizer, Window
from ..text.views import View, search_views

MAX_CHARS = 100_000  # about 120 windows of English, 530 or more where every character is a token
MAX_WINDOWS = 64
DEEP_COST = 3  # windows of the fast branch that take as long as one of the deep branch; measured: 1.6 to 3 in every preset
CHARS_PER_MS = 250  # assumes 4 microseconds a character, twice the longest measured time for tokens and views
MIN_CHARS = 1000  # read in any case, however short the time limit
# A longer part fills windows of its own in the text already, so reading it alone adds nothing unless it was decoded or folded.
MAX_SEGMENT_CHARS = 2000
TEXT, SEGMENT = -1, -2  # view_index of what is no view
RARE_SHARE = 0.01  # added to the mean share of each kind of characters, so that very rare kinds do not dominate the distance


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits on how much of one text is read; None sets no limit."""

    max_chars: int | None = MAX_CHARS  # of a longer text the first and the last max_chars / 2 are read
    max_windows: int | None = MAX_WINDOWS  # of all readings of a text; equal windows count once, deep ones DEEP_COST times
    max_segments: int = 0  # parts that are read alone; thresholds fit one number only, which Calibration.max_segments holds

    def within(self, budget_ms: float) -> Limits:
        """The limits of a call with a time limit: as many characters as take half of it, but at least MIN_CHARS."""
        chars = int(max(min(budget_ms, sys.maxsize / CHARS_PER_MS) * CHARS_PER_MS, MIN_CHARS))
        return Limits(
            max_chars=chars if self.max_chars is None else min(self.max_chars, chars),
            max_windows=sys.maxsize if self.max_windows is None else self.max_windows,  # any limit, so that windows are ranked
            max_segments=self.max_segments,
        )


SERVED = Limits()  # the guard's default but for segments, also used to evaluate exported files
UNLIMITED = Limits(max_chars=None, max_windows=None)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that the network reads for a raw text: the raw text itself, its beginning or end, a segment, or a view."""

    text: str
    text_index: int
    view_index: int = TEXT  # TEXT, SEGMENT, or the number of the view
    view: View | None = None
    segment: Segment | None = None
    start: int = 0  # offset of `text` in the raw text, if it is a part of it

    @property
    def family(self) -> Family:
        return Family.NONE if self.view is None else self.view.family


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of one text was read."""

    windows: int  # of the text, its segments and its views, equal ones counted once; second looks only if they were read
    windows_read: int
    coverage: float  # share of the characters that the network read, or that were searched for hidden text if that is less
    searched: float  # share of the characters that were searched for hidden text
    unreadable: float  # share of the characters, without white space, that the encoder has no token for or drops


@dataclass(frozen=True)
class Plan:
    """The windows of N texts and the order in which they are read."""

    texts: Sequence[str]
    readings: list[Reading]
    windows: list[Window]
    reading_of: np.ndarray  # (W,) int, ascending
    text_of: np.ndarray  # (W,) int, ascending
    equal_to: np.ndarray  # (W,) int, the first window of the same text with the same network input
    is_second_look: np.ndarray  # (W,) bool, windows that are read only if their text is doubtful
    order: np.ndarray  # int, the windows that may be read, text by text; with a limit, by priority within each text
    max_windows: int | None
    searched: Sequence[float]  # share of each text that was searched for hidden text

    def allowed(self, is_deep: np.ndarray, is_doubtful: np.ndarray) -> Iterator[int]:
        """Yield the windows of `order` within the limit and without second looks at texts that are not doubtful.

        The caller sets is_deep (W,) and, of its text, is_doubtful (N,) for each window before the next.
        """
        spent = [0] * len(self.texts)
        for index in self.order.tolist():
            text = self.text_of[index]
            if self.is_second_look[index] and not is_doubtful[text]:
                continue
            if self.max_windows is None or spent[text] < self.max_windows:
                yield index
                spent[text] += DEEP_COST if is_deep[index] else 1

    def extents(self, was_read: np.ndarray) -> list[Extent]:
        """How much of each text was read; was_read (W,) bool marks the windows."""
        bounds = np.searchsorted(self.text_of, np.arange(len(self.texts) + 1)).tolist()
        return [self._extent(index, range(*span), was_read) for index, span in enumerate(pairwise(bounds))]

    def _extent(self, index: int, places: range, was_read: np.ndarray) -> Extent:
        text, searched = self.texts[index], self.searched[index]
        distinct = {
            index
            for index in self.equal_to[places.start : places.stop].tolist()
            if was_read[index] or not self.is_second_look[index]
        }
        readings = [(place, self.readings[self.reading_of[place]]) for place in places]
        own = [(place, reading.start, self.windows[place]) for place, reading in readings if reading.view_index == TEXT]
        chars = sum(window.end - window.start for _, _, window in own)
        spans = [(start + window.start, start + window.end) for place, start, window in own if was_read[place]]
        return Extent(
            windows=len(distinct),
            windows_read=sum(map(bool, was_read[list(distinct)])),
            coverage=min(_union_size(spans) / len(text), searched) if text else 1.0,
            searched=searched,
            unreadable=sum(window.unreadable * (window.end - window.start) for _, _, window in own) / max(chars, 1),
        )


def _union_size(spans: Sequence[tuple[int, int]]) -> int:
    """The number of positions in the union of the half-open ranges."""
    covered = end = 0
    for first, last in sorted(spans):
        covered += max(last - max(first, end), 0)
        end = max(end, last)
    return covered


def plan_windows(texts: Sequence[str], tokenizer: GuardTokenizer, limits: Limits, *, search_until: float | None = None) -> Plan:
    """Tokenize N texts, search their views and order their windows. `search_until` is the `until` of `search_views`."""
    readings: list[Reading] = []
    searched = []
    for index, text in enumerate(texts):
        search, parts = search_views(text, until=search_until), parts_of(text, limits.max_chars)
        starts = (0, len(text) - len(parts[-1]))
        readings += [Reading(part, index, start=start) for part, start in zip(parts, starts, strict=False)]
        for part, start in zip(parts, starts, strict=False):
            readings += _segments_of(part, index, start, limits.max_segments)
        readings += [Reading(view.text, index, place, view) for place, view in enumerate(search.views)]
        searched.append(search.share)
    windows = tokenizer.windows([reading.text for reading in readings])
    reading_of = np.array([window.text_index for window in windows])
    text_of = np.array([reading.text_index for reading in readings])[reading_of]
    second_looks = [reading.segment is not None and reading.segment.is_second_look for reading in readings]
    is_second_look = np.array(second_looks)[reading_of]
    order = equal_to = np.arange(len(windows))
    if len(windows) > len(texts):
        bounds = np.searchsorted(text_of, np.arange(len(texts) + 1)).tolist()
        equal_to = np.concatenate([first + _find_first_equal(windows[first:end]) for first, end in pairwise(bounds)])
        plan = Plan(texts, readings, windows, reading_of, text_of, equal_to, is_second_look, order, limits.max_windows, searched)
        order = np.concatenate([_rank_windows(plan, range(*span)) for span in pairwise(bounds)])
    return Plan(texts, readings, windows, reading_of, text_of, equal_to, is_second_look, order, limits.max_windows, searched)


def _segments_of(part: str, text_index: int, start: int, max_segments: int) -> list[Reading]:
    """The segments of a part of a text that are worth reading alone; `start` is the part's offset."""
    segments = find_segments(part, max_segments) if max_segments else []
    return [
        Reading(segment.text, text_index, SEGMENT, segment=segment, start=start + segment.start)
        for segment in segments
        if len(segment.text) <= MAX_SEGMENT_CHARS or segment.text != part[segment.start : segment.end]
    ]


def parts_of(text: str, max_chars: int | None) -> list[str]:
    """The parts of a text that are read: all of it, or its beginning and its end."""
    if max_chars is None or len(text) <= max_chars:
        return [text]
    end = max_chars // 2
    return [text[: max_chars - end], text[len(text) - end :]]


def _find_first_equal(windows: Sequence[Window]) -> np.ndarray:
    """For each window the index of the first window with the same network input, (W,) int."""
    if len(windows) == 1:
        return np.zeros(1, dtype=np.intp)
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(_hash_window(window), index) for index, window in enumerate(windows)])


def _hash_window(window: Window) -> bytes:
    """The BLAKE2 digest (RFC 7693) of the network input. It is collision-resistant, so equal digests mean equal inputs."""
    digest = hashlib.blake2b(window.input_ids.tobytes(), digest_size=32)
    digest.update(window.char_ids.tobytes())
    return digest.digest()


def _rank_windows(plan: Plan, places: range) -> np.ndarray:
    """The windows of one text that may be read, by priority; `places` are the indices of all its windows."""
    distinct = np.unique(plan.equal_to[places.start : places.stop])
    if plan.max_windows is None or len(distinct) == 1:
        return distinct
    ranks: list[np.ndarray] = []
    ends: list[int] = []
    for _, group in groupby(places, key=lambda place: _rank_group(plan, place)):
        members = list(group)
        reading = plan.readings[plan.reading_of[members[0]]]
        rank = _ranks([plan.windows[place] for place in members])
        if reading.view is not None:
            rank[_is_unchanged(plan, members, reading)] += 2 * len(places)
        elif reading.view_index == TEXT:
            ends += [members[0], members[-1]]
        ranks.append(rank)
    all_ranks = np.concatenate(ranks)
    all_ranks[plan.is_second_look[places.start : places.stop]] += 4 * len(places)
    all_ranks[[ends[0] - places.start, ends[-1] - places.start]] = -1
    in_order = places.start + np.argsort(all_ranks, kind="stable")
    return np.array(list(dict.fromkeys(plan.equal_to[in_order].tolist()))[: plan.max_windows])


def _rank_group(plan: Plan, place: int) -> int:
    """Windows of one reading are ranked together, and so are those of all segments."""
    index = int(plan.reading_of[place])
    return SEGMENT if plan.readings[index].view_index == SEGMENT else index


def _ranks(windows: Sequence[Window]) -> np.ndarray:
    """Priority of each window of one reading, (W,) int, lowest first: alternately by spread and by distance from the mean."""
    count = len(windows)
    by_spread, by_distance = np.empty(count, dtype=np.intp), np.empty(count, dtype=np.intp)
    by_spread[_spread(count)] = np.arange(count)
    by_distance[np.argsort(-_mean_distances(windows), kind="stable")] = np.arange(count)
    return np.minimum(2 * by_spread, 2 * by_distance + 1)


def _spread(count: int) -> np.ndarray:
    """0 ... count - 1 in an order whose every prefix is spread evenly over the range (van der Corput 1935), (count,) int."""
    order = np.zeros(1, dtype=np.intp)
    while len(order) < count:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order[order < count]


def _mean_distances(windows: Sequence[Window]) -> np.ndarray:
    """Chi-square distance of each window's shares of character kinds from their means, (W,)."""
    kinds = character_kinds()  # (ids, K)
    counts = np.stack([np.bincount(window.char_ids.reshape(-1), minlength=len(kinds)) for window in windows])
    shares = counts @ kinds / np.maximum(counts[:, 1:].sum(axis=1), 1)[:, None]  # (W, K); id 0 is no character
    mean = shares.mean(axis=0)
    return ((shares - mean) ** 2 / (mean + RARE_SHARE)).sum(axis=1)


def _is_unchanged(plan: Plan, places: Sequence[int], reading: Reading) -> np.ndarray:
    """Which windows of a view decoding did not change, (W,) bool: those in the prefix or suffix shared with the raw text."""
    raw, decoded = (code_points_of(text) for text in (_piece_of(plan.texts[reading.text_index], reading), reading.text))
    prefix_end = _common_prefix(raw, decoded)
    rest = min(len(raw), len(decoded)) - prefix_end
    suffix_start = len(decoded) - _common_prefix(raw[len(raw) - rest :][::-1], decoded[len(decoded) - rest :][::-1])
    return np.array([plan.windows[place].end <= prefix_end or plan.windows[place].start >= suffix_start for place in places])


def _piece_of(text: str, reading: Reading) -> str:
    """The part of the raw text that a view was decoded from."""
    assert reading.view is not None
    return text[reading.view.start : reading.view.end]


def _common_prefix(a: np.ndarray, b: np.ndarray) -> int:
    """The number of code points in the longest common prefix."""
    size = min(len(a), len(b))
    differs = a[:size] != b[:size]
    return int(differs.argmax()) if differs.any() else size
