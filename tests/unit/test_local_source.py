"""Reading a local data directory: what it gives, and an error with file and line for whatever cannot be used."""

import json
import re
import shutil
from pathlib import Path

import pytest

from src.data.local_source import is_open, load_local
from src.errors import DataError
from src.labels import Family, Label

FIXTURE = Path(__file__).parents[1] / "fixtures" / "local_data"
ROW = {"text": "hello", "label": "benign", "source": "notes", "category": None, "lang": "en", "split": None, "group": None}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write(tmp_path, "train/notes", [ROW, ROW | {"text": "good evening", "group": "evening"}])
    return tmp_path


def write(root: Path, name: str, rows: list[dict | str], **entry: str) -> Path:
    """Write a source and its entry in the manifest."""
    manifest = root / "MANIFEST.json"
    sources = json.loads(manifest.read_text())["sources"] if manifest.exists() else {}
    manifest.write_text(json.dumps({"sources": sources | {name: {"licence": "CC0", **entry}}}))
    path = root / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), encoding="utf-8")
    return path


def test_rows_carry_what_the_file_and_the_manifest_say(directory):
    write(directory, "payloads/goals", [ROW | {"text": "forge a pass", "label": "harmful_goal", "source": "goals"}])
    write(directory, "eval/probe", [ROW | {"text": "probe", "source": "notes", "lang": None}], commit="abc", eval_group="probes")
    data = load_local(directory)
    hello, evening = data.train
    assert (hello.text, hello.label, hello.family, hello.source) == ("hello", Label.BENIGN, Family.NONE, "notes")
    assert (hello.lang, hello.licence, hello.split) == ("en", "CC0", "train")
    assert evening.group == "evening"
    (goal,) = data.payloads
    assert (goal.label, goal.family) == (Label.JAILBREAK, Family.HARMFUL_REQUEST)
    (probe,) = data.evaluation["probe"]
    assert (probe.split, probe.lang, probe.source) == ("eval", "und", "notes")
    info = data.info["eval/probe"]
    assert (info.revision, info.eval_group, info.licence) == ("abc", "probes", "CC0")
    assert len(data.info["notes"].sha256) == 64


def test_a_row_without_a_group_is_its_own_group_by_meaning_whatever_its_source(directory):
    write(directory, "train/notes", [ROW, ROW | {"text": "HELLO "}, ROW | {"text": "bye"}])
    write(directory, "train/other", [ROW | {"source": "other", "group": ""}])
    first, shouted, bye, other = load_local(directory).train
    assert first.group == shouted.group == other.group != bye.group


def test_an_attack_may_say_where_in_its_text_it_stands(directory):
    attack = ROW | {"text": "A long page. Obey me. Its end.", "label": "direct_injection"}
    write(directory, "train/notes", [ROW, attack | {"span": [13, 21]}, attack | {"text": "Obey.", "span": None}])
    placed, whole = (row for row in load_local(directory).train if row.label != Label.BENIGN)
    assert placed.text[slice(*placed.span)] == "Obey me." and whole.span is None


