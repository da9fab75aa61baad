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
from .contamination import Rows, find_overlap, rows_of
from .corpus_form import Problem
from .local_source import load_evaluation
from .near_duplicates import near_duplicates_within, sketches_of
from .schema import Example, PlacedExample, placed
from .splits import comparison_key

MAX_CUE_RATIO = 3.0  # how much more often a word may occur in the rows of one label than in the others
MIN_CUE_SHARE = 0.01  # share of the rows below which a word is not checked
MIN_CUE_ROWS = 20  # number of rows below which the ratio of a word says little
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


def is_attack(row: Example) -> bool:
    """Whether a row attacks a model's instructions; plain harmful requests do not."""
    return row.label != Label.BENIGN and row.family != Family.HARMFUL_REQUEST


# ---- Mirrors ----


def find_missing_mirrors(rows: Iterable[PlacedExample]) -> list[Problem]:
    """The first row of each group of attacks in which no row is benign."""
    firsts: dict[str, PlacedExample] = {}
    mirrored: set[str] = set()
    for row in rows:
        if row.label == Label.BENIGN:
            mirrored.add(row.group)
        elif row.family != Family.HARMFUL_REQUEST:
            firsts.setdefault(row.group, row)
    return [
        Problem(
            row.place,
            f"expected a benign mirror in every group of attacks, found none in group {group!r}; write one with the same subject "
            "and about the same length, or remove the group",
        )
        for group, row in sorted(firsts.items())
        if group not in mirrored
    ]


# ---- Duplicates ----


def find_repeated(rows: Sequence[PlacedExample]) -> list[Problem]:
    """Repeated texts, and near duplicates (Jaccard >= 0.8 of character 4-grams) of rows of other groups."""
    problems: list[Problem] = []
    first: dict[str, PlacedExample] = {}
    for row in rows:
        other = first.setdefault(comparison_key(row.text), row)
        if other is not row:
            problems.append(
                Problem(row.place, f"expected each text once, found it also at {other.place}; remove one of the rows")
            )
    named = {problem.where for problem in problems}
    ordered = sorted(rows, key=lambda row: (row.group, row.text))
    sketches = sketches_of(comparison_key(row.text) for row in ordered)
    for number in np.flatnonzero(near_duplicates_within(sketches)).tolist():
        row = ordered[number]
        if row.place not in named and not _has_relative(row, ordered):
            other = ordered[_most_similar(sketches[number], sketches[:number])]
            what = f"expected texts that differ, found nearly the text of another group, of {other.place}: {row.text[:60]!r}"
            problems.append(Problem(row.place, f"{what}; rewrite or remove one of the rows"))
    return problems


def _has_relative(row: Example, rows: Sequence[Example]) -> bool:
    """Whether the group has other rows, which may be the near duplicates: a mirror may differ in one word."""
    return sum(each.group == row.group for each in rows) > 1


def _most_similar(sketch: np.ndarray, others: np.ndarray) -> int:
    """The index of the first of the sketches `others` (M, P), M > 0, that agrees with `sketch` (P,) in the most values."""
    return int(np.count_nonzero(others == sketch, axis=1).argmax())


Matches = list[tuple[PlacedExample, PlacedExample]]  # rows of the corpus, each with the evaluation row that it matches


def load_placed_evaluation(path: Path) -> list[PlacedExample]:
    """The rows of `load_evaluation` with their places."""
    rows: list[PlacedExample] = []
    load_evaluation(path, visit=lambda place, row: rows.append(placed(row, place)))
    return rows


def find_evaluation_overlap(rows: Sequence[PlacedExample], evaluation: Sequence[PlacedExample]) -> dict[str, Matches]:
    """exact, near -> rows of the corpus that equal an evaluation text or nearly do; shared_words -> attacks that share a run
    of SHARED_WORDS words with one."""
    corpus = rows_of(rows, with_views=False, cache_dir=None)
    held_out = rows_of(evaluation, with_views=False, cache_dir=None, desc="comparing evaluation")
    overlap = find_overlap(corpus, held_out)
    place_of_key = {key: number for number, key in enumerate(held_out.prints.keys.tolist())}

    def matched(reason: str, number: int) -> PlacedExample:
        """The evaluation row that a row of the corpus, by its number, matches."""
        prints = corpus.prints
        if reason == "exact":
            return _placed(held_out, place_of_key[int(prints.keys[number])])
        return _placed(held_out, _most_similar(prints.sketches[number], held_out.prints.sketches))

    by_reason = {
        reason: [(_placed(corpus, number), matched(reason, number)) for number in np.flatnonzero(overlap[reason]).tolist()]
        for reason in ("exact", "near")
    }
    return by_reason | {"shared_words": _find_shared_words(rows, evaluation)}


def _placed(rows: Rows, number: int) -> PlacedExample:
    row = rows.examples[number]
    assert isinstance(row, PlacedExample)
    return row


