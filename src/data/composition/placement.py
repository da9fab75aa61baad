"""Where a whole text can stand inside another: the natural places of a document, found in its own format.

A document is kept as it is, character for character, but for the text that is put into it: escaped as the format asks,
on one line where the format has lines. A format that a document only resembles does no harm: then a place is between two
of its lines.
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
    """Where a note goes: `text[:start] + before + escape(note) + after + text[end:]`. `start` < `end`: it replaces blanks."""

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
    for place in places(document):
        by_kind.setdefault(place.kind, []).append(place)
    kind = rng.choice(sorted(by_kind))
    text, span = rng.choice(by_kind[kind]).put(document, note)
    return text, span, kind


def places(document: str) -> list[Place]:
    """Every natural place of a document, by the first format that it has. There is always one."""
    found: list[Place] = []
    for places_in in FORMATS.values():
        found = list(places_in(document))
        if found:
            break
    return found or [Place("end", len(document), len(document), before="\n")]


def one_line(note: str) -> str:
    return " ".join(note.split())


# ---- JSON: at the end of a value that is a string ----

_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _json(document: str) -> Iterator[Place]:
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
            yield Place("json_value", string.end() - 1, string.end() - 1, before=" " if value else "", escape=_json_escaped)


def _json_escaped(note: str) -> str:
    return json.dumps(note.strip(), ensure_ascii=False)[1:-1]


# ---- HTML and XML: comments, elements, and attributes that are shown or read aloud ----

_CLOSING_TAG = re.compile(r"</(p|li|div|td|h[1-6]|article|section|span|dd|item|entry|description|text)>", re.I)
_SHOWN_ATTRIBUTE = re.compile(r'\b(alt|title|content|aria-label|placeholder|summary)\s*=\s*"([^"<>]*)"', re.I)


def _markup(document: str) -> Iterator[Place]:
    closings = list(_CLOSING_TAG.finditer(document))
    if not closings:
        return
    for closing in closings:
        yield Place("element", closing.start(), closing.start(), before=" ", escape=_markup_escaped)
        yield Place("comment", closing.end(), closing.end(), before="<!-- ", after=" -->", escape=_comment_escaped)
        tag = closing[1]
        if tag.lower() in ("p", "li", "div", "item", "entry"):
            yield Place(
                "new_element", closing.end(), closing.end(), before=f"\n<{tag}>", after=f"</{tag}>", escape=_markup_escaped
            )
    for attribute in _SHOWN_ATTRIBUTE.finditer(document):
        joint = " " if attribute[2] else ""
        yield Place("attribute", attribute.end() - 1, attribute.end() - 1, before=joint, escape=_attribute_escaped)


def _markup_escaped(note: str) -> str:
    return html.escape(note.strip(), quote=False)


def _comment_escaped(note: str) -> str:
    return re.sub(r"-{2,}", "-", note.strip())  # two hyphens end a comment


def _attribute_escaped(note: str) -> str:
    return html.escape(one_line(note), quote=True)


# ---- Tables: at the end of a cell of text ----

_DELIMITERS = (",", ";", "\t")
_MIN_TABLE_LINES = 3


def _separated_values(document: str) -> Iterator[Place]:
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
        longest = max(range(width), key=lambda column: len(row[column]))
        yield Place("cell", offset, offset + len(line), escape=_cell_writer(row, longest, delimiter))
        offset += len(line) + 1


def _cell_writer(row: list[str], column: int, delimiter: str) -> Callable[[str], str]:
    """The whole line with the note at the end of one cell, quoted where the delimiter asks for it."""

    def write(note: str) -> str:
        cells = [*row[:column], f"{row[column]} {one_line(note)}".strip(), *row[column + 1 :]]
        line = io.StringIO()
        csv.writer(line, delimiter=delimiter, lineterminator="").writerow(cells)
        return line.getvalue()

    return write


def _markdown_table(document: str) -> Iterator[Place]:
    rows = list(re.finditer(r"^\|.*\|[ ]*$", document, re.M))
    if len(rows) < _MIN_TABLE_LINES:
        return
    for row in rows[2:]:  # after the heading and its rule
        for bar in list(re.finditer(r"(?<!\\)\|", row.group()))[1:]:
            cell_end = row.start() + bar.start()
            start = cell_end - (len(document[:cell_end]) - len(document[:cell_end].rstrip(" ")))
            yield Place("cell", start, start, before=" ", escape=lambda note: one_line(note).replace("|", "\\|"))


# ---- Lines that begin alike: code comments, lists, logs, chats ----

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


def _code(document: str) -> Iterator[Place]:
    if len(_CODE_LINE.findall(document)) < 2:
        return
    for line in _COMMENT_LINE.finditer(document):
        yield Place("code_comment", line.end(), line.end(), before="\n" + line[1], escape=_every_line(line[1]))


def _every_line(prefix: str) -> Callable[[str], str]:
    return lambda note: f"\n{prefix}".join(line for line in note.strip().split("\n") if line.strip())


def _log(document: str) -> Iterator[Place]:
    yield from _lines_like(_STAMPED_LINE, "log_line", document, least=3)


def _list(document: str) -> Iterator[Place]:
    yield from _lines_like(_ITEM_LINE, "list_item", document, least=2)


def _chat(document: str) -> Iterator[Place]:
    if not _HEADER_LINE.match(document):
        yield from _lines_like(_SPEAKER_LINE, "chat_line", document, least=4)


def _lines_like(form: re.Pattern[str], kind: str, document: str, *, least: int) -> Iterator[Place]:
    """A new line after one of this form, beginning as it does; and the end of such a line."""
    lines = list(form.finditer(document))
    if len(lines) < least:
        return
    for line in lines:
        yield Place(kind, line.end(), line.end(), before="\n" + _next_marker(line[1]), escape=one_line)
        yield Place(f"{kind}_end", line.end(), line.end(), before=" ", escape=one_line)


def _next_marker(prefix: str) -> str:
    """`3. ` after `2. `; any other beginning as it is."""
    number = re.fullmatch(r"(\s*)(\d+)([.)]\s+)", prefix)
    return f"{number[1]}{int(number[2]) + 1}{number[3]}" if number else prefix


# ---- Running text: in a header of a mail, between paragraphs or sentences ----


def _prose(document: str) -> Iterator[Place]:
    header = _HEADER_LINE.match(document)
    body = header.end() if header else 0
    if header:
        for line in re.finditer(r"^(?:Subject|Re|Betreff|Objet|Asunto|Note|Comment|X-[\w-]+):[^\n]*", header.group(), re.M):
            yield Place("header", line.end(), line.end(), before=" ", escape=one_line)
    for gap in re.finditer(r"\n[ \t]*\n+", document):
        if gap.start() >= body:
            yield Place("paragraph", gap.start(), gap.end(), before="\n\n", after="\n\n")
    for gap in re.finditer(r"(?<=\S)\n(?=\S)", document):
        if gap.start() > body:
            yield Place("line", gap.end(), gap.end(), after="\n", escape=one_line)
    for gap in SENTENCE_END.finditer(document, body):
        if "\n" not in gap.group():
            yield Place("sentence", gap.end(), gap.end(), after=" " if gap.group() else "", escape=one_line)
    yield Place("start", body, body, after="\n\n" if "\n" in document else " ")
    yield Place("end", len(document.rstrip()), len(document.rstrip()), before="\n\n" if "\n" in document else " ")


# In this order: the first that finds a place in a document decides. Prose always does.
FORMATS: dict[str, Callable[[str], Iterator[Place]]] = {
    "json": _json,
    "markup": _markup,
    "values": _separated_values,
    "markdown_table": _markdown_table,
    "code": _code,
    "log": _log,
    "chat": _chat,
    "list": _list,
    "prose": _prose,
}
