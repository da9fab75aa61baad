"""Check the corpus: format, duplicates, cues that give the labels away, and row counts of every kind.

    python scripts/check_corpus.py
    python scripts/check_corpus.py --against DIR/eval        # also the overlap with evaluation texts
    python scripts/check_corpus.py --quick                   # without the bag-of-words probe
    python scripts/check_corpus.py --corpus DIR --write-card corpus/README.md

If something must be corrected, the script names file, line and what to do, and exits with status 1. --write-card changes a file:
it replaces the text between the marks `<!-- table -->` and `<!-- end of table -->` by the tables printed here, and the front
matter by that of these rows.
"""

from collections.abc import Sequence
from pathlib import Path

from src.cards.corpus import with_corpus_front_matter
from src.cards.front_matter import check_dataset_card
from src.cli import run_main, script_parser
from src.data import corpus_checks as checks
from src.data.corpus_form import Problem, find_form_problems, read_corpus
from src.data.schema import Example
from src.data.sources import CORPUS
from src.errors import DataError, GateError
from src.files import write_text
from src.labels import Family

SHOWN_PROBLEMS, SHOWN_CUES, SHOWN_OPENINGS = 20, 25, 8
MARKS = ("<!-- table -->", "<!-- end of table -->")


def table(header: tuple[str, ...], lines: list[tuple[object, ...]]) -> str:
    rule = "|".join(["---", *["---:"] * (len(header) - 1)])
    return "\n".join([f"| {' | '.join(header)} |", f"|{rule}|", *(f"| {' | '.join(map(str, line))} |" for line in lines)])


def counts_table(name: str, counts: dict[str, tuple[int, int]]) -> str:
    return table((name, "attacks or goals", "benign"), [(key, f"{a:,}", f"{b:,}") for key, (a, b) in counts.items()])


def totals(rows: Sequence[Example]) -> str:
    goals = sum(row.family == Family.HARMFUL_REQUEST for row in rows)
    attacks = sum(map(checks.is_attack, rows))
    foreign = sum(row.lang != "en" for row in rows)
    groups = len({row.group for row in rows})
    return (
        f"{len(rows):,} rows in {groups:,} groups: {attacks:,} attacks, {goals:,} harmful goals, "
        f"{len(rows) - attacks - goals:,} benign; {foreign:,} not in English"
    )


def describe_cues(rows: Sequence[Example], quick: bool) -> str:
    """The cues that give the label away, as text."""
    cues = checks.find_cues(rows)
    over = [cue for cue in cues if cue.ratio > checks.MAX_CUE_RATIO]
    lines = [
        f"Words in {checks.MIN_CUE_SHARE:.0%} of the English rows or more: {len(cues)}; above a ratio of "
        f"{checks.MAX_CUE_RATIO:g} between the labels: {len(over)}.",
        table(
            ("word", "attacks", "benign", "ratio"),
            [(cue.word, cue.attacks, cue.benign, f"{cue.ratio:.1f}") for cue in cues[:SHOWN_CUES]],
        ),
        f'"ignore" stands in {checks.ignore_share(rows):.1%} of the English attacks (at most {checks.MAX_IGNORE_SHARE:.0%}).',
        table(
            ("most common openings", "attacks", "benign"),
            [(words, attacks, benign) for words, attacks, benign in checks.count_openings(rows)[:SHOWN_OPENINGS]],
        ),
        table(
            ("length or format", "attacks", "benign"),
            [(name, f"{attacks:.0%}", f"{benign:.0%}") for name, (attacks, benign) in checks.measure_shape(rows).items()],
        ),
    ]
    if not quick:
        auc = checks.probe_auc(rows)
        value = "too few groups" if auc is None else f"{auc:.3f}"
        lines.append(f"Bag of words, attacks against the benign rows of their groups, cross-validated by group: AUC {value}.")
    return "\n\n".join(lines)


def describe_problems(problems: list[Problem], corpus: Path) -> str:
    """The number of problems and the first of them, as text."""
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''} in {corpus}"
    heading = f"{count}, the first {SHOWN_PROBLEMS}" if len(problems) > SHOWN_PROBLEMS else count
    return "\n".join([f"{heading}:", *map(str, problems[:SHOWN_PROBLEMS])])


def write_card(path: Path, tables: str, rows: Sequence[Example]) -> None:
    text = path.read_text(encoding="utf-8")
    before, start, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not start or not end:
        raise DataError(f"--write-card {path}: expected the marks {' and '.join(MARKS)} in the file; add them")
    card = with_corpus_front_matter(f"{before}{start}\n\n{tables}\n\n{end}{after}", rows)
    check_dataset_card(card)
    write_text(path, card)


def main() -> None:
    parser = script_parser(__doc__, has_config=False)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a directory in the format of data.source=local")
    parser.add_argument("--against", type=Path, metavar="DIR", help="JSONL files of evaluation texts; no row may occur in them")
    parser.add_argument("--quick", action="store_true", help="leave out the bag-of-words probe")
    parser.add_argument("--write-card", type=Path, metavar="FILE", help="write tables and front matter into this file")
    args = parser.parse_args()
    rows = read_corpus(args.corpus)
    alone = checks.find_missing_mirrors(rows)
    problems = [*find_form_problems(rows), *checks.find_repeated(rows), *alone, *checks.find_cue_problems(rows, args.corpus)]
    tables = "\n\n".join(
        [
            totals(rows),
            counts_table("kind", checks.counts_by_kind(rows)),
            counts_table("language", checks.counts_by_language(rows)),
            f"Groups of attacks without a benign row: {len(alone)}.",
            describe_cues(rows, args.quick),
        ]
    )
    print(tables)
    if args.against:
        overlap = checks.find_evaluation_overlap(rows, checks.load_placed_evaluation(args.against))
        exact, near, shared = (len(overlap[reason]) for reason in ("exact", "near", "shared_words"))
        print(
            f"\nOverlap with {args.against}: {exact} exact, {near} near duplicates, {shared} attacks with a run of "
            f"{checks.SHARED_WORDS} words"
        )
        problems += checks.overlap_problems(overlap)
    if args.write_card:
        write_card(args.write_card, tables, rows)
    if problems:
        raise GateError(describe_problems(problems, args.corpus))


if __name__ == "__main__":
    run_main(main)
