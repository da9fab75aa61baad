"""The data report: one HTML file from the result of src/data/description.py. Nothing is computed here."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from typing import Any

import matplotlib

matplotlib.use("Agg")  # before pyplot: a server has no display

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from .cells import number, percent
from .document import Picture, Section, Table, render_page
from .plotting import COLOURS, DPI

BAR_HEIGHT = 0.28  # inches per bar
MAX_BARS = 30  # languages or families in one figure; the tables hold all


def render_data_report(description: Mapping[str, Any]) -> str:
    """HTML without external assets."""
    return render_page(
        "Data report",
        [_totals(description), _sources(description), _distribution(description), _overlap(description), _suspects(description)],
    )


def _totals(description: Mapping[str, Any]) -> Section:
    totals = description["totals"]
    text = (
        f"data.source={description['data_source']}: {totals['read']:,} rows of {len(description['sources'])} sources read, "
        f"{totals['kept']:,} kept after duplicates and overlap with held-out sets; {totals['evaluation']:,} rows of "
        f"{len(description['evaluation'])} evaluation sets."
    )
    return Section("Totals", (text,))


def _sources(description: Mapping[str, Any]) -> Section:
    headers = [
        "Source",
        "Role",
        "Licence",
        "Labels",
        "Languages",
        "Read",
        "Kept",
        "Exact",
        "Near",
        "Contradictions",
        "Overlap",
        "Median chars",
        "P95 chars",
        "With view",
    ]
    dropped = ("exact", "near", "contradictions")
    rows = [
        [
            name,
            source["role"],
            source["licence"],
            _format_counts(source["labels"]),
            _format_counts(source["languages"]),
            *(number(source[key]) for key in ("read", "kept", *dropped)),
            number(sum(source["overlap"].values())),
            number(source["median_chars"]),
            number(source["p95_chars"]),
            percent(source["with_view"]),
        ]
        for name, source in description["sources"].items()
    ]
    evaluation = [
        [
            name,
            each["licence"],
            _format_counts(each["labels"]),
            _format_counts(each["languages"]),
            number(each["rows"]),
            number(each["median_chars"]),
        ]
        for name, each in description["evaluation"].items()
    ]
    note = (
        "Exact and near: rows dropped because another row says the same, or nearly (MinHash, Jaccard 0.8, same label). "
        "Contradictions: equal texts with labels that deny each other. Overlap: rows that a held-out set would recognise."
    )
    tables = [Table(headers, rows, num_text=5)]
    if evaluation:
        columns = ["Evaluation set", "Licence", "Labels", "Languages", "Rows", "Median chars"]
        tables.append(Table(columns, evaluation, num_text=4, title="Evaluation sets"))
    return Section("Sources", (note, *tables))


def _distribution(description: Mapping[str, Any]) -> Section:
    figures = [
        _render_picture("Characters per text, by label", _draw_lengths(description["lengths"])),
        _render_picture("Languages", _draw_bars(description["languages"], "rows kept")),
        _render_picture("Families", _draw_bars(description["families"], "rows kept")),
    ]
    return Section("Lengths, languages, families", tuple(figures))


def _overlap(description: Mapping[str, Any]) -> Section:
    headers = ["Held-out set", "Exact", "Near", "Group"]
    tables = [
        Table(
            headers,
            [[name, *(number(counts[key]) for key in ("exact", "near", "group"))] for name, counts in overlap.items()],
            title=title,
        )
        for title, overlap in (
            ("Training rows dropped, by what recognised them", description["overlap"]),
            ("Validation rows dropped, by what recognised them", description["validation_overlap"]),
        )
        if overlap
    ]
    if not tables:
        return Section("Overlap", ("No row is recognised by a held-out set.",))
    heat = _draw_heat({name: source["overlap"] for name, source in description["sources"].items() if source["overlap"]})
    return Section("Overlap", (*tables, _render_picture("Rows dropped: source by held-out set", heat)))


def _suspects(description: Mapping[str, Any]) -> Section:
    note = (
        "Rows that a linear model on hashed n-grams, trained on the other groups, gives to another class; at most 50 per source. "
        "It reads the first 1,000 characters. Most such rows are hard, some are mislabelled: read before you correct."
    )
    headers = ["Source", "Label", "Predicted", "Text", "Probability"]
    rows = [
        [each["source"], each["label"], each["predicted"], each["text"], f"{each['probability']:.3f}"]
        for each in description["suspects"]
    ]
    return Section("Label noise suspects", (note, f"{len(rows):,} rows.", Table(headers, rows, num_text=4)))


def _format_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {count:,}" for key, count in counts.items())


def _draw_lengths(lengths: Mapping[str, Any]) -> Figure:
    figure, axes = plt.subplots(figsize=(9, 4))
    edges = lengths["edges"]
    for (label, counts), colour in zip(lengths["counts"].items(), COLOURS, strict=False):
        shares = np.array(counts) / max(1, sum(counts))
        axes.plot(edges, shares, marker="o", markersize=3, color=colour, label=f"{label} (n={sum(counts):,})")
    axes.set(xscale="log", xlabel="characters, upper end of the bin", ylabel="share of the label's rows")
    axes.legend()
    return figure


def _draw_bars(counts: Mapping[str, int], label: str) -> Figure:
    shown = dict(sorted(counts.items(), key=lambda item: -item[1])[:MAX_BARS])
    figure, axes = plt.subplots(figsize=(9, max(2.0, BAR_HEIGHT * len(shown) + 1)))
    axes.barh(list(shown), list(shown.values()), color=COLOURS[0])
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel=f"{label}, logarithmic" + ("" if len(shown) == len(counts) else f"; first {MAX_BARS}"))
    return figure


def _draw_heat(overlap: Mapping[str, Mapping[str, int]]) -> Figure:
    columns = sorted({name for counts in overlap.values() for name in counts})
    values = np.array([[counts.get(column, 0) for column in columns] for counts in overlap.values()])
    figure, axes = plt.subplots(figsize=(max(5.0, 0.5 * len(columns) + 4), max(2.5, BAR_HEIGHT * len(overlap) + 2)))
    axes.imshow(np.log1p(values), cmap="Blues", aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=60, ha="right")
    axes.set_yticks(range(len(overlap)), list(overlap))
    for row, column in zip(*np.nonzero(values), strict=True):
        axes.text(column, row, f"{values[row, column]}", ha="center", va="center", fontsize=7)
    return figure


def _render_picture(name: str, figure: Figure) -> Picture:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI["png"], bbox_inches="tight")
    plt.close(figure)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    return Picture(name, path="", data_uri=f"data:image/png;base64,{data}")