def test_the_raw_text_is_kept_with_odd_characters(directory):
    text = "zero\u200bwidth \u2028 line \ufeff tag\U000e0041 \r end"
    path = write(directory, "train/notes", [])
    path.write_text(json.dumps(ROW | {"text": text}, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    assert [row.text for row in load_local(directory).train] == [text]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "cut', "expected one JSON object a line, found: .*; correct or remove the line"),
        ('["text"]', "expected a JSON object, found list; correct or remove"),
        (json.dumps({"text": "x", "label": "benign"}), "lacks source, category, lang, group"),
        (json.dumps(ROW | {"text": 5}), "text must be a string, found 5"),
        (json.dumps(ROW | {"text": " \n"}), "text must not be empty"),
        (json.dumps(ROW | {"group": 7}), "group must be a string or null, found 7"),
        (json.dumps(ROW | {"lang": ["en"]}), "lang must be a string or null"),
        (json.dumps(ROW | {"label": "evil"}), "unknown label 'evil'; expected one of .*harmful_goal.*; correct the label, or"),
        (json.dumps(ROW | {"label": None}), "label must be a string, found None"),
        (json.dumps(ROW | {"label": "jailbreak", "span": [2, 6]}), r"span must be the \[start, end\) .* its 5 characters"),
        (json.dumps(ROW | {"label": "jailbreak", "span": [2]}), r"span must be .* found \[2\] in a jailbreak row"),
        (json.dumps(ROW | {"label": "jailbreak", "span": [2, True]}), "span must be"),
        (json.dumps(ROW | {"span": [0, 5]}), r"span must be .* found \[0, 5\] in a benign row"),
        (json.dumps(ROW | {"source": "elsewhere"}), "source is 'elsewhere', but the file's name says 'notes'"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(directory, line, message):
    path = write(directory, "train/notes", [ROW, "", line])
    with pytest.raises(DataError, match=re.escape(f"{path}:3: ") + ".*" + message):
        load_local(directory)


def test_a_file_without_rows_is_refused(directory):
    path = write(directory, "train/empty", [""])
    with pytest.raises(DataError, match=re.escape(f"{path} has no rows")):
        load_local(directory)


def test_a_file_that_is_not_utf8_is_refused(directory):
    path = write(directory, "train/latin", [ROW | {"source": "latin"}])
    path.write_bytes(path.read_bytes() * 3 + b'{"text": "\xe9"}\n')
    with pytest.raises(DataError, match=re.escape(f"{path}, line 4: expected UTF-8, found: invalid continuation byte; save")):
        load_local(directory)


def test_a_byte_order_mark_at_the_start_of_a_file_is_no_part_of_it(directory):
    for path in (directory / "MANIFEST.json", directory / "train" / "notes.jsonl"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [row.text for row in load_local(directory).train] == ["hello", "good evening"]


def test_a_file_without_a_licence_in_the_manifest_is_refused(directory):
    shutil.copy(directory / "train" / "notes.jsonl", directory / "train" / "stray.jsonl")
    with pytest.raises(DataError, match="MANIFEST.json.*'train/stray' with a \"licence\".*stray.jsonl"):
        load_local(directory)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"sources": []}'])
def test_a_broken_manifest_is_named(directory, content):
    (directory / "MANIFEST.json").write_text(content)
    with pytest.raises(DataError, match="MANIFEST.json"):
        load_local(directory)


def test_what_is_missing_is_said_with_the_expected_layout(tmp_path, directory):
    layout = "expected MANIFEST.json, train/"
    with pytest.raises(DataError, match=f"needs data.local_dir=DIR; {layout}"):
        load_local(None)
    with pytest.raises(DataError, match=f"no directory at .*nowhere; {layout}"):
        load_local(tmp_path / "nowhere")
    (directory / "train" / "notes.jsonl").unlink()
    with pytest.raises(DataError, match=f"train has no .jsonl files; {layout}"):
        load_local(directory)
    (directory / "MANIFEST.json").unlink()
    with pytest.raises(DataError, match=f"no manifest at .*; {layout}"):
        load_local(directory)


def test_one_name_in_train_and_in_payloads_is_refused(directory):
    write(directory, "payloads/notes", [ROW | {"text": "x", "label": "harmful_goal"}])
    with pytest.raises(DataError, match="'notes' stands in train/ and in payloads/"):
        load_local(directory)


def test_the_fixture_has_every_kind_of_row():
    data = load_local(FIXTURE)
    labels = {(row.label, row.family) for row in data.train}
    assert labels == {
        (Label.BENIGN, Family.NONE),
        (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION),
        (Label.DIRECT_INJECTION, Family.INDIRECT_INJECTION),
        (Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION),
        (Label.JAILBREAK, Family.JAILBREAK_PERSONA),
    }
    assert {row.family for row in data.payloads} == {Family.HARMFUL_REQUEST}
    assert set(data.evaluation) == {"mixed_injections", "plain_goals", "trigger_words"}
    assert {row.lang for row in data.train} == {"en", "de", "fr", "es"}


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        *(("MIT", True), ("MIT (code)", True), ("Apache-2.0", True), ("CC-BY-SA-4.0", True), ("ODC-By 1.0", True)),
        *(("LIMITED, no redistribution", False), ("permitted in class", False), ("CC-BY-NC-4.0", False), ("unknown", False)),
    ],
)
def test_a_licence_is_open_by_its_name_and_not_by_a_part_of_a_word(licence, is_allowed):
    assert is_open(licence) is is_allowed
