"""The form of the project's own corpus, which is stricter than that of data.source=local: languages, categories and groups.

A user's directory may hold other languages (pcm, gd, und) and groups that several files share; the corpus may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError
from ..labels import Family
from .local_source import SourceData, load_local
from .schema import PlacedExample, placed
from .splits import own_group

_CODES = """
    am ar ar-Latn as az be bg bn bs ca cs da de el en es et fa fi fil fr ga gl gu ha he hi hi-Latn hr hu hy id ig is it
    ja jv ka kk km kn ko ky lo lt lv mk ml mn mr ms mul my nb ne nl no pa pl pt ro ru si sk sl so sq sr sv sw ta te th
    tr uk ur uz vi yo zh zu
"""
LANGUAGES = frozenset(_CODES.split())  # ISO 639-1, or 639-3 without one, and a script where it is not the usual
CATEGORY = re.compile(r"[a-z]+/[a-z0-9_-]+")


@dataclass(frozen=True)
class Problem:
    """A defect that must be fixed before a corpus is used."""

    where: str  # FILE:LINE; the directory for a defect of the whole corpus
    what: str  # what was expected, what was found and what to do

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def load_corpus(directory: str | Path) -> SourceData:
    """`load_local` for the project's own corpus.

    Raises DataError as `load_local`, and with file and line for the first row that breaks the form of the corpus.
    """
    data, rows = _load_with_places(directory)
    problems = find_form_problems(rows)
    if problems:
        raise DataError(str(problems[0]))
    return data


def read_corpus(directory: str | Path) -> list[PlacedExample]:
    """Every row of a corpus with its place, whatever its form. Raises DataError as `load_local` for what cannot be read."""
    return _load_with_places(directory)[1]


def _load_with_places(directory: str | Path) -> tuple[SourceData, list[PlacedExample]]:
    rows: list[PlacedExample] = []
    data = load_local(directory, visit=lambda place, row: rows.append(placed(row, place)))
    return data, rows


def find_form_problems(rows: Sequence[PlacedExample]) -> list[Problem]:
    """Languages, categories and groups that the form of the corpus does not allow, in the order of the rows."""
    problems = []
    first_rows: dict[tuple[str, bool], PlacedExample] = {}
    named: set[tuple[str, bool, str]] = set()  # groups and sources that a problem names already
    for row in rows:
        if row.lang not in LANGUAGES:
            problems.append(_language_problem(row))
        if not CATEGORY.fullmatch(row.category or ""):
            what = f"expected category to be kind/sub, such as direct/override, found {row.category!r}; correct the category"
            problems.append(Problem(row.place, what))
        # Harmful goals are files of payloads/; their harmless mirrors are rows of train/.
        group = (row.group, row.family == Family.HARMFUL_REQUEST)
        first = first_rows.setdefault(group, row)
        # Equal texts without a group are a matter of find_repeated (src/data/corpus_checks.py).
        if first.source != row.source and (*group, row.source) not in named and row.group != own_group(row.text):
            named.add((*group, row.source))
            what = f"expected each group in one file, found group {row.group!r} also at {first.place}"
            problems.append(Problem(row.place, f"{what}; rename one of the groups, or move its rows into one file"))
    return problems


def _language_problem(row: PlacedExample) -> Problem:
    found = "null or 'und'" if row.lang == "und" else repr(row.lang)
    return Problem(
        row.place,
        f"unknown language: expected lang to be an ISO 639-1 code, or mul for several languages, found {found}; correct it, "
        "or add a new language to LANGUAGES in src/data/corpus_form.py",
    )
