"""The rows that are held of a source while it is read: a fixed choice, as many as the cap, the same in any order."""

import itertools
import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from src.config import Config, DataConfig
from src.data.local_source import load_local
from src.data.mixture import build_splits
from src.data.sampling import Cap, Sample, kind_of, rank_of
from src.data.schema import Example
from src.data.tables import load_tables
from src.errors import DataError
from src.files import sha256_of
from src.labels import Family, Label

FIXTURE = Path(__file__).parents[1] / "fixtures" / "local_data"
ROWS = [
    Example(
        text=f"text {number}",
        label=Label.JAILBREAK if number % 10 == 0 else Label.BENIGN,
        family=Family.HARMFUL_REQUEST if number % 20 == 0 else Family.NONE,
        source="x",
        group=str(number),
    )
    for number in range(200)
]


def sample(rows, most: int, seed: int = 1) -> Sample:
    found = Sample(Cap(most, seed))
    for row in rows:
        found.add(row)
    return found


def test_each_kind_keeps_its_rows_of_smallest_hash_in_the_order_of_the_file():
    found = sample(ROWS, most=7)
    for kind in set(map(kind_of, ROWS)):
        of_kind = sorted((row for row in ROWS if kind_of(row) == kind), key=lambda row: rank_of(row, 1))
        assert {row.text for row in found.rows if kind_of(row) == kind} == {row.text for row in of_kind[:7]}
    assert found.rows == sorted(found.rows, key=ROWS.index) and found.passed_over == 200 - 21
    assert sample(ROWS, most=7, seed=2).rows != found.rows


def test_the_order_of_the_file_changes_nothing():
    shuffled = random.Random(0).sample(ROWS, len(ROWS))
    assert set(sample(shuffled, most=9).rows) == set(sample(ROWS, most=9).rows)


def test_without_a_cap_every_row_is_kept():
    found = sample([*ROWS, *ROWS], most=0)
    assert found.rows == [*ROWS, *ROWS] and found.passed_over == 0


def test_a_text_that_comes_a_thousand_times_is_one_row_of_the_sample():
    often = replace(ROWS[1], text=" TEXT  1 ")  # of the same comparison key
    found = sample([*itertools.repeat(often, 1000), *ROWS[1:10]], most=100)
    assert len(found.rows) == 9 and found.passed_over == 1000


def test_no_more_rows_than_the_cap_are_held_at_any_time():
    found = Sample(Cap(5, 0))
    for row in ROWS:
        found.add(row)
        assert max(len(list(rows)) for _, rows in itertools.groupby(sorted(map(kind_of, found.rows)))) <= 5


def shards(directory: Path, texts: list[str], count: int) -> Path:
    directory.mkdir()
    for number in range(count):
        part = texts[number::count]
        pq.write_table(pa.table({"prompt": part}), directory / f"part-{number:05d}.parquet")
    (directory / "_SUCCESS").touch()
    return directory


def mapping(directory: Path, *entries: str) -> Path:
    path = directory / "tables.yaml"
    path.write_text("tables:\n" + "".join(f"  - {{{entry}, licence: own, text: prompt}}\n" for entry in entries))
    return path


TRAINED_ON = "name: chats, path: shards, role: train, default_label: benign"


def test_a_table_may_be_a_directory_of_shards(tmp_path):
    texts = [f"question {number}" for number in range(50)]
    shards(tmp_path / "shards", texts, count=3)
    data = load_tables(mapping(tmp_path, TRAINED_ON))
    assert [row.text for row in data.train] == [*texts[0::3], *texts[1::3], *texts[2::3]]
    before = data.info["chats"].sha256
    shards_of_one = shards(tmp_path / "one", texts, count=1)
    one = load_tables(mapping(tmp_path, TRAINED_ON.replace("shards", "one")))
    assert one.info["chats"].sha256 == sha256_of(shards_of_one / "part-00000.parquet") != before
    pq.write_table(pa.table({"prompt": ["another"]}), tmp_path / "shards" / "part-00002.parquet")
    assert load_tables(tmp_path / "tables.yaml").info["chats"].sha256 != before


def test_a_directory_without_tables_is_refused(tmp_path):
    (tmp_path / "shards").mkdir()
    with pytest.raises(DataError, match="table 'chats': no file of .csv, .tsv, .parquet, .jsonl, .json in .*shards"):
        load_tables(mapping(tmp_path, TRAINED_ON))


def test_a_cap_holds_for_what_is_trained_on_and_not_for_a_benchmark(tmp_path):
    shards(tmp_path / "shards", [f"question {number}" for number in range(50)], count=3)
    benchmark = TRAINED_ON.replace("chats", "own").replace("train", "benchmark")
    data = load_tables(mapping(tmp_path, TRAINED_ON, benchmark), Cap(8, seed=0))
    assert len(data.train) == 8 and data.info["chats"].passed_over == 42
    assert len(data.evaluation["own"]) == 50 and data.info["eval/own"].passed_over == 0


def test_a_cap_holds_for_the_files_of_a_local_directory():
    every, some = load_local(FIXTURE), load_local(FIXTURE, Cap(5, seed=0))
    assert {row.source for row in some.train} == {row.source for row in every.train}
    assert max(sum(row.source == name for row in some.train) for name in some.info) == 5
    assert some.evaluation == every.evaluation
    rows = [len([*data.train, *data.payloads]) for data in (every, some)]
    assert sum(info.passed_over for info in some.info.values()) == rows[0] - rows[1] > 0


def test_a_configuration_caps_what_is_read_and_the_manifest_counts_the_rest():
    data = DataConfig(
        source="local",
        local_dir=str(FIXTURE),
        cache_dir=None,
        validation_sources=["garden_forum", "override_notes_b"],
        reserved_payload_source="reserved_requests",
        test_fraction=0.2,
        read_per_source=6,
    )
    splits = build_splits(Config(data=data))
    sources = splits.manifest["sources"].items()
    assert all(len(rows) <= 6 for name, _ in sources if (rows := [row for row in splits.train if row.source == name]))
    lines = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in FIXTURE.glob("[tp]*/*.jsonl")}
    assert {name: each["read"] + each["passed_over"] for name, each in sources} == lines