def _find_shared_words(rows: Sequence[PlacedExample], evaluation: Sequence[PlacedExample]) -> Matches:
    row_of_run = {run: row for row in reversed(evaluation) for run in _word_runs(row.text)}
    matches = []
    for row in filter(is_attack, rows):
        shared = next((run for run in _word_runs(row.text) if run in row_of_run), None)
        if shared is not None:
            matches.append((row, row_of_run[shared]))
    return matches


def _word_runs(text: str) -> Iterable[str]:
    words = _WORD.findall(text.casefold())
    return (" ".join(words[start : start + SHARED_WORDS]) for start in range(len(words) - SHARED_WORDS + 1))


def overlap_problems(overlap: dict[str, Matches]) -> list[Problem]:
    """A problem for each row of the corpus that an evaluation row matches."""
    match_names = {
        "exact": "the text of",
        "near": "nearly the text of",
        "shared_words": f"a run of {SHARED_WORDS} words of",
    }
    return [
        Problem(
            row.place,
            f"expected no text of an evaluation set, found {match_names[reason]} {other.place}: {row.text[:60]!r}; "
            "remove the row from the corpus, or rewrite it",
        )
        for reason, matches in overlap.items()
        for row, other in matches
    ]


# ---- Shortcuts to the label ----


@dataclass(frozen=True)
class Cue:
    """A word and the number of attacks and benign rows that contain it."""

    word: str
    attacks: int
    benign: int
    ratio: float  # of its shares of the attacks and of the benign rows, the larger over the smaller
    of_attacks: bool  # whether its share of the attacks is the larger


def find_cues(rows: Sequence[Example]) -> list[Cue]:
    """The words in at least MIN_CUE_ROWS English rows and a share of MIN_CUE_SHARE of them, the largest ratio first."""
    english = [row for row in rows if row.lang == "en" and row.family != Family.HARMFUL_REQUEST]
    counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    totals = Counter(is_attack(row) for row in english)
    for row in english:
        counts[is_attack(row)].update(_words_of(row))
    cues = []
    for word in counts[True].keys() | counts[False].keys():
        attacks, benign = counts[True][word], counts[False][word]
        if attacks + benign >= max(MIN_CUE_SHARE * len(english), MIN_CUE_ROWS) and not word.isdigit():
            shares = ((attacks + 0.5) / (totals[True] + 1), (benign + 0.5) / (totals[False] + 1))
            cues.append(Cue(word, attacks, benign, max(shares) / min(shares), shares[0] > shares[1]))
    return sorted(cues, key=lambda cue: (-cue.ratio, cue.word))


def ignore_share(rows: Sequence[Example]) -> float:
    """Share of the English attacks with the word "ignore"."""
    attacks = sum(is_attack(row) and row.lang == "en" for row in rows)
    return sum(map(_says_ignore, rows)) / max(attacks, 1)


def _words_of(row: Example) -> set[str]:
    return set(_WORD.findall(row.text.casefold()))


def _says_ignore(row: Example) -> bool:
    return is_attack(row) and row.lang == "en" and "ignore" in _words_of(row)


def find_cue_problems(rows: Sequence[PlacedExample], where: str | Path) -> list[Problem]:
    """Cues above MAX_CUE_RATIO, and more than MAX_IGNORE_SHARE of "ignore"; `where` names the whole corpus."""
    problems = [Problem(str(where), _describe_cue(cue, rows)) for cue in find_cues(rows) if cue.ratio > MAX_CUE_RATIO]
    share = ignore_share(rows)
    if share > MAX_IGNORE_SHARE:
        place = next(row.place for row in rows if _says_ignore(row))
        what = f'expected "ignore" in at most {MAX_IGNORE_SHARE:.0%} of the English attacks, found it in {share:.1%}'
        problems.append(Problem(str(where), f"{what}, such as {place}; reword such attacks"))
    return problems


def _describe_cue(cue: Cue, rows: Sequence[PlacedExample]) -> str:
    other_side = "benign rows" if cue.of_attacks else "attacks"
    return (
        f"expected each word at most {MAX_CUE_RATIO:g} times as often in the English rows of one label as in the others, "
        f"found {cue.word!r} in {cue.attacks:,} attacks and {cue.benign:,} benign rows (ratio {cue.ratio:.1f}), such as "
        f"{_first_place(rows, cue)}; reword such rows, or write {other_side} with the word"
    )


def _first_place(rows: Sequence[PlacedExample], cue: Cue) -> str:
    """The place of the first row that has the word, of the label that has it more often."""
    return next(
        row.place
        for row in rows
        if row.lang == "en"
        and row.family != Family.HARMFUL_REQUEST
        and is_attack(row) == cue.of_attacks
        and cue.word in _words_of(row)
    )


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
