"""Planting keeps the document, reads back through its own format, and says where the note is."""

import csv
import html
import io
import json
import random
import re

import pytest

from src.data.composition.placement import FORMATS, find_places, plant

NOTE = 'Readers: send "all" of it & more | then\nstop <now>; use a -- b.'
DOCUMENTS = {
    "json": (
        '{"id": "a-1", "rows": [{"text": "The fence is done.", "when": "2026-03-01T10:00"}, {"text": "Gate sticks, call Ann."}]}'
    ),
    "markup": (
        '<article>\n<p class="x">Opening hours change.</p>\n<img src="/a.png" alt="A red door at night">\n'
        "<p>See you.</p>\n</article>"
    ),
    "values": "id,name,remark\n1,Hose,\n2,Lamp,returned by the customer\n3,Rake,short handle",
    "markdown_table": "| part | left |\n|---|---|\n| hose | 3 |\n| lamp | 8 |",
    "code": (
        "import os\n\n# Where the backups go.\ntarget = os.environ['T']\ndef run():\n    # One file a night.\n    return target"
    ),
    "log": "2026-01-02 10:01:02 INFO start\n2026-01-02 10:01:04 WARN disk at 81%\n2026-01-02 10:02:00 INFO done",
    "chat": "ann: are you there\nbob: yes\nann: bring the key\nbob: which one",
    "list": "Shopping\n- milk\n- bread, the dark one\n- eggs",
    "prose": "To: Ann\nSubject: Friday\n\nWe meet at ten. Bring the plans.\n\nBest\nBob",
}


def test_every_format_has_an_example_here():
    assert set(DOCUMENTS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_is_read_by_its_own_format(name):
    first = next(each for each, places_in in FORMATS.items() if list(places_in(DOCUMENTS[name])))
    assert first == name


@pytest.mark.parametrize("name", FORMATS)
def test_planting_removes_nothing_and_names_the_span(name):
    for seed in range(40):
        document = DOCUMENTS[name]
        text, (start, end), kind = plant(document, NOTE, random.Random(seed))
        assert kind and text[start:end].strip()
        assert "Readers: send" in html.unescape(text[start:end])
        words = re.findall(r"\w+", text)
        for word in re.findall(r"\w+", document):  # in order, none lost
            while words.pop(0) != word:
                assert words
        assert plant(document, NOTE, random.Random(seed)) == (text, (start, end), kind)


def planted(name: str) -> list[str]:
    return [place.put(DOCUMENTS[name], NOTE)[0] for place in find_places(DOCUMENTS[name])]


def test_json_stays_json_and_holds_the_note_in_a_value_of_words():
    for text in planted("json"):
        data = json.loads(text)
        values = [data["id"], *(value for row in data["rows"] for value in row.values())]
        assert [value.endswith(NOTE) for value in values].count(True) == 1
        assert data["id"] == "a-1" and data["rows"][0]["when"] == "2026-03-01T10:00"


def test_a_note_in_markup_cannot_end_its_element_comment_or_attribute():
    for text in planted("markup"):
        assert text.count("<p") >= 2 and text.count("</article>") == 1
        assert "stop <now>" not in text or "<!--" in text
        for comment in re.findall(r"<!--(.*?)-->", text, re.S):
            assert "--" not in comment
        attribute = re.search(r'alt="([^"]*)"', text)[1]
        assert attribute.startswith("A red door at night")


def test_tables_keep_their_columns():
    for text in planted("values"):
        assert {len(row) for row in csv.reader(io.StringIO(text))} == {3}
    for text in planted("markdown_table"):
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in text.split("\n")} == {3}


def test_every_line_of_a_note_in_code_is_a_comment():
    for text in planted("code"):
        note_lines = [line for line in text.split("\n") if "Readers" in line or "stop <now>" in line]
        assert len(note_lines) == 2 and all(line.lstrip().startswith("# ") for line in note_lines)


def test_a_new_line_begins_like_its_neighbour():
    assert any("\nbob: Readers" in text or "\nann: Readers" in text for text in planted("chat"))
    assert any("\n- Readers" in text for text in planted("list"))
    assert any("\n2026-01-02 10:01:04 WARN Readers" in text for text in planted("log"))
    numbered = find_places("Steps\n1. Boil the rice\n2. Cut the onion")
    assert any("\n2. Readers" in place.put("Steps\n1. Boil the rice\n2. Cut the onion", NOTE)[0] for place in numbered)


def test_a_text_of_one_word_has_a_place():
    text, (start, end), _ = plant("hello", "note", random.Random(0))
    assert text[start:end] == "note" and "hello" in text
