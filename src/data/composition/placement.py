"""The natural places of a document, by its format, where a whole text can be inserted.

The document itself stays unchanged; the inserted text is escaped as the format requires, and put on one line where the
format has lines. A document that only resembles a format does no harm: the places are then between its lines.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.!?।؟…])\s+(?=\S)|(?<=[。！？])(?=\S)")


@dataclass(frozen=True)
class Place:
    """A place for a note: `text[:start] + before + escape(note) + after + text[end:]`. `start` < `end`: it replaces blanks."""

    kind: str
    start: int
    end: int
    before: str = ""
    after: str = ""
    escape: Callable[[str], str] = str.strip

    def put(self, text: str, note: str) -> tuple[str, tuple[int, int]]:
        """The text with the note at this place, and the characters [start, end) that hold the note."""
        escaped = self.escape(note)
        head = text[: self.start] + self.before
        return head + escaped + self.after + text[self.end :], (len(head), len(head) + len(escaped))


def plant(document: str, note: str, rng: random.Random) -> tuple[str, tuple[int, int], str]:
    """The document with the note at one of its natural places; the note's characters [start, end); the kind of place.

    Kinds are drawn evenly, so that a page with a hundred cells and one comment has notes in both.
    """
    by_kind: dict[str, list[Place]] = {}
    for place in find_places(document):
        by_kind.setdefault(place.kind, []).append(place)
    kind = rng.choice(sorted(by_kind))
    text, span = rng.choice(by_kind[kind]).put(document, note)
    return text, span, kind


def find_places(document: str) -> list[Place]:
    """Every natural place of a document, by the first format that matches it; at least one."""
    places: list[Place] = []
    for places_in in FORMATS.values():
        places = list(places_in(document))
        if places:
            break
    return places or [Place("end", len(document), len(document), before="\n")]


def to_one_line(note: str) -> str:
    return " ".join(note.split())


# ---- JSON: at the end of a value that is a string ----

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _json_places(document: str) -> Iterator[Place]:
    stripped = document.strip()
    if not stripped or stripped[0] not in "{[":
        return
    try:
        json.loads(stripped)
    except ValueError:
        return
    for string in _JSON_STRING.finditer(document):
        is_key = document[string.end() :].lstrip()[:1] == ":"
        value = string.group()[1:-1]
        # Dates, ids and links are read by programs: nobody would write a sentence behind one.
        if not is_key and (not value or " " in value):
            yield Place("json_value", string.end() - 1, string.end() - 1, before=" " if value else "", escape=_escape_json)


def _escape_json(note: str) -> str:
    return json.dumps(note.strip(), ensure_ascii=False)[1:-1]


# ---- HTML and XML: comments, elements, and attributes that are shown or read aloud ----

_CLOSING_TAG = re.compile(r"</(p|li|div|td|h[1-6]|article|section|span|dd|item|entry|description|text)>", re.I)
_SHOWN_ATTRIBUTE = re.compile(r'\b(alt|title|content|aria-label|placeholder|summary)\s*=\s*"([^"<>]*)"', re.I)


def _markup_places(document: str) -> Iterator[Place]:
    closings = list(_CLOSING_TAG.finditer(document))
    if not closings:
        return
    for closing in closings:
        yield Place("element", closing.start(), closing.start(), before=" ", escape=_escape_markup)
        yield Place("comment", closing.end(), closing.end(), before="<!-- ", after=" -->", escape=_escape_comment)
        tag = closing[1]
        if tag.lower() in ("p", "li", "div", "item", "entry"):
            yield Place(
                "new_element", closing.end(), closing.end(), before=f"\n<{tag}>", after=f"</{tag}>", escape=_escape_markup
            )
    for attribute in _SHOWN_ATTRIBUTE.finditer(document):
        joint = " " if attribute[2] else ""
        yield Place("attribute", attribute.end() - 1, attribute.end() - 1, before=joint, escape=_escape_attribute)


def _escape_markup(note: str) -> str:
    return html.escape(note.strip(), quote=False)


def _escape_comment(note: str) -> str:
    return re.sub(r"-{2,}", "-", note.strip())  # two hyphens end a comment


def _escape_attribute(note: str) -> str:
    return html.escape(to_one_line(note), quote=True)


# ---- Tables: at the end of a cell of text ----

_DELIMITERS = (",", ";", "\t")
_MIN_TABLE_LINES = 3


def _separated_values_places(document: str) -> Iterator[Place]:
    lines = document.strip("\n").split("\n")
    if len(lines) < _MIN_TABLE_LINES:
        return
    for delimiter in (each for each in _DELIMITERS if each in lines[0]):
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in lines]
        width = len(rows[0])
        if width > 1 and all(len(row) == width for row in rows) and all(len(cell) < 40 for cell in rows[0]):
            break
    else:
        return
    offset = document.index(lines[0]) + len(lines[0]) + 1
    for line, row in zip(lines[1:], rows[1:], strict=True):
        longest_cell = max(range(width), key=lambda column: len(row[column]))
        yield Place("cell", offset, offset + len(line), escape=_cell_writer(row, longest_cell, delimiter))
        offset += len(line) + 1


def _cell_writer(row: list[str], column: int, delimiter: str) -> Callable[[str], str]:
    """The whole line with the note at the end of one cell, quoted where the delimiter asks for it."""

    def write(note: str) -> str:
        cells = [*row[:column], f"{row[column]} {to_one_line(note)}".strip(), *row[column + 1 :]]
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
        return line.getvalue()

    return write


def _markdown_table_places(document: str) -> Iterator[Place]:
    rows = list(re.finditer(r"^\|.*\|[ ]*$", document, re.M))
    if len(rows) < _MIN_TABLE_LINES:
        return
    for row in rows[2:]:  # after the heading and its rule
        for bar in list(re.finditer(r"(?<!\\)\|", row.group()))[1:]:
            cell_end = row.start() + bar.start()
            start = cell_end - (len(document[:cell_end]) - len(document[:cell_end].rstrip(" ")))
            yield Place("cell", start, start, before=" ", escape=lambda note: to_one_line(note).replace("|", "\\|"))


# ---- Lines with a common prefix: code comments, lists, logs, chats ----

_COMMENT_LINE = re.compile(r"^([ \t]*(?:#|//|--|;|\*|%|REM)[ \t]+)\S.*$", re.M)
_CODE_LINE = re.compile(
    r"[;{})]\s*$|^\s*(?:def|class|import|from|return|function|const|let|var|if|for|SELECT|CREATE|RUN)\b", re.M
)
_ITEM_LINE = re.compile(r"^([ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+)\S.*$", re.M)
_STAMPED_LINE = re.compile(
    r"^(\[?(?:\d{4}-\d\d-\d\d[T ]?|\d{1,2}[./]\d{1,2}[./]\d{2,4},? ?)?\d{0,2}:?\d\d:\d\d\S*[ \t]+\S{0,24}?[:\]>]?[ \t]+)\S.*$",
    re.M,
)
_SPEAKER_LINE = re.compile(r"^((?:\[[^\]\n]{1,24}\][ \t]*)?[^\W\d][^:\n]{0,28}:[ \t]+)\S.*$", re.M)
_HEADER_LINE = re.compile(r"\A(?:[A-Z][\w-]{1,20}:[^\n]*\n){2,}")


def _code_places(document: str) -> Iterator[Place]:
    if len(_CODE_LINE.findall(document)) < 2:
        return
    for line in _COMMENT_LINE.finditer(document):
        yield Place("code_comment", line.end(), line.end(), before="\n" + line[1], escape=_prefix_lines(line[1]))


def _prefix_lines(prefix: str) -> Callable[[str], str]:
    return lambda note: f"\n{prefix}".join(line for line in note.strip().split("\n") if line.strip())


def _log_places(document: str) -> Iterator[Place]:
    yield from _line_places(_STAMPED_LINE, "log_line", document, least=3)


def _list_places(document: str) -> Iterator[Place]:
    yield from _line_places(_ITEM_LINE, "list_item", document, least=2)


def _chat_places(document: str) -> Iterator[Place]:
    if not _HEADER_LINE.match(document):
        yield from _line_places(_SPEAKER_LINE, "chat_line", document, least=4)


def _line_places(form: re.Pattern[str], kind: str, document: str, *, least: int) -> Iterator[Place]:
    """Places for a new line with the same prefix after each line of this form, and at the end of such a line."""
    lines = list(form.finditer(document))
    if len(lines) < least:
        return
    for line in lines:
        yield Place(kind, line.end(), line.end(), before="\n" + _next_marker(line[1]), escape=to_one_line)
        yield Place(f"{kind}_end", line.end(), line.end(), before=" ", escape=to_one_line)


def _next_marker(prefix: str) -> str:
    """`3. ` after `2. `; any other beginning as it is."""
    number = re.fullmatch(r"(\s*)(\d+)([.)]\s+)", prefix)
    return f"{number[1]}{int(number[2]) + 1}{number[3]}" if number else prefix


# ---- Running text: in a header of a mail, between paragraphs or sentences ----


def _prose_places(document: str) -> Iterator[Place]:
    header = _HEADER_LINE.match(document)
    body = header.end() if header else 0
    if header:
        for line in re.finditer(r"^(?:Subject|Re|Betreff|Objet|Asunto|Note|Comment|X-[\w-]+):[^\n]*", header.group(), re.M):
            yield Place("header", line.end(), line.end(), before=" ", escape=to_one_line)
    for gap in re.finditer(r"\n[ \t]*\n+", document):
        if gap.start() >= body:
            yield Place("paragraph", gap.start(), gap.end(), before="\n\n", after="\n\n")
    for gap in re.finditer(r"(?<=\S)\n(?=\S)", document):
        if gap.start() > body:
            yield Place("line", gap.end(), gap.end(), after="\n", escape=to_one_line)
    for gap in SENTENCE_END.finditer(document, body):
        if "\n" not in gap.group():
            yield Place("sentence", gap.end(), gap.end(), after=" " if gap.group() else "", escape=to_one_line)
    yield Place("start", body, body, after="\n\n" if "\n" in document else " ")
    yield Place("end", len(document.rstrip()), len(document.rstrip()), before="\n\n" if "\n" in document else " ")


# In this order: the first format with a place in the document is used. Prose always has one.
FORMATS: dict[str, Callable[[str], Iterator[Place]]] = {
    "json": _json_places,
    "markup": _markup_places,
    "values": _separated_values_places,
    "markdown_table": _markdown_table_places,
    "code": _code_places,
    "log": _log_places,
    "chat": _chat_places,
    "list": _list_places,
    "prose": _prose_places,
}
