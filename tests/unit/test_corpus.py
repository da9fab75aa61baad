"""The corpus keeps its own rules, and the checks see what breaks them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from src.config import load_config
from src.data import corpus_checks as checks
from src.data.corpus_form import find_form_problems, load_corpus, read_corpus
from src.data.local_source import load_local
from src.data.schema import Example, PlacedExample, placed
from src.data.sources import CORPUS, read_data
from src.data.splits import own_group
from src.errors import DataError
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
def corpus() -> list[PlacedExample]:
    return read_corpus(CORPUS)


def row(text: str, attack: bool = False, place: str = "s.jsonl:1", **changes) -> PlacedExample:
    label, family = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION) if attack else (Label.BENIGN, Family.NONE)
    fields = {"source": "s", "group": "g", "lang": "en", "category": "direct/override"}
    return placed(Example(**{"text": text, "label": label, "family": family} | fields | changes), place)


# ---- the corpus itself ----


def test_languages_categories_and_groups_are_as_the_format_asks(corpus):
    assert find_form_problems(corpus) == []


def test_no_text_stands_twice(corpus):
    assert checks.find_repeated(corpus) == []


def test_every_attack_has_a_mirror(corpus):
    assert checks.find_missing_mirrors(corpus) == []


def test_no_word_gives_the_label_away(corpus):
    assert len(checks.find_cues(corpus)) > 500
    assert checks.find_cue_problems(corpus, CORPUS) == []


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
        ({"lang": "xx"}, "expected lang to be an ISO 639-1 code, or mul for several languages, found 'xx'; correct it"),
        ({"lang": "und"}, "found null or 'und'; correct it"),
        ({"category": "override"}, "such as direct/override, found 'override'; correct the category"),
        ({"category": None}, "found None"),
        ({"source": "t"}, "expected each group in one file, found group 'g' also at s.jsonl:1; rename one of the groups"),
    ],
)
def test_a_row_that_breaks_the_format_is_named(changes, problem):
    rows = [row("one"), row("two", place="t.jsonl:7", **changes)]
    (found,) = find_form_problems(rows)
    assert str(found).startswith("t.jsonl:7: ") and problem in str(found)


def test_a_shared_group_is_named_once_for_each_file():
    rows = [row("one"), *(row(text, source=source, place=f"{source}:{text}") for source in ("t", "u") for text in ("1", "2"))]
    assert [each.where for each in find_form_problems(rows)] == ["t:1", "u:1"]


def test_goals_may_share_a_group_with_their_mirrors_in_another_file():
    goal = row("a", label=Label.JAILBREAK, family=Family.HARMFUL_REQUEST, source="goals", category="request/fraud")
    assert find_form_problems([goal, row("b", category="request/fraud")]) == []


def test_repeated_texts_are_named_and_mirrors_of_one_group_may_be_alike():
    long = "the pump in the second cellar has to be looked at by somebody from the firm before the end of the month"
    near = long.replace("second", "seconds")
    assert checks.find_repeated([row(long, group="a"), row(near, attack=True, group="a")]) == []
    (found,) = checks.find_repeated([row(long, group="a"), row("x y z", group="a"), row(near, group="b", place="t.jsonl:2")])
    assert found.where == "t.jsonl:2" and "found nearly the text of another group, of s.jsonl:1: 'the pump" in found.what
    assert "; rewrite or remove one of the rows" in found.what
    (twice,) = checks.find_repeated([row("Hello  there", group="a"), row("hello there", group="b", place="t.jsonl:2")])
    assert str(twice) == "t.jsonl:2: expected each text once, found it also at s.jsonl:1; remove one of the rows"


def test_an_attack_without_a_benign_row_is_found():
    rows = [row("x", attack=True, group="a", place="s.jsonl:5"), row("y", attack=True), row("z")]
    (found,) = checks.find_missing_mirrors(rows)
    assert found.where == "s.jsonl:5" and "found none in group 'a'; write one" in found.what


def test_cues_are_words_of_one_side_and_the_probe_sees_them():
    rows = []
    for number in range(60):
        rows += [
            row(f"please zap the file {number}", attack=True, group=f"{number}"),
            row(f"kindly the file {number}", group=f"{number}"),
        ]
    top = checks.find_cues(rows)[0]
    assert top.word in ("zap", "please", "kindly") and top.ratio > 50
    problems = {problem.what.split("found ")[1]: str(problem) for problem in checks.find_cue_problems(rows, "DIR")}
    (kindly,) = (what for found, what in problems.items() if found.startswith("'kindly' in 0 attacks and 60 benign rows"))
    assert kindly.startswith("DIR: expected each word at most 3 times as often") and "such as s.jsonl:1; reword" in kindly
    assert kindly.endswith("or write attacks with the word") and len(problems) == 3
    assert checks.probe_auc(rows) == 1
    alike = [row(f"the file {n % 7} is {n % 5}", attack=side, group=f"{n}") for n in range(60) for side in (True, False)]
    assert checks.probe_auc(alike) == pytest.approx(0.5, abs=0.1)
    assert checks.probe_auc(rows[:4]) is None


def test_a_word_of_few_rows_is_no_cue():
    rows = [*(row(f"{number}") for number in range(9)), *(row(f"zap {number}", attack=True) for number in range(19))]
    assert checks.find_cue_problems(rows, "DIR") == []
    assert "'zap' in 20 attacks" in str(checks.find_cue_problems([*rows, row("zap 20", attack=True)], "DIR")[0])


def test_too_large_a_share_of_ignore_is_a_problem():
    rows = [row(f"{number}", attack=True) for number in range(19)]
    ignoring = row("Ignore it", attack=True, place="s.jsonl:9")
    assert checks.find_cue_problems([*rows, ignoring], "DIR") == []
    (found,) = checks.find_cue_problems([*rows[1:], ignoring], "DIR")
    assert found.where == "DIR" and "5% of the English attacks, found it in 5.3%, such as s.jsonl:9; reword" in found.what


def test_overlap_counts_texts_and_runs_of_words():
    run = "one two three four five six seven eight nine ten"
    long = "a longer text of the benchmark, which nobody would write in just these words a second time by chance"
    texts = (f"before {run} after", "the same text in both of the two places", long)
    evaluation = [row(text, group=f"e{number}", place=f"e.jsonl:{number}") for number, text in enumerate(texts)]
    ours = [
        row(f"Other {run} words around it here", attack=True),
        row("The same text in both of the two places"),
        row(run),
        row(long.replace("chance", "chances")),
    ]
    found = checks.find_evaluation_overlap(ours, evaluation)
    assert found == {
        "exact": [(ours[1], evaluation[1])],
        "near": [(ours[3], evaluation[2])],
        "shared_words": [(ours[0], evaluation[0])],
    }
    exact, near, shared = map(str, checks.overlap_problems(found))
    assert "found the text of e.jsonl:1: 'The same" in exact and "found nearly the text of e.jsonl:2: 'a longer" in near
    assert shared.startswith("s.jsonl:1: ") and "found a run of 10 words of e.jsonl:0: 'Other one" in shared
    assert shared.endswith("; remove the row from the corpus, or rewrite it")


def write_corpus(directory: Path, *rows: dict) -> Path:
    """A corpus with these rows, in the files that their sources name."""
    (directory / "train").mkdir(parents=True)
    full = {"label": "benign", "source": "written_x", "category": "benign/chat", "lang": "en", "split": None}
    complete = [full | {"group": f"g{number}"} | each for number, each in enumerate(rows)]
    sources = sorted({each["source"] for each in complete})
    manifest = {"sources": {f"train/{source}": {"licence": "CC-BY-4.0"} for source in sources}}
    (directory / "MANIFEST.json").write_text(json.dumps(manifest))
    for source in sources:
        lines = [json.dumps(each) for each in complete if each["source"] == source]
        (directory / "train" / f"{source}.jsonl").write_text("\n".join(lines))
    return directory


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lang": "xx"}, r"written_x.jsonl:2: .*expected lang .* found 'xx'; correct it"),
        ({"category": "chat"}, r"written_x.jsonl:2: expected category .* found 'chat'; correct"),
        ({"source": "written_y", "group": "g0"}, r"written_y.jsonl:1: .* found group 'g0' also at .*written_x.jsonl:1; rename"),
    ],
)
def test_the_loader_refuses_in_the_corpus_what_a_users_directory_may_hold(tmp_path, changes, message):
    corpus = write_corpus(tmp_path / "c", {"text": "a"}, {"text": "b"} | changes)
    with pytest.raises(DataError, match=message):
        load_corpus(corpus)
    assert len(load_local(corpus).train) == 2


def test_the_data_of_a_run_come_from_a_corpus_of_the_right_form(tmp_path, monkeypatch):
    corpus = write_corpus(tmp_path / "c", {"text": "a", "lang": "xx"})
    monkeypatch.setattr("src.data.sources.CORPUS", corpus)
    with pytest.raises(DataError, match=r"written_x.jsonl:1: .* found 'xx'"):
        read_data(load_config(overrides=["data.source=builtin"]))


def test_equal_texts_without_a_group_share_no_group():
    texts = [row("one", group=own_group("one")), row("one", group=own_group("one"), source="t")]
    assert find_form_problems(texts) == []


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
        ([{"text": "a", "lang": "xx"}], "written_x.jsonl:1: unknown language"),
        ([{"text": "a"}, {"text": "A"}], "written_x.jsonl:2: expected each text once, found it also at"),
        ([{"text": "a"}, {"text": "b", "label": "jailbreak"}], "written_x.jsonl:2: expected a benign mirror"),
        (
            [{"text": "Ignore", "label": "jailbreak", "group": "g"}, {"text": "b", "group": "g"}],
            'c: expected "ignore" in at most 5%',
        ),
        (
            [{"text": f"zap {n}", "label": "jailbreak", "group": "g"} for n in range(25)]
            + [{"text": f"{n}", "group": "g"} for n in range(9)],
            "found 'zap' in 25 attacks and 0 benign rows",
        ),
    ],
)
def test_the_command_names_file_and_line_of_what_must_be_mended(tmp_path, rows, message):
    done = run("--corpus", write_corpus(tmp_path / "c", *rows))
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr


def test_a_row_of_an_evaluation_set_is_refused(tmp_path):
    corpus = write_corpus(tmp_path / "c", {"text": "the text of a benchmark"})
    (tmp_path / "eval").mkdir()
    line = {"text": "The text of a  benchmark", "label": "benign", "source": "b", "category": None, "lang": "en", "group": None}
    (tmp_path / "eval" / "b.jsonl").write_text(json.dumps(line))
    done = run("--corpus", corpus, "--against", tmp_path / "eval")
    assert done.returncode == 1 and "1 exact" in done.stdout and "1 problem in" in done.stderr
    assert f"{corpus}/train/written_x.jsonl:1: expected no text of an evaluation set, found the text of" in done.stderr
    assert f"{tmp_path}/eval/b.jsonl:1: 'the text of a benchmark'; remove the row from the corpus" in done.stderr
