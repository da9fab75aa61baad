"""Parts of a text that are read alone, besides the whole: paragraphs, and the strings of JSON and HTML.

An instruction in one of many paragraphs, or in one value of a tool's answer, is diluted by the rest; alone it has the form that
training shows. Ordinary text has paragraphs, too, so these are a second look at a text that is doubtful as a whole
(src/runtime/scores.py). A part in unusual case is read in lower case (src/text/case.py).

Cost is linear in the text, which is read up to MAX_SEARCHED_CHARS, and the number of parts is bounded: neighbours are joined.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .case import fold_case
from .sentences import Span, join_evenly

MAX_SEGMENTS = 12
MAX_SEARCHED_CHARS = 100_000
MIN_SEGMENT_CHARS = 25  # a shorter paragraph is joined to the next one
MIN_STRING_CHARS = 12  # a shorter value of JSON, or an attribute, is no instruction
MIN_TAGS = 2
_BLANK_LINE = re.compile(r"\n[^\S\n]*+\n\s*+")
_JSON_START = re.compile(r"\s*+[{\[]\s*+[\"{\[]")  # "[note] ..." is no JSON
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"(\s*+:)?|\\?\Z)', re.DOTALL)  # a string that is cut off ends the text
_TAG = re.compile(r"<(/?[a-zA-Z][\w-]*+)([^<>]*+)>|<!--")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LEADING_ZEROS = re.compile(r"&#0++(?=[0-9])")
_LONG_REFERENCE = re.compile(r"&#[0-9]{8,}+;?")  # code points have up to seven digits
_CLOSING = re.compile(r"</([a-zA-Z][\w-]*+)\s*+>")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STYLING = _names("class d points rel sizes srcset style transform viewbox")  # attributes without sentences
_INLINE = _names("a abbr b br cite code em font i kbd mark q s small span strong sub u")
# Tags that need not be closed, or that a page that is cut off leaves open.
_HTML = _names(
    "!-- area article base body br col div embed footer form h1 h2 h3 h4 h5 h6 head header hr html img input li link main meta "
    "nav ol p section source table tbody td th thead title tr track ul wbr"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text, decoded, and the characters [start, end) of the raw text that it comes from."""

    text: str
    start: int
    end: int
    is_second_look: bool = False  # whether it is read only if the whole text is doubtful


def find_segments(text: str, limit: int = MAX_SEGMENTS) -> list[Segment]:
    """At most `limit` parts in text order; none for one paragraph in ordinary case."""
    searched = text[:MAX_SEARCHED_CHARS]
    strings = _json_strings(searched) or _html_strings(searched)
    parts = _join(strings, limit) or _paragraphs(searched, limit) or [Segment(text, 0, len(text))]
    return [part for part in map(_in_plain_case, parts) if part.text != text]


def _in_plain_case(segment: Segment) -> Segment:
    folded = fold_case(segment.text)
    return segment if folded is None else Segment(folded, segment.start, segment.end)


def _join(strings: Sequence[Segment], limit: int) -> list[Segment]:
    """At most `limit` segments, of neighbouring strings with a blank line between them."""
    groups = [strings[first:stop] for first, stop in join_evenly([(n, n + 1) for n in range(len(strings))], limit)]
    return [
        Segment("\n\n".join(part.text for part in group), min(part.start for part in group), max(part.end for part in group))
        for group in groups
    ]


def _paragraphs(text: str, limit: int) -> list[Segment]:
    """Parts between blank lines, of MIN_SEGMENT_CHARS or more; none if there is one."""
    spans: list[Span] = []
    start = 0
    for end, following in [*(match.span() for match in _BLANK_LINE.finditer(text)), (len(text), len(text))]:
        if len(text[start:end].strip()) >= MIN_SEGMENT_CHARS:
            spans.append((start, end))
            start = following
    if spans and text[start:].strip():  # a short end belongs to the last paragraph
        spans[-1] = (spans[-1][0], len(text))
    joined = join_evenly(spans, limit) if len(spans) > 1 else []
    return [Segment(text[start:end], start, end, is_second_look=True) for start, end in joined]


def _json_strings(text: str) -> list[Segment]:
    """The decoded values of a text that is JSON, whole or cut off; keys are left out."""
    if _JSON_START.match(text) is None:
        return []
    return _long_enough(
        (_unescape(match[1]), match.start(1), match.end(1)) for match in _JSON_STRING.finditer(text) if match[2] is None
    )


def _unescape(string: str) -> str:
    try:
        return str(json.loads(f'"{string}"', strict=False)) if "\\" in string else string
    except ValueError:  # an escape that JSON does not have
        return string


def _html_strings(text: str) -> list[Segment]:
    """Text between block tags, comments and attribute values with a space, of a text with tags.

    A name between angle brackets is a tag if it is one of _HTML or closed somewhere: "#include <string>" is none.
    """
    if "<" not in text:
        return []
    names = _HTML | {name.lower() for name in _CLOSING.findall(text)}
    tags = [tag for tag in _find_tags(text) if tag[2] in names]
    return _long_enough(_pieces_of_html(text, tags)) if len(tags) >= MIN_TAGS else []


def _find_tags(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, name and attributes of each tag; a comment has the name "!--" and its text in place of attributes."""
    place = 0
    while match := _TAG.search(text, place):
        if match[1] is None:
            stop = text.find("-->", match.end())
            stop = len(text) if stop < 0 else stop  # not closed: the rest of the text is a comment
            place = min(stop + 3, len(text))
            yield match.start(), place, "!--", text[match.end() : stop]
        else:
            place = match.end()
            yield match.start(), place, match[1].lstrip("/").lower(), match[2]


def _pieces_of_html(text: str, tags: Iterable[tuple[int, int, str, str]]) -> Iterator[tuple[str, int, int]]:
    start, end = 0, 0
    piece: list[str] = []
    for tag_start, tag_end, name, attributes in tags:
        piece.append(text[end:tag_start] + "\n" * (name == "br"))
        end = tag_end
        if name not in _INLINE:
            yield _unescape_html("".join(piece)), start, tag_start
            start, piece = tag_end, []
        if name == "!--":
            yield attributes, tag_start, tag_end
            continue
        for attribute, double, single in _ATTRIBUTE.findall(attributes):
            if " " in (value := double or single) and attribute.lower() not in _STYLING:
                yield _unescape_html(value), tag_start, tag_end
    yield _unescape_html("".join([*piece, text[end:]])), start, len(text)


def _unescape_html(text: str) -> str:
    """The text with its character references decoded, those of too many digits as U+FFFD: `int` refuses very long numbers."""
    if "&#" in text:
        text = _LONG_REFERENCE.sub("\ufffd", _LEADING_ZEROS.sub("&#", text))
    return html.unescape(text)


def _long_enough(pieces: Iterable[tuple[str, int, int]]) -> list[Segment]:
    return [Segment(text, start, end) for text, start, end in pieces if len(text.strip()) >= MIN_STRING_CHARS]
