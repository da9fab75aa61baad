"""Reading the official file of PINT: what its labels mean here, and what is refused. The rows are made up."""

import logging
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from src.data.pint import KNOWN_CATEGORIES, LICENCE, load_pint
from src.errors import DataError
from src.evaluation.benchmarks import headline_of, policy_of
from src.labels import Family, Label
from src.policy import POLICIES, is_counted

ROW = {"text": "What time is it?", "category": "chat", "label": False}


def write(tmp_path: Path, content: str | bytes | list) -> Path:
    path = tmp_path / "pint.yaml"
    if isinstance(content, list):
        content = yaml.safe_dump(content, allow_unicode=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def message_of(path: Path) -> str:
    with pytest.raises(DataError) as error:
        load_pint(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("category", "label", "expected"),
    [
        ("prompt_injection", True, (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)),
        ("public_prompt_injection", True, (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)),
        ("internal_prompt_injection", True, (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)),
        ("jailbreak", True, (Label.JAILBREAK, Family.UNKNOWN)),
        ("documents", True, (Label.DIRECT_INJECTION, Family.UNKNOWN)),
        ("hard_negatives", False, (Label.BENIGN, Family.NONE)),
        ("jailbreak", False, (Label.BENIGN, Family.NONE)),
    ],
)
def test_label_and_category_give_class_and_family(tmp_path, category, label, expected):
    ((example,), _) = load_pint(write(tmp_path, [ROW | {"category": category, "label": label}]))
    assert (example.label, example.family) == expected
    assert example.source == f"pint:{category}"


def test_every_row_counts_under_both_policies(tmp_path):
    rows = [
        {"text": f"text {i}", "category": category, "label": label}
        for i, (category, label) in enumerate((c, x) for c in sorted(KNOWN_CATEGORIES) for x in (False, True))
    ]
    examples, _ = load_pint(write(tmp_path, rows))
    assert len(examples) == 2 * len(KNOWN_CATEGORIES)
    labels, families = np.array([e.label for e in examples]), np.array([e.family for e in examples])
    for policy in POLICIES:
        assert is_counted(labels, families, policy).all()
    assert (policy_of(examples), headline_of(examples)) == ("override", "both")


def test_rows_are_evaluation_rows_with_the_raw_text_and_a_group_by_meaning(tmp_path):
    odd = "zero\u200bwidth, 'quotes': # not a comment\n\ttab \U0001f600 "
    examples, _ = load_pint(write(tmp_path, [ROW, ROW | {"text": "WHAT time is  it?"}, ROW | {"text": odd}]))
    assert [example.text for example in examples] == [ROW["text"], "WHAT time is  it?", odd]
    assert examples[0].group == examples[1].group != examples[2].group
    assert {(example.split, example.licence, example.lang, example.attack) for example in examples} == {
        ("eval", LICENCE, "und", None)
    }


def test_what_looks_like_another_type_stays_text(tmp_path):
    content = "".join(f"- {{text: {text}, category: chat, label: false}}\n" for text in ("12", "yes", "2024-01-01", "1e3"))
    examples, _ = load_pint(write(tmp_path, content))
    assert [example.text for example in examples] == ["12", "yes", "2024-01-01", "1e3"]


def test_the_file_is_described_so_that_versions_can_be_told_apart(tmp_path):
    _, first = load_pint(write(tmp_path, [ROW]))
    _, second = load_pint(write(tmp_path, [ROW, ROW | {"text": "Who?"}]))
    assert (first.folder, first.licence, first.left_out) == ("eval", LICENCE, 0)
    assert first.revision == f"lakeraai/pint-benchmark, 1 rows, sha256 {first.sha256[:12]}"
    assert first.revision != second.revision


def test_rows_of_an_unknown_category_are_kept_and_reported_once(tmp_path, caplog):
    rows = [ROW, *(ROW | {"category": "chatt", "text": f"text {i}"} for i in range(12)), ROW | {"category": "odd", "label": True}]
    with caplog.at_level(logging.WARNING):
        examples, _ = load_pint(write(tmp_path, rows))
    assert len(examples) == 14
    assert examples[-1].label == Label.DIRECT_INJECTION
    (record,) = caplog.records
    assert "'chatt' in rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more; 'odd' in row 14" in record.getMessage()


def test_known_categories_are_not_reported(tmp_path, caplog):
    load_pint(write(tmp_path, [ROW | {"category": category} for category in KNOWN_CATEGORIES]))
    assert not caplog.records


def test_a_missing_or_empty_file_says_whom_to_ask(tmp_path):
    for path in (tmp_path / "nowhere.yaml", tmp_path, write(tmp_path, ""), write(tmp_path, "# a comment"), write(tmp_path, "[]")):
        assert "ask Lakera for it (https://github.com/lakeraai/pint-benchmark)" in message_of(path)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("{text: x, label: true}", "row 2 (line 2): the row lacks category, found text, label"),
        ("{}", "row 2 (line 2): the row lacks text, category, label, found no keys"),
        ("just a text", "row 2: expected a mapping with text, category and label, found 'just a text'"),
        ("{text: x, category: chat, label: 'true'}", "row 2 (line 2): label must be true or false without quotes, found 'true'"),
        ("{text: x, category: chat, label: 1}", "label must be true or false without quotes, found '1'"),
        ("{text: x, category: chat, label: }", "label must be true or false without quotes, found None"),
        ("{text: , category: chat, label: true}", "text must be a string, found None; put it in quotes"),
        ("{text: true, category: chat, label: true}", "text must be a string, found True; put it in quotes"),
        ("{text: [a, b], category: chat, label: true}", "text must be a string, found a list"),
        ("{text: ' ', category: chat, label: true}", "text must not be empty"),
        ("{text: x, category: {a: b}, label: true}", "category must be a string, found a mapping"),
        ("{text: x, category: '', label: true}", "category must not be empty"),
        ("{text: x, text: y, category: chat, label: true}", "line 2: the key 'text' stands twice"),
        ("{text: x, [a]: y}", "line 2: expected a word as a key"),
        ("{text: x, category: chat, label: true", "is not YAML that can be read: .*line 3"),
        ("&row {text: x, category: chat, label: true}", "line 2: anchors and aliases (&x, *x) are not read"),
        ("*row", "line 2: anchors and aliases (&x, *x) are not read"),
        ("!!python/object/apply:os.getcwd []", "line 2: tags are not read"),
        ("!!str x", "line 2: tags are not read"),
        (f"{'[' * 40}{']' * 40}", "line 2: expected at most 8 levels"),
        ("{text: x, category: chat, label: true}\n---\n[]", "line 3: expected one YAML document"),
    ],
)
def test_what_cannot_be_used_is_named_by_row_or_line(tmp_path, second, message):
    path = write(tmp_path, f"- {{text: hello, category: chat, label: false}}\n- {second}\n")
    assert re.search(re.escape(message).replace(r"\.\*", ".*"), message_of(path))
    assert str(path) in message_of(path)


def test_aliases_cannot_make_a_small_file_large(tmp_path):
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    assert "anchors and aliases" in message_of(write(tmp_path, "\n".join(lines)))


def test_what_is_no_list_is_refused(tmp_path):
    assert "expected a list of {text, category, label}, found a mapping" in message_of(write(tmp_path, "rows: []"))


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = write(tmp_path, b"- text: fine\n- text: caf\xe9\n")
    assert f"{path}, line 2: expected UTF-8" in message_of(path)


def test_a_control_character_is_refused(tmp_path):
    assert "is not YAML that can be read" in message_of(write(tmp_path, b"- text: a\x00b\n"))


def test_a_file_above_the_limit_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    path = write(tmp_path, [ROW])
    monkeypatch.setattr("src.data.pint.MAX_BYTES", path.stat().st_size)
    assert len(load_pint(path)[0]) == 1
    monkeypatch.setattr("src.data.pint.MAX_BYTES", path.stat().st_size - 1)
    assert f"expected a YAML file of at most {path.stat().st_size - 1:,} bytes" in message_of(path)
