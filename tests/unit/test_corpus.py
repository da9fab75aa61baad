"""The corpus keeps its own rules, and the checks see what breaks them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.data import corpus_checks as checks
from src.data.local_source import load_evaluation
from src.data.schema import Example
from src.data.sources import CORPUS
from src.labels import Family, Label

CORE_LANGUAGES = (
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "ar",
    "fa",
    "he",
    "hi",
    "bn",
    "ur",
    "ta",
    "id",
    "vi",
    "th",
    "zh",
    "ja",
    "ko",
    "sw",
    "hi-Latn",
    "ar-Latn",
    "mul",
)
MAX_OPENING_SHARE = 0.02  # of the English rows

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def corpus() -> list[Example]:
    return checks.read_corpus(CORPUS)


def row(text: str, attack: bool = False, **changes) -> Example:
    label, family = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION) if attack else (Label.BENIGN, Family.NONE)
    fields = {"source": "s", "group": "g", "lang": "en", "category": "direct/override"}
    return Example(text=text, label=label, family=family, **fields | changes)


# ---- the corpus itself ----


def test_languages_categories_and_groups_are_as_the_format_asks(corpus):
    assert checks.find_form_problems(corpus) == []


def test_no_text_stands_twice(corpus):
    assert checks.find_repeated(corpus) == []


def test_every_attack_has_a_mirror(corpus):
    assert checks.groups_without_mirrors(corpus) == []


def test_no_word_gives_the_label_away(corpus):
    telling = [cue for cue in checks.find_cues(corpus) if cue.ratio > checks.MAX_CUE_RATIO]
    assert telling == []
    assert checks.ignore_share(corpus) <= checks.MAX_IGNORE_SHARE


def test_no_opening_is_common(corpus):
    english = sum(each.lang == "en" for each in corpus)
    words, attacks, benign = checks.count_openings(corpus)[0]
    assert attacks + benign <= MAX_OPENING_SHARE * english, words


def test_length_and_format_are_alike_on_both_sides(corpus):
    for name, (attacks, benign) in checks.measure_shape(corpus).items():
        assert abs(attacks - benign) < 0.2, name


def test_every_core_language_has_rows_on_both_sides(corpus):
    counts = checks.counts_by_language(corpus)
    for lang in CORE_LANGUAGES:
        assert min(counts.get(lang, (0, 0))) >= 20, lang


# ---- what the checks see ----


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"lang": "xx"}, "unknown language 'xx'"),
        ({"category": "override"}, "expected a category such as direct/override, found 'override'"),
        ({"category": None}, "found None"),
        ({"source": "other"}, "group g: stands in other and s; a group belongs to one file"),
    ],
)
def test_a_row_that_breaks_the_format_is_named(changes, problem):
    (found,) = checks.find_form_problems([row("one"), row("two", **changes)])
    assert problem in str(found)


def test_goals_may_share_a_group_with_their_mirrors_in_another_file():
    goal = Example(
        text="a",
        label=Label.JAILBREAK,
        family=Family.HARMFUL_REQUEST,
        source="goals",
        group="g",
        lang="en",
        category="request/fraud",
    )
    assert checks.find_form_problems([goal, row("b", category="request/fraud")]) == []


def test_repeated_texts_are_named_and_mirrors_of_one_group_may_be_alike():
    long = "the pump in the second cellar has to be looked at by somebody from the firm before the end of the month"
    near = long.replace("second", "seconds")
    assert checks.find_repeated([row(long, group="a"), row(near, attack=True, group="a")]) == []
    (found,) = checks.find_repeated([row(long, group="a"), row(near, group="b")])
    assert "group b" in str(found) and "nearly the text of another group" in str(found)
    twice = checks.find_repeated([row("Hello  there", group="a"), row("hello there", group="b")])
    assert "stands in group a already" in str(twice[0])


def test_an_attack_without_a_benign_row_is_found():
    assert checks.groups_without_mirrors([row("x", attack=True, group="a"), row("y", attack=True), row("z")]) == ["a"]


def test_cues_are_words_of_one_side_and_the_probe_sees_them():
    rows = []
    for number in range(60):
        rows += [
            row(f"please zap the file {number}", attack=True, group=f"{number}"),
            row(f"kindly the file {number}", group=f"{number}"),
        ]
    top = checks.find_cues(rows)[0]
    assert top.word in ("zap", "please", "kindly") and top.ratio > 50
    assert checks.probe_auc(rows) == 1
    alike = [row(f"the file {n % 7} is {n % 5}", attack=side, group=f"{n}") for n in range(60) for side in (True, False)]
    assert checks.probe_auc(alike) == pytest.approx(0.5, abs=0.1)
    assert checks.probe_auc(rows[:4]) is None


def test_overlap_counts_texts_and_runs_of_words():
    run = "one two three four five six seven eight nine ten"
    evaluation = [row(f"before {run} after", group="e"), row("the same text in both of the two places", group="f")]
    ours = [row(f"Other {run} words around it here", attack=True), row("The same text in both of the two places"), row(run)]
    found = checks.find_evaluation_overlap(ours, evaluation)
    assert found == {"exact": [ours[1]], "near": [], "shared_words": [ours[0]]}


def write_corpus(directory: Path, *rows: dict) -> Path:
    (directory / "train").mkdir(parents=True)
    (directory / "MANIFEST.json").write_text(json.dumps({"sources": {"train/written_x": {"licence": "CC-BY-4.0"}}}))
    full = {"label": "benign", "source": "written_x", "category": "benign/chat", "lang": "en", "split": None}
    lines = [json.dumps(full | {"group": f"g{place}"} | each) for place, each in enumerate(rows)]
    (directory / "train" / "written_x.jsonl").write_text("\n".join(lines))
    return directory


def run(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, ROOT / "scripts" / "check_corpus.py", "--quick", *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


def test_the_command_prints_the_tables_and_puts_them_into_a_file(tmp_path):
    corpus = write_corpus(tmp_path / "c", {"text": "hello there"}, {"text": "guten Tag", "lang": "de"})
    card = tmp_path / "README.md"
    card.write_text("# Card\n<!-- table -->\nold\n<!-- end of table -->\nrest\n")
    done = run("--corpus", corpus, "--write-card", card)
    assert done.returncode == 0, done.stderr
    assert "2 rows in 2 groups: 0 attacks, 0 harmful goals, 2 benign; 1 not in English" in done.stdout
    text = card.read_text()
    assert "2 rows in 2 groups" in text and "old" not in text and text.endswith("rest\n")
    assert "language:\n- de\n- en\n" in text and "- n<1K" in text


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a"}, {"text": "b", "label": "bening"}], "written_x.jsonl:2: unknown label 'bening'"),
        ([{"text": "a"}, {"text": ""}], "written_x.jsonl:2: text must not be empty"),
        ([{"text": "a", "lang": "xx"}], "unknown language 'xx'"),
        ([{"text": "a"}, {"text": "A"}], "stands in group g0 already"),
    ],
)
def test_the_command_names_file_line_or_group_of_what_must_be_mended(tmp_path, rows, message):
    done = run("--corpus", write_corpus(tmp_path / "c", *rows))
    assert done.returncode != 0 and message in done.stderr and "Traceback" not in done.stderr


def test_a_row_of_an_evaluation_set_is_refused(tmp_path):
    corpus = write_corpus(tmp_path / "c", {"text": "the text of a benchmark"})
    (tmp_path / "eval").mkdir()
    line = {"text": "The text of a  benchmark", "label": "benign", "source": "b", "category": None, "lang": "en", "group": None}
    (tmp_path / "eval" / "b.jsonl").write_text(json.dumps(line))
    done = run("--corpus", corpus, "--against", tmp_path / "eval")
    assert done.returncode == 1 and "1 exact" in done.stdout and "written_x, group g0: stands in" in done.stderr
    assert len(load_evaluation(tmp_path / "eval")) == 1
