"""What the network reads of a text: the text and its decoded views, the same for training, evaluation and serving.

`model.views` says how a view is read. `separate`: as a text of its own, beside the text that it was decoded from.
`segment`: behind that text, in the same windows ([CLS] text [SEP] view [SEP]), and the text is not read on its own, except
where views did not read all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..labels import Family
from .tokenization import GuardTokenizer, ViewMode, Window
from .views import PIECE, View, ViewSearch, search_views


@dataclass(frozen=True, slots=True)
class Reading:
    """One of the readings that a text is judged by: itself, a part of it, a view of it, or it with a view."""

    text: str
    text_index: int
    view_index: int = -1  # -1: no view
    view: View | None = None
    second: str | None = None  # what stands behind `text` in the same windows
    start: int = 0  # where `text` begins in the raw text, if it is a part of it

    @property
    def is_own(self) -> bool:
        """Whether `text` is of the raw text and not decoded."""
        return self.view is None or self.second is not None

    @property
    def family(self) -> Family:
        return Family.NONE if self.view is None else self.view.family


def readings_of(texts: Sequence[str], mode: ViewMode) -> list[Reading]:
    """What each text is judged by, text by text; what has no view comes first, then the most plausible view."""
    return [reading for index, text in enumerate(texts) for reading in readings_of_text(index, text, [text], mode)]


def readings_of_text(
    text_index: int, text: str, parts: Sequence[str], mode: ViewMode, found: ViewSearch | None = None
) -> list[Reading]:
    """`parts`: what is read of the text itself, in order; the whole of it, or its beginning and its end. `found`: what
    `search_views` gave for the text, where that is known; its `share` says how much of the text was searched.
    """
    starts = (0, len(text) - len(parts[-1]))
    alone = [Reading(part, text_index, start=start) for part, start in zip(parts, starts, strict=False)]
    views = (search_views(text) if found is None else found).views
    if mode == "separate":
        return alone + [Reading(view.text, text_index, place, view) for place, view in enumerate(views)]
    # A view stands behind the piece of the text that it was read from, or of that as much as is read at all.
    is_whole = bool(views) and len(parts[0]) == len(text) and (views[0].start, views[0].end) == (0, len(text))
    paired = [_beside(view, text, parts, text_index, place) for place, view in enumerate(views)]
    return paired if is_whole else alone + paired


def _beside(view: View, text: str, parts: Sequence[str], text_index: int, place: int) -> Reading:
    is_read = len(parts[0]) == len(text)
    raw, start = (text[view.start : view.end], view.start) if is_read else (parts[0][:PIECE], 0)
    return Reading(raw, text_index, place, view, view.text, start)


def own_readings(texts: Sequence[str], mode: ViewMode) -> list[Reading]:
    """The readings that hold the text itself: what is trained on, and what the router's threshold is fitted on.

    A view that is read separately is a plain text like others, and has no label of its own.
    """
    if mode == "separate":  # views cost time
        return [Reading(text, index) for index, text in enumerate(texts)]
    return readings_of(texts, mode)


def windows_of_readings(readings: Sequence[Reading], tokenizer: GuardTokenizer) -> list[Window]:
    """The windows of every reading, in order; their `text_index` is the place of the reading."""
    return tokenizer.windows([reading.text for reading in readings], [reading.second for reading in readings])
