"""Style and output of figures: three formats, with the numbers of each as CSV.

Colours are those of Okabe and Ito, which colour-blind readers can distinguish, and no series differs in colour alone. Sizes are
for print: a figure is as wide as a column or a page, with letters of 7 to 8 points.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")  # before pyplot: a server has no display

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter
from matplotlib.typing import RcKeyType

from ..files import atomic_write, write_text

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\")
LINES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
GREY = "0.45"
COLUMN, PAGE = 3.5, 7.0  # widths in inches
DPI = {"png": 200}  # the other formats are vector graphics
FORMATS = ("pdf", "svg", "png")
# Without time and program, so that the same data give the same bytes.
METADATA = {"pdf": {"CreationDate": None, "Producer": None, "Creator": None}, "svg": {"Date": None}, "png": {"Software": None}}
STYLE: dict[RcKeyType, Any] = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.5,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.hashsalt": "tinyguardrail",
}
CAPTION_SIZE = 6.5


@dataclass(frozen=True)
class Drawing:
    """A figure, its caption and its numbers: one mapping per point, bar or cell."""

    figure: Figure
    caption: str
    rows: Sequence[Mapping[str, Any]]


def style() -> Any:
    """A context with the style of this module, which figures are drawn in."""
    return plt.rc_context(STYLE)


def new_figure(width: float = COLUMN, height: float = 2.6, columns: int = 1) -> tuple[Figure, Any]:
    """A figure and its axes: one, or a row of several."""
    figure, axes = plt.subplots(1, columns, figsize=(width, height), layout="constrained")
    return figure, axes


def series_style(i: int) -> dict[str, Any]:
    """Colour, dashes and marker of the i-th series."""
    return {"color": COLOURS[i % len(COLOURS)], "linestyle": LINES[i % len(LINES)], "marker": MARKERS[i % len(MARKERS)]}


def scale_by_ratio(axis: Axes) -> None:
    """A logarithmic x axis with plain numbers on it."""
    axis.set_xscale("log")
    axis.margins(x=0.25)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter(NullFormatter())


def none_to_nan(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]  # matplotlib leaves a gap


def error_lengths(cells: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    """Lengths of error bars in percent, at least 0: an interval that resamples groups may miss the rate by a rounding error."""
    return [
        [100 * max(0.0, cell["rate"] - cell["low"]) for cell in cells],
        [100 * max(0.0, cell["high"] - cell["rate"]) for cell in cells],
    ]


def commit_of(record: Mapping[str, Any]) -> str:
    """The commit of the measurement, as a sentence of a caption."""
    environment = record.get("environment", {})
    commit = environment.get("commit")
    return f"Commit {commit[:10] if commit else 'unknown'}{', with local changes' if environment.get('dirty') else ''}."


def write_drawing(drawing: Drawing, directory: Path, name: str, formats: Sequence[str] = FORMATS) -> list[Path]:
    """`name` in every format, name.csv with its numbers and name.txt with its caption."""
    figure = drawing.figure
    characters = int(figure.get_figwidth() * 72 / CAPTION_SIZE * 1.9)  # per line; a letter is about half as wide as high
    figure.supxlabel("\n".join(textwrap.wrap(drawing.caption, characters)), fontsize=CAPTION_SIZE, color=GREY)
    written = save_figure(figure, directory / name, formats)
    write_text(directory / f"{name}.csv", _format_csv(drawing.rows))
    write_text(directory / f"{name}.txt", drawing.caption + "\n")
    return written


def save_figure(figure: Figure, stem: Path, formats: Sequence[str]) -> list[Path]:
    written = []
    with style():  # fonts and hash salt are also read when a figure is written
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # the layout is computed once, not for every format
        for kind in formats:
            path = stem.with_name(f"{stem.name}.{kind}")
            with atomic_write(path) as partial:
                figure.savefig(partial, dpi=DPI.get(kind, "figure"), format=kind, metadata=METADATA[kind])
            written.append(path)
    plt.close(figure)
    return written


def _format_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """CSV; an undefined value is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in rows for key in row)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
