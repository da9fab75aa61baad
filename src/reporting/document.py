"""A document of sections and blocks, as Markdown or as one HTML file that loads nothing. Its content comes from the callers.

Every text is untrusted and escaped. The page runs its own script only: its content security policy names the
script's checksum.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parent / "templates"
AXIS_ENDS = (0.05, 0.1, 0.2, 0.5)  # a chart of rates ends at the first that is not below any of them, else at 1


@dataclass(frozen=True)
class Table:
    """Cells are final text. Columns after the first `num_text` are right-aligned."""

    headers: list[str]
    rows: list[list[str]]
    num_text: int = 1
    title: str = ""


@dataclass(frozen=True)
class Mark:
    """One bar: a value in the unit of its chart, its text, and an interval that is drawn over it. None draws nothing."""

    value: float | None
    text: str
    interval: Sequence[float] | None = None


@dataclass(frozen=True)
class BarRow:
    """One mark per series; `goal` is drawn as a line across them."""

    label: str
    marks: tuple[Mark, ...]
    goal: float | None = None


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from 0 to `end`. Only the page draws them; a table has the same values."""

    title: str
    series: tuple[str, ...]
    rows: tuple[BarRow, ...]
    end: float = 1.0
    ticks: tuple[str, ...] = ("0%", "50%", "100%")  # at equal distances from 0 to `end`
    note: str = ""


@dataclass(frozen=True)
class Multiples:
    """Small charts side by side."""

    charts: tuple[Bars, ...]


@dataclass(frozen=True)
class Words:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Caution:
    """A warning to be read before anything else."""

    text: str


@dataclass(frozen=True)
class Quote:
    """An untrusted text with its score and facts about it."""

    score: str
    facts: str
    text: str


@dataclass(frozen=True)
class Quotes:
    title: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Picture:
    name: str
    path: str  # for Markdown
    data_uri: str  # for the page


@dataclass(frozen=True)
class Fold:
    """Blocks that a page shows when the reader opens them."""

    title: str
    blocks: tuple[Block, ...]


Block = str | Table | Bars | Multiples | Words | Caution | Quotes | Picture | Fold


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...] = ()
    is_lead: bool = False  # its paragraphs are set large

    @property
    def anchor(self) -> str:
        return "".join(character if character.isalnum() else "-" for character in self.title.lower())


def blocks_of(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, with folds replaced by their blocks."""
    for block in blocks:
        if isinstance(block, Fold):
            yield from blocks_of(block.blocks)
        else:
            yield block


def rate_bars(title: str, series: Sequence[str], rows: Sequence[BarRow], note: str = "") -> Bars:
    """Bars of fractions, on the smallest axis that they, their intervals and their goals fit on."""
    values = [value for row in rows for mark in row.marks for value in (mark.value, *(mark.interval or ())) if value is not None]
    largest = max([*values, *(row.goal for row in rows if row.goal is not None)], default=1.0)
    end = next((end for end in AXIS_ENDS if largest <= end), 1.0)
    ticks = tuple(f"{100 * part * end:g}%" for part in (0, 0.5, 1))
    return Bars(title, tuple(series), tuple(rows), end, ticks, note)


# -------------------------------------------------------------------------------------------------------------- HTML


def render_page(title: str, sections: Sequence[Section]) -> str:
    """One HTML file without external assets; every value is escaped. Pure."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"kind": lambda block: type(block).__name__}
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return environment.get_template("page.html.j2").render(
        title=title,
        sections=sections,
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),  # noqa: S704  # both are files of this package
        script=Markup(script),  # noqa: S704
        script_checksum=f"sha256-{checksum}",
    )


# ---------------------------------------------------------------------------------------------------------- Markdown


def render_document(title: str, sections: Sequence[Section]) -> str:
    """The document as Markdown, without its charts. Pure."""
    lines = [f"# {title}", ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            lines += _markdown_block(block)
    return "\n".join(lines).rstrip("\n") + "\n"


def _markdown_block(block: Block) -> list[str]:
    match block:
        case str() | Caution():
            return [markdown_text(block if isinstance(block, str) else block.text), ""]
        case Words(items):
            return [*(f"- {markdown_text(item)}" for item in items), ""]
        case Table():
            title = [f"### {markdown_text(block.title)}", ""] if block.title else []
            return [*title, *markdown_table(block), ""]
        case Quotes(title, quotes):
            lines = [f"- {quote.score}, {markdown_text(quote.facts)}: {markdown_text(quote.text)}" for quote in quotes]
            return [f"### {markdown_text(title)}", "", *lines, ""]
        case Picture():
            return [f"![{block.name}]({block.path})", ""]
        case Fold(title, blocks):
            return [f"### {markdown_text(title)}", "", *(line for each in blocks for line in _markdown_block(each))]
    return []  # charts


def markdown_text(text: str) -> str:
    """Text escaped for Markdown: one line, without cell separators and HTML."""
    flat = " ".join(text.split())
    for character in ("\\", "|", "<", "*", "`", "["):
        flat = flat.replace(character, f"\\{character}")
    return flat


def markdown_table(table: Table) -> Iterator[str]:
    yield "| " + " | ".join(map(markdown_text, table.headers)) + " |"
    yield "|" + "|".join("---" if i < table.num_text else "---:" for i in range(len(table.headers))) + "|"
    for row in table.rows:
        yield "| " + " | ".join(map(markdown_text, row)) + " |"
