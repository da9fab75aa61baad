"""What the data of a configuration consists of: roles never mix, licences can be excluded, names are unique."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from src.config import Config, DataConfig
from src.config_sections import CorpusConfig, LicencesConfig
from src.data.description import describe_data
from src.data.mixture import build_splits
from src.data.sources import read_data
from src.data.tables import load_benign
from src.errors import DataError
from src.reporting.data_report import render_data_report

FIXTURE = Path(__file__).parents[1] / "fixtures" / "local_data"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "data"))


def config(directory: Path = FIXTURE, **changes) -> Config:
    return Config(data=replace(DataConfig(source="local", local_dir=str(directory), cache_dir=None), **changes))


def declare(directory: Path, name: str, licence: str = "CC0") -> None:
    manifest = json.loads((directory / "MANIFEST.json").read_text())
    manifest["sources"][name] = {"licence": licence}
    (directory / "MANIFEST.json").write_text(json.dumps(manifest))


def write_table(directory: Path, name: str, role: str = "train") -> str:
    (directory / "chats.csv").write_text("message\nhow do I bake bread\nwhat is a fjord\n")
    table = {"name": name, "path": "chats.csv", "role": role, "licence": "internal", "text": "message", "default_label": "benign"}
    (directory / "tables.yaml").write_text(json.dumps({"tables": [table]}))
    return str(directory / "tables.yaml")


def test_an_evaluation_file_under_a_training_name_is_refused(directory):
    shutil.copy(directory / "eval" / "trigger_words.jsonl", directory / "train" / "innocent.jsonl")
    file = directory / "train" / "innocent.jsonl"
    declare(directory, "train/innocent")
    shutil.copy(file, directory / "eval" / "trigger_words.jsonl")
    rows = [json.loads(line) | {"source": "innocent"} for line in file.read_text().splitlines()]
    for path in (file, directory / "eval" / "trigger_words.jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(DataError, match="source 'innocent' .train. has the content of the evaluation set 'trigger_words'"):
        read_data(config(directory))


def test_a_training_source_with_the_name_of_an_evaluation_set_is_refused(directory):
    rows = (directory / "train" / "cooking_questions.jsonl").read_text().splitlines()
    renamed = [json.dumps(json.loads(row) | {"source": "trigger_words"}) for row in rows]
    (directory / "train" / "trigger_words.jsonl").write_text("\n".join(renamed))
    declare(directory, "train/trigger_words")
    with pytest.raises(DataError, match="has the name of the evaluation set 'trigger_words'; a set is trained on"):
        read_data(config(directory))


def test_tables_are_added_to_the_source_and_their_names_must_be_new(directory):
    data = read_data(config(tables=write_table(directory, "my_chats")))
    assert [row.text for row in data.train if row.source == "my_chats"] == ["how do I bake bread", "what is a fjord"]
    assert data.info["my_chats"].licence == "internal"
    with pytest.raises(DataError, match="two sources are named cooking_questions; rename one"):
        read_data(config(tables=write_table(directory, "cooking_questions")))


def test_pint_is_an_evaluation_set(directory):
    (directory / "pint.yaml").write_text("- text: hello\n  category: chat\n  label: false\n")
    data = read_data(config(pint_path=str(directory / "pint.yaml")))
    assert [row.text for row in data.evaluation["pint"]] == ["hello"] and "eval/pint" in data.info


def test_excluded_licences_leave_their_sources_out_everywhere(directory, caplog):
    manifest = json.loads((directory / "MANIFEST.json").read_text())
    manifest["sources"]["train/fragen_de"]["licence"] = "CC-BY-NC-4.0"
    manifest["sources"]["eval/trigger_words"]["licence"] = "cc-by-nc-sa"
    (directory / "MANIFEST.json").write_text(json.dumps(manifest))
    data = read_data(config(directory, licences=LicencesConfig(exclude=["-NC"])))
    assert "fragen_de" not in data.info and "eval/trigger_words" not in data.info
    assert "trigger_words" not in data.evaluation and all(row.source != "fragen_de" for row in data.train)
    assert "leaves out 2 sources: eval/trigger_words, fragen_de" in caplog.text
    with pytest.raises(DataError, match="leaves no training source"):
        read_data(config(directory, licences=LicencesConfig(exclude=[""])))
    excluded = config(directory, licences=LicencesConfig(exclude=["-nc"]), validation_sources=["fragen_de"])
    with pytest.raises(DataError, match="has no source 'fragen_de'"):
        build_splits(excluded)


def test_a_left_out_source_is_an_evaluation_set_and_trains_nothing():
    cfg = config(left_out=["fragen_de", "plain_requests"])
    data = read_data(cfg)
    assert {row.source for row in data.evaluation["left_out/fragen_de"]} == {"fragen_de"}
    assert {row.split for row in data.evaluation["left_out/plain_requests"]} == {"eval"}
    assert not {"fragen_de", "plain_requests"} & ({row.source for row in [*data.train, *data.payloads]} | data.info.keys())
    with pytest.raises(DataError, match="no source and no transform is named 'fragen_dee'; did you mean 'fragen_de'"):
        read_data(config(left_out=["fragen_dee"]))


HALF = "\ud83d"  # the first half of an emoji, as a text cut at a number of UTF-16 units ends


def test_half_a_character_is_read_as_the_replacement_character_from_every_source(directory, caplog):
    row = {"label": "benign", "source": "cut", "category": HALF, "lang": "en", "split": None, "group": f"g{HALF}"}
    lines = [json.dumps(row | {"text": f"{text}{HALF}"}) for text in ("nice", "thanks")]
    (directory / "train" / "cut.jsonl").write_text("\n".join(lines))
    declare(directory, "train/cut")
    (directory / "eval" / "cut_too.jsonl").write_text("\n".join([*lines, ""]))
    declare(directory, "eval/cut_too")
    tables = write_table(directory, "chats", "benchmark")
    (directory / "chats.jsonl").write_text(json.dumps({"message": f"bye{HALF}"}))
    Path(tables).write_text(Path(tables).read_text().replace("chats.csv", "chats.jsonl"))

    data = read_data(config(directory, tables=tables))
    texts = [each.text for rows in (data.train, *data.evaluation.values()) for each in rows if "\ufffd" in each.text]
    assert sorted(texts) == sorted(f"{text}\ufffd" for text in ("nice", "nice", "thanks", "thanks", "bye"))
    assert {(each.group, each.category) for each in data.train if each.source == "cut"} == {("g\ufffd", "\ufffd")}
    assert "source cut: 2 rows hold halves of a character" in caplog.text
    for each in [*data.train, *data.evaluation["chats"]]:
        str(each).encode()
    render_data_report(describe_data(config(directory))).encode()


def test_half_a_character_in_your_own_traffic_is_read_as_the_replacement_character(tmp_path):
    (tmp_path / "mine.jsonl").write_text(json.dumps({"text": f"hello{HALF}"}))
    assert [row.text for row in load_benign(tmp_path / "mine.jsonl")] == ["hello\ufffd"]


def test_a_share_of_the_corpus_with_some_files_whole_and_none_of_an_unknown_name():
    def rows(held_out=(), **corpus) -> Counter:
        cfg = config(corpus=CorpusConfig(use="alone", **corpus), validation_sources=list(held_out), reserved_payload_source=None)
        return Counter(example.source for example in read_data(replace(cfg, data=replace(cfg.data, source="builtin"))).train)

    everything, some = rows(), rows(share=0.25, whole=["written_longdocs"])
    assert some["written_longdocs"] == everything["written_longdocs"]
    assert 0.2 < some["written_direct"] / everything["written_direct"] < 0.3
    assert rows(["written_short_b"], share=0) == {"written_short_b": everything["written_short_b"]}
    left_out = replace(config(corpus=CorpusConfig(use="alone", share=0), reserved_payload_source=None).data, source="builtin")
    data = read_data(replace(config(), data=replace(left_out, left_out=["written_short_b"])))
    assert not data.train and len(data.evaluation["left_out/written_short_b"]) == everything["written_short_b"]
    with pytest.raises(DataError, match="no source is named 'written_longdoc'; did you mean 'written_longdocs'"):
        rows(share=0.25, whole=["written_longdoc"])
