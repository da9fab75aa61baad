"""The report: the results of all stages on one page. Nothing is measured here.

`collect` reads the files of a run into one dict; `build_sections` turns that dict into a document, one module a part, and
`render_markdown` and `render_html` turn the document into text. A file that is not there becomes "not run: <reason>".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document import Section, render_document, render_page
from . import appendix, attacks, benchmarks, calibration, comparison, contamination, latency, mistakes, overview, routing, verdict
from .inputs import collect
from .verdict import caveats

__all__ = ["build_sections", "caveats", "collect", "render_html", "render_markdown"]

TITLE = "TinyGuardrail report"


def build_sections(report: Mapping[str, Any]) -> list[Section]:
    """The sections of both renderings, in order: the outcome, its evidence, and reference material at the end."""
    return [
        verdict.section(report),
        overview.what_was_run(report),
        overview.headline_in_words(report),
        benchmarks.section(report),
        attacks.section(report),
        comparison.section(report),
        routing.section(report),
        latency.section(report),
        calibration.section(report),
        contamination.section(report),
        mistakes.section(report),
        appendix.not_run(report),
        appendix.section(report),
    ]


def render_markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown. Pure: the same dict gives the same text."""
    return render_document(TITLE, build_sections(report))


def render_html(report: Mapping[str, Any]) -> str:
    """The report as one HTML file without external assets; every value is escaped. Pure."""
    return render_page(TITLE, build_sections(report))
