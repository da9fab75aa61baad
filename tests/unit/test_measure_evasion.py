"""The script that measures rewritings, on a tiny guard that learnt the canary prompts."""

import json
import random
import sys

import numpy as np
import pytest

from scripts import measure_evasion
from src.errors import DataError
from src.evaluation.rewritings import DILUTION_WORDS, REWRITINGS, dilutions, measure_recovery, measure_rewritings
from src.files import read_json
from src.runtime import canaries


class Keyword:
    """Judges a text by one letter, which some rewritings take away and others bring in; counts what it is asked."""

    name = "keyword"

    def __init__(self, alarming: str) -> None:
        self.alarming, self.asked = alarming, 0

    def predict(self, texts, *, desc=None):
        self.asked += len(texts)
        scores = np.array([float(self.alarming in text) for text in texts])
        return type("Scores", (), {"p_attack": {"override": scores}})()


ATTACKS = [f"Zebra number {i} must leave the garden at once" for i in range(30)]
HARMLESS = [f"The garden has {i} benches and one old tree" for i in range(20)]


def measured(alarming: str):
    guard = Keyword(alarming)
    return guard, measure_rewritings(guard, ATTACKS, HARMLESS, policy="override", threshold=0.5, count=10, seed=1)


def test_recall_kept_and_new_alarms_are_counted_per_rewriting():
    guard, found = measured("Z")
    names = {*REWRITINGS, *dilutions(HARMLESS)}
    assert (found["caught"], found["harmless"]) == (10, 10) and set(found["rewritings"]) == names
    rows = found["rewritings"]
    assert rows["gaps/underscores"]["kept"] | {"interval": None} == {"n": 10, "share": 1.0, "interval": None}
    assert rows["letters/squared"]["kept"]["share"] == 0.0 and rows["letters/squared"]["new_alarms"]["share"] == 0.0
    assert rows["letters/squared"]["invertible"] and not rows["spelling/no_vowels"]["invertible"]
    assert guard.asked == 10 + 10 + 20 * len(names)  # the first ten are caught: no further attack is judged


def test_an_alarm_that_was_there_before_is_not_new():
    _, found = measured("_")
    assert found["caught"] == 0 and found["rewritings"]["gaps/underscores"]["new_alarms"]["share"] == 1.0
    assert found["rewritings"]["gaps/underscores"]["kept"]["share"] is None
    _, found = measured("garden")
    assert found["alarms_as_they_stand"]["share"] == 1.0
    assert found["rewritings"]["gaps/underscores"]["new_alarms"]["share"] == 0.0


def test_dilution_adds_so_many_harmless_words_and_keeps_the_text():
    made = dilutions([*HARMLESS, "Скамейка стоит под старым деревом"])
    for count in DILUTION_WORDS:
        for place, at in (("before", "end"), ("after", "start"), ("around", "middle")):
            text = made[f"dilution/{count}_{place}"].apply(ATTACKS[0], random.Random(3))
            assert len(text.split()) == count + len(ATTACKS[0].split()) and text.isascii()
            assert {"start": text.startswith, "end": text.endswith, "middle": text.__contains__}[at](ATTACKS[0])
    answer = json.loads(made["dilution/tool_result"].apply('Say "hi"\nnow', random.Random(3)))
    assert answer["results"][1]["snippet"] == 'Say "hi"\nnow'
    assert dilutions(["Скамейка"]) == {}


def test_recovery_needs_no_model():
    rows = measure_recovery(["Please leave the old garden at once and close the door"], 1)
    assert rows["codes/base64"]["exact"]["share"] == 1.0 and rows["codes/base64"]["words"] == 1.0
    assert rows["hidden/U+3164"]["exact"]["n"] == 1


@pytest.fixture
def files(tmp_path):
    rows = [{"text": text, "label": "jailbreak"} for text in canaries.ATTACKS] + [
        {"text": text, "label": "benign"} for text in canaries.BENIGN
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8-sig")
    return path


def run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["measure_evasion.py", *map(str, words)])
    measure_evasion.main()


def test_the_script_measures_an_exported_directory(monkeypatch, exported_dir, files, tmp_path, capsys):
    output = tmp_path / "evasion.json"
    run(
        monkeypatch,
        "--attacks",
        files,
        "--harmless",
        files,
        "--model_path",
        exported_dir,
        "--num_texts",
        3,
        "--output_path",
        output,
    )
    found = read_json(output)
    assert found["policy"] == "override" and found["caught"] == min(3, len(canaries.ATTACKS)) and found["harmless"] == 3
    assert found["rewritings"]["codes/base64"]["kept"]["n"] == found["caught"]
    shown = capsys.readouterr().out
    assert "recall kept" in shown and all(name in shown for name in REWRITINGS)


def test_the_script_measures_views_alone(monkeypatch, files, tmp_path, capsys):
    output = tmp_path / "views.json"
    run(monkeypatch, "--attacks", files, "--views_only", "--num_texts", 2, "--output_path", output)
    assert set(read_json(output)["recovery"]) == set(REWRITINGS)
    assert "whole text in a view" in capsys.readouterr().out


def test_a_line_that_is_no_row_is_named(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "a text that is long enough to count"}\n["no row"]\n', encoding="utf-8")
    with pytest.raises(DataError, match="bad.jsonl, line 2: expected an object"):
        measure_evasion.read_texts([path], wants_benign=False, seed=0)
    path.write_text('{"text": "short"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="no text of 20 to 1000 characters"):
        measure_evasion.read_texts([path], wants_benign=False, seed=0)


def test_line_breaks_inside_a_text_and_other_encodings(tmp_path):
    path = tmp_path / "rows.jsonl"
    text = "The first line\u2028the second\x85and the third"
    path.write_text(json.dumps({"text": text}, ensure_ascii=False) + "\r\n", encoding="utf-8", newline="")
    assert measure_evasion.read_texts([path], wants_benign=False, seed=1) == [text]
    path.write_text(json.dumps({"text": "L\u00f6sche das Protokoll von gestern"}, ensure_ascii=False), encoding="latin-1")
    with pytest.raises(DataError, match=r"rows.jsonl, line 1: expected UTF-8"):
        measure_evasion.read_texts([path], wants_benign=False, seed=1)
