"""Checks of a corpus of written rows: its form, duplicates, and shortcuts that give the labels away.

A guard learns whatever tells attacks from benign rows, such as a single word, the length or the first words of a text. These
checks measure such shortcuts, so that new rows can balance them (docs in corpus/README.md).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from ..labels import Family, Label
from .contamination import find_overlap, rows_of
from .local_source import load_local
from .near_duplicates import near_duplicates_within, sketches_of
from .schema import Example
from .splits import comparison_key

_CODES = """
    am ar ar-Latn as az be bg bn bs ca cs da de el en es et fa fi fil fr ga gl gu ha he hi hi-Latn hr hu hy id ig is it
    ja jv ka kk km kn ko ky lo lt lv mk ml mn mr ms mul my nb ne nl no pa pl pt ro ru si sk sl so sq sr sv sw ta te th
    tr uk ur uz vi yo zh zu
"""
LANGUAGES = frozenset(_CODES.split())  # ISO 639-1, or 639-3 without one, and a script where it is not the usual
MAX_CUE_RATIO = 3.0  # how much more often a word may occur in the rows of one label than in the others
MIN_CUE_SHARE = 0.01  # share of the rows below which a word is not checked
MAX_IGNORE_SHARE = 0.05  # share of the attacks that may contain "ignore"
SHARED_WORDS = 10  # no run of this many words of an attack may occur in an evaluation text
OPENING_WORDS = 2
PROBE_FOLDS = 5
NO_WORD_SPACES = frozenset(("zh", "ja", "th", "km", "lo", "my"))
CHARS_PER_WORD = 3  # estimate for the languages of NO_WORD_SPACES
WORD_COUNT_RANGES = {"under 40": range(40), "40 to 120": range(40, 121), "over 120": range(121, 10**9)}
FORMATS: dict[str, Callable[[str], bool]] = {
    "question mark": lambda text: re.search("[?？؟]", text) is not None,
    "several lines": lambda text: "\n" in text.strip(),
    "list": lambda text: len(re.findall(r"^\s*(?:[-*•]|\d+[.)])\s", text, re.M)) > 1,
    "JSON or XML": lambda text: text.lstrip()[:1] in tuple("{[<"),
    "headers": lambda text: len(re.findall(r"^[A-Z][\w-]{1,20}: \S", text, re.M)) > 1,
    "code block": lambda text: "```" in text,
    "quotation": lambda text: re.search('["“„«「]', text) is not None,
    "capitals": lambda text: re.search(r"\b[A-Z]{4,}\b", text) is not None,
    "exclamation mark": lambda text: "!" in text or "！" in text,
}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Problem:
    """A defect that must be fixed before a corpus is used."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def read_corpus(directory: str | Path) -> list[Example]:
    """Every row of a corpus. Raises DataError naming file and line of what cannot be read (src/data/local_source.py)."""
    data = load_local(directory)
    return [*data.train, *data.payloads]


def is_attack(row: Example) -> bool:
    """Whether a row attacks a model's instructions; plain harmful requests do not."""
    return row.label != Label.BENIGN and row.family != Family.HARMFUL_REQUEST


# ---- Form ----


def find_form_problems(rows: Sequence[Example]) -> list[Problem]:
    """Languages, categories and groups that the format does not allow."""
    problems = []
    sources_of: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for row in rows:
        where = f"{row.source}, group {row.group}"
        if row.lang not in LANGUAGES:
            problems.append(Problem(where, f"unknown language {row.lang!r}; use an ISO 639-1 code, mul for several languages"))
        if not re.fullmatch(r"[a-z]+/[a-z0-9_-]+", row.category or ""):
            problems.append(Problem(where, f"expected a category such as direct/override, found {row.category!r}"))
        sources_of[row.group].add((row.source, row.family == Family.HARMFUL_REQUEST))
    for group, sources in sources_of.items():
        # Harmful goals are files of payloads/; their harmless mirrors are rows of train/.
        for goals in (False, True):
            names = sorted(name for name, is_goal in sources if is_goal == goals)
            if len(names) > 1:
                problems.append(Problem(f"group {group}", f"stands in {' and '.join(names)}; a group belongs to one file"))
    return problems


def groups_without_mirrors(rows: Iterable[Example]) -> list[str]:
    """Groups of attacks in which no row is benign."""
    labels: dict[str, set[bool]] = defaultdict(set)
    for row in rows:
        if row.family != Family.HARMFUL_REQUEST:
            labels[row.group].add(row.label != Label.BENIGN)
    return sorted(group for group, kinds in labels.items() if kinds == {True})


# ---- Duplicates ----


def find_repeated(rows: Sequence[Example]) -> list[Problem]:
    """Repeated texts, and near duplicates (Jaccard >= 0.8 of character 4-grams) of rows of other groups."""
    problems: list[Problem] = []
    first: dict[str, Example] = {}
    for row in rows:
        other = first.setdefault(comparison_key(row.text), row)
        if other is not row:
            problems.append(Problem(f"{row.source}, group {row.group}", f"the text stands in group {other.group} already"))
    ordered = sorted(rows, key=lambda row: (row.group, row.text))
    near = near_duplicates_within(sketches_of(comparison_key(row.text) for row in ordered))
    for row, is_near in zip(ordered, near, strict=True):
        if is_near and not _has_relative(row, ordered):
            problems.append(Problem(f"{row.source}, group {row.group}", f"nearly the text of another group: {row.text[:60]!r}"))
    return problems


def _has_relative(row: Example, rows: Sequence[Example]) -> bool:
    """Whether the group has other rows, which may be the near duplicates: a mirror may differ in one word."""
    return sum(each.group == row.group for each in rows) > 1


