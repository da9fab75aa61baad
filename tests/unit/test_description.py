"""The data report: every row is accounted for, and what is shown is harmless."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from src.config import Config, DataConfig
from src.data.description import describe_data
from src.reporting.data_report import render_data_report

FIXTURE = Path(__file__).parents[1] / "fixtures" / "local_data"


def config(directory: Path = FIXTURE, **changes) -> Config:
    return Config(data=replace(DataConfig(source="local", local_dir=str(directory), cache_dir=None), **changes))


@pytest.fixture(scope="module")
def found():
    return describe_data(config(validation_sources=["garden_forum"], reserved_payload_source="reserved_requests"))


def test_every_row_is_kept_or_dropped_for_a_reason(found):
    json.dumps(found, allow_nan=False)
    for name, source in found["sources"].items():
        dropped = source["exact"] + source["near"] + source["contradictions"]
        # A row that two held-out sets recognise is counted under both.
        assert source["read"] <= source["kept"] + dropped + sum(source["overlap"].values()), name
        assert source["kept"] + dropped <= source["read"], name
        assert source["kept"] == sum(source["labels"].values())
    assert found["sources"]["garden_forum"]["role"] == "validation"
    assert found["sources"]["reserved_requests"]["role"] == "reserved payloads"
    assert sum(map(sum, found["lengths"]["counts"].values())) == found["totals"]["kept"] == sum(found["languages"].values())
    assert found["evaluation"]["trigger_words"]["rows"] > 0


def test_sources_need_no_roles():
    assert {source["role"] for source in describe_data(config())["sources"].values()} == {"training", "payloads"}


def test_the_file_holds_everything_and_runs_nothing_but_its_own_script(found):
    html = render_data_report(found)
    assert "cooking_questions" in html and "trigger_words" in html
    assert html.count("<script") == 1 and "default-src 'none'" in html  # one that sorts tables, named by its checksum
    assert "http://" not in html and "https://" not in html.replace("https://creativecommons", "")
    assert html.count("data:image/png;base64,") >= 3


def test_texts_are_shown_as_text(tmp_path):
    directory = Path(shutil.copytree(FIXTURE, tmp_path / "data"))
    row = {
        "text": "<script>alert(1)</script> bake the tomatoes in the garden \u200b with onions",
        "label": "direct_injection",
        "source": "override_notes",
        "category": None,
        "lang": "en",
        "split": None,
        "group": None,
    }
    with (directory / "train" / "override_notes.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    html = render_data_report(describe_data(config(directory)))
    assert html.count("<script") == 1
    assert "&lt;script&gt;" not in html or "&lt;U+200B&gt;" in html