def find_evaluation_overlap(rows: Sequence[Example], evaluation: Sequence[Example]) -> dict[str, list[Example]]:
    """exact, near -> rows of the corpus that equal an evaluation text or nearly do; shared_words -> attacks that share a run
    of SHARED_WORDS words with one."""
    corpus = rows_of(rows, with_views=False, cache_dir=None)
    held_out = rows_of(evaluation, with_views=False, cache_dir=None, desc="comparing evaluation")
    overlap = find_overlap(corpus, held_out)
    runs = {run for row in evaluation for run in _word_runs(row.text)}
    by_reason = {
        reason: [row for row, is_match in zip(corpus.examples, overlap[reason], strict=True) if is_match]
        for reason in ("exact", "near")
    }
    return by_reason | {
        "shared_words": [row for row in rows if is_attack(row) and any(run in runs for run in _word_runs(row.text))]
    }


def _word_runs(text: str) -> Iterable[str]:
    words = _WORD.findall(text.casefold())
    return (" ".join(words[start : start + SHARED_WORDS]) for start in range(len(words) - SHARED_WORDS + 1))


# ---- Shortcuts to the label ----


@dataclass(frozen=True)
class Cue:
    """A word and the number of attacks and benign rows that contain it."""

    word: str
    attacks: int
    benign: int
    ratio: float  # of its shares of the attacks and of the benign rows, the larger over the smaller


def find_cues(rows: Sequence[Example]) -> list[Cue]:
    """The words in a share of at least MIN_CUE_SHARE of the English rows, the largest ratio first."""
    english = [row for row in rows if row.lang == "en" and row.family != Family.HARMFUL_REQUEST]
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    totals = Counter(is_attack(row) for row in english)
    for row in english:
        counts[is_attack(row)].update(set(_WORD.findall(row.text.casefold())))
    cues = []
    for word in counts[True].keys() | counts[False].keys():
        attacks, benign = counts[True][word], counts[False][word]
        if attacks + benign >= MIN_CUE_SHARE * len(english) and not word.isdigit():
            shares = ((attacks + 0.5) / (totals[True] + 1), (benign + 0.5) / (totals[False] + 1))
            cues.append(Cue(word, attacks, benign, max(shares) / min(shares)))
    return sorted(cues, key=lambda cue: (-cue.ratio, cue.word))


def ignore_share(rows: Sequence[Example]) -> float:
    """Share of the English attacks with the word "ignore"."""
    attacks = [row for row in rows if is_attack(row) and row.lang == "en"]
    return sum("ignore" in _WORD.findall(row.text.casefold()) for row in attacks) / max(len(attacks), 1)


def count_openings(rows: Sequence[Example]) -> list[tuple[str, int, int]]:
    """(first words, attacks, benign rows) of the English rows, the most common first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row.lang == "en" and row.family != Family.HARMFUL_REQUEST:
            counts[" ".join(_WORD.findall(row.text.casefold())[:OPENING_WORDS])][not is_attack(row)] += 1
    openings = [(words, attacks, benign) for words, (attacks, benign) in counts.items()]
    return sorted(openings, key=lambda each: (-each[1] - each[2], each[0]))


def word_count(row: Example) -> int:
    return len(row.text) // CHARS_PER_WORD if row.lang in NO_WORD_SPACES else len(_WORD.findall(row.text))


def measure_shape(rows: Sequence[Example]) -> dict[str, tuple[float, float]]:
    """Length or format -> share of the attacks and of the benign rows that have it."""
    attacks, benign = [row for row in rows if is_attack(row)], [row for row in rows if row.label == Label.BENIGN]
    lengths, benign_lengths = [word_count(row) for row in attacks], [word_count(row) for row in benign]
    table = {
        f"{name} words": (
            _share_true(length in span for length in lengths),
            _share_true(length in span for length in benign_lengths),
        )
        for name, span in WORD_COUNT_RANGES.items()
    }
    return table | {
        name: (_share_true(has(row.text) for row in attacks), _share_true(has(row.text) for row in benign))
        for name, has in FORMATS.items()
    }


def _share_true(values: Iterable[bool]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def probe_auc(rows: Sequence[Example], seed: int = 0) -> float | None:
    """AUC of a bag of words that tells attacks from the benign rows of their own groups, cross-validated by group.

    0.5: the words say nothing; 1: they give the label away. None with fewer groups than folds.
    """
    attacked = {row.group for row in rows if is_attack(row)}
    pairs = [row for row in rows if row.group in attacked and row.family != Family.HARMFUL_REQUEST]
    groups = np.array([row.group for row in pairs])
    if len(set(groups.tolist())) < PROBE_FOLDS:
        return None
    labels = np.array([is_attack(row) for row in pairs])
    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=2), LogisticRegression(C=4.0, max_iter=1000, random_state=seed)
    )
    folds = GroupKFold(PROBE_FOLDS, shuffle=True, random_state=seed)
    scores = cross_val_predict(model, [row.text for row in pairs], labels, groups=groups, cv=folds, method="predict_proba")
    return float(roc_auc_score(labels, scores[:, 1]))


# ---- Counts ----


def counts_by_kind(rows: Sequence[Example]) -> dict[str, tuple[int, int]]:
    """Kind (the part of the category before the slash) -> attacks or harmful goals, benign rows."""
    return _count_by(rows, lambda row: (row.category or "").split("/")[0])


def counts_by_language(rows: Sequence[Example]) -> dict[str, tuple[int, int]]:
    """Language -> attacks or harmful goals, benign rows."""
    return _count_by(rows, lambda row: row.lang)


def _count_by(rows: Sequence[Example], key: Callable[[Example], str]) -> dict[str, tuple[int, int]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        counts[key(row)][row.label == Label.BENIGN] += 1
    return {name: (attacks, benign) for name, (attacks, benign) in sorted(counts.items())}
