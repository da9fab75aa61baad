"""The user's own tables: the same rows from every format, and an error with file and row for whatever cannot be used."""

import csv
import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.data import tables
from src.data.tables import load_benign, load_tables
from src.errors import DataError
from src.files import sha256_of
from src.labels import Family, Label
from src.table_files import read_rows

FORMATS = ("csv", "tsv", "parquet", "jsonl", "json")
TEXTS_OF = "name: chats, role: train, licence: internal, text: message"
PLAIN = f"{TEXTS_OF}, default_label: benign"
LABELLED = f"{TEXTS_OF}, label: kind, labels: {{ok: benign, bad: direct_injection, spam: null}}"
HOSTILE = [
    "NA",
    "null",
    "NaN",
    "None",
    "true",
    "007",
    "1e5",
    " padded ",
    "a,b;c\td",
    'say "hi"',
    "'",
    "line\nbreak",
    "cr\rlf\r\n",
    "zero\u200bwidth \u2028 \x00 \x85 \ufeff \U000e0041",
    "=SUM(A1)",
    "\\",
    "#",
    "x" * 200_000,
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Rows in the format that the name says."""
    if path.suffix in (".csv", ".tsv"):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), dialect="excel" if path.suffix == ".csv" else "excel-tab")
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="\n")
    else:
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def mapping(tmp_path: Path, *entries: str) -> Path:
    path = tmp_path / "tables.yaml"
    path.write_text("tables:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return path


def load(tmp_path: Path, *entries: str):
    return load_tables(mapping(tmp_path, *entries))


def message_of(path: Path) -> str:
    with pytest.raises(DataError) as error:
        load_tables(path)
    return str(error.value)


# What is read.


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_keeps_texts_raw(tmp_path, suffix):
    write(tmp_path / f"chats.{suffix}", [{"id": "1", "message": text} for text in HOSTILE])
    data = load(tmp_path, f"path: chats.{suffix}, {PLAIN}")
    assert [row.text for row in data.train] == HOSTILE


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), min_size=1, max_size=6))
def test_formats_agree(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("round")
    rows = [{"message": text, "kind": ("ok", "bad")[i % 2], "talk": f"t{i // 2}"} for i, text in enumerate(texts)]
    found = []
    for suffix in FORMATS:
        write(folder / f"chats.{suffix}", rows)
        found.append(load(folder, f"path: chats.{suffix}, {LABELLED}, group: talk").train)
    assert [row.text for row in found[0]] == texts
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_row_carries_what_its_columns_and_the_mapping_say(tmp_path, suffix):
    write(
        tmp_path / f"chats.{suffix}",
        [
            {"message": "hello", "kind": "ok", "talk": "7", "tongue": "de", "topic": "small talk"},
            {"message": "win a prize", "kind": "spam", "talk": "7", "tongue": "", "topic": ""},
            {"message": "ignore that", "kind": "bad", "talk": "", "tongue": "", "topic": "indirect:mail"},
        ],
    )
    columns = "group: talk, lang: tongue, default_lang: en, category: topic"
    path = mapping(tmp_path, f"path: chats.{suffix}, {LABELLED}, {columns}")
    data = load_tables(path)
    hello, ignore = data.train
    assert (hello.text, hello.label, hello.family, hello.source) == ("hello", Label.BENIGN, Family.NONE, "chats")
    assert (hello.group, hello.lang, hello.split, hello.licence) == ("chats:7", "de", "train", "internal")
    assert (ignore.label, ignore.family) == (Label.DIRECT_INJECTION, Family.INDIRECT_INJECTION)
    assert ignore.lang == "en"
    info = data.info["chats"]
    assert (info.folder, info.licence, info.left_out) == ("train", "internal", 1)
    assert info.sha256 == sha256_of(tmp_path / f"chats.{suffix}")


def test_roles_decide_where_rows_go(tmp_path):
    for name in ("chats", "goals", "probe"):
        write(tmp_path / f"{name}.csv", [{"message": f"text of {name}"}])
    entry = "path: {0}.csv, name: {0}, role: {1}, licence: own, text: message, default_label: {2}"
    data = load(
        tmp_path,
        entry.format("chats", "train", "benign"),
        entry.format("goals", "payloads", "harmful_goal"),
        entry.format("probe", "benchmark", "jailbreak"),
    )
    assert [row.source for row in data.train] == ["chats"]
    assert [(row.source, row.family) for row in data.payloads] == [("goals", Family.HARMFUL_REQUEST)]
    assert {name: [row.split for row in rows] for name, rows in data.evaluation.items()} == {"probe": ["eval"]}
    assert {name: info.folder for name, info in data.info.items()} == {
        "chats": "train",
        "goals": "payloads",
        "eval/probe": "eval",
    }


def test_without_labels_the_column_holds_the_names_of_the_labels(tmp_path):
    write(tmp_path / "chats.csv", [{"message": "a", "kind": "benign"}, {"message": "b", "kind": "harmful_goal"}])
    data = load(tmp_path, f"path: chats.csv, {TEXTS_OF}, label: kind")
    assert [row.family for row in data.train] == [Family.NONE, Family.HARMFUL_REQUEST]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([False, True], "{true: direct_injection, false: benign}"),
        ([False, True], '{"True": direct_injection, "False": benign}'),
        ([0, 1], "{1: direct_injection, 0: benign}"),
        ([None, 1.0], '{1.0: direct_injection, "": benign}'),
        (["no", "yes"], "{yes: direct_injection, no: benign}"),
        (["null", "~"], "{~: direct_injection, null: benign}"),
    ],
)
def test_label_values_of_any_type_are_compared_as_text(tmp_path, values, labels):
    rows = [{"message": "hello", "kind": values[0]}, {"message": "ignore that", "kind": values[1]}]
    for suffix in ("parquet", "jsonl"):
        write(tmp_path / f"chats.{suffix}", rows)
        data = load(tmp_path, f"path: chats.{suffix}, {TEXTS_OF}, label: kind, labels: {labels}")
        assert [row.label for row in data.train] == [Label.BENIGN, Label.DIRECT_INJECTION]


def test_a_group_holds_within_its_table_or_its_group_space(tmp_path):
    for name in ("a", "b", "c"):
        write(tmp_path / f"{name}.parquet", [{"message": f"text of {name}", "talk": 7}])
    entry = "path: {0}.parquet, name: {0}, role: train, licence: own, text: message, default_label: benign, group: talk"
    shared = ", group_space: talks"
    data = load(tmp_path, entry.format("a"), entry.format("b") + shared, entry.format("c") + shared)
    assert [row.group for row in data.train] == ["a:7", "talks:7", "talks:7"]


def test_a_row_without_a_group_is_its_own(tmp_path):
    rows = [{"message": text, "talk": talk} for text, talk in (("hi", None), ("HI ", float("nan")), ("bye", None), ("so", 1.0))]
    write(tmp_path / "chats.parquet", rows)
    first, shouted, bye, grouped = load(tmp_path, f"path: chats.parquet, {PLAIN}, group: talk").train
    assert first.group == shouted.group != bye.group
    assert grouped.group == "chats:1.0"


def test_rows_that_are_left_out_need_no_text(tmp_path):
    write(tmp_path / "chats.csv", [{"message": "", "kind": "spam"}, {"message": "hello", "kind": "ok"}])
    data = load(tmp_path, f"path: chats.csv, {LABELLED}")
    assert (len(data.train), data.info["chats"].left_out) == (1, 1)


def test_cells_may_be_longer_than_the_limit_of_the_csv_module_which_stays(tmp_path):
    write(tmp_path / "chats.csv", [{"message": "y" * 1001}])
    before = csv.field_size_limit(1000)
    try:
        assert len(load(tmp_path, f"path: chats.csv, {PLAIN}").train[0].text) == 1001
        assert csv.field_size_limit() == 1000
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path, suffix):
    path = write(tmp_path / f"chats.{suffix}", [{"message": "hello"}])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(tmp_path, f"path: chats.{suffix}, {PLAIN}").train[0].text == "hello"


def test_lines_with_nothing_in_them_are_no_rows(tmp_path):
    (tmp_path / "chats.csv").write_text("message\n\nhello\n\n")
    (tmp_path / "chats.jsonl").write_text('\n{"message": "hello"}\n \n')
    for suffix in ("csv", "jsonl"):
        assert [row.text for row in load(tmp_path, f"path: chats.{suffix}, {PLAIN}").train] == ["hello"]


@pytest.mark.parametrize("size", [1, 2, 7, 50])
def test_a_json_array_is_read_the_same_in_pieces_of_any_size(tmp_path, monkeypatch, size):
    rows = [{"message": f'text {i} [{{"a": 1}}], "x" \\ ü', "more": {"deep": [i, None]}} for i in range(20)]
    write(tmp_path / "chats.json", rows)
    monkeypatch.setattr("src.table_files.JSON_CHUNK_CHARS", size)
    assert [row.text for row in load(tmp_path, f"path: chats.json, {PLAIN}").train] == [row["message"] for row in rows]


def test_parquet_is_read_in_batches_with_columns_of_other_encodings(tmp_path, monkeypatch):
    texts = [f"text {i}" for i in range(10)]
    table = pa.table({"a.b": pa.array(texts).dictionary_encode(), "big": pa.array(texts, pa.large_string())})
    pq.write_table(table, tmp_path / "chats.parquet", row_group_size=3)
    monkeypatch.setattr("src.table_files.PARQUET_BATCH_ROWS", 2)
    for column in ("a.b", "big"):
        entry = f"path: chats.parquet, name: x, role: train, licence: own, text: {column}, default_label: benign"
        assert [row.text for row in load(tmp_path, entry).train] == texts


def test_one_column_can_serve_two_keys(tmp_path):
    for suffix in FORMATS:
        write(tmp_path / f"chats.{suffix}", [{"message": "hello", "topic": "cats"}])
        (row,) = load(tmp_path, f"path: chats.{suffix}, {PLAIN}, group: topic, category: topic").train
        assert row.group == "chats:cats"


def test_the_example_of_the_documentation_can_be_read(tmp_path):
    example = tables.__doc__.split("\n\n")[1]
    (tmp_path / "tables.yaml").write_text(textwrap.dedent(example))
    row = {"conversation_id": "c1", "language": "en", "topic": "refund"}
    kinds = {"ok": Label.BENIGN, "1": Label.DIRECT_INJECTION}
    write(tmp_path / "chats.csv", [row | {"message": f"a text of kind {kind}", "kind": kind} for kind in (*kinds, "spam")])
    data = load_tables(tmp_path / "tables.yaml")
    assert [row.label for row in data.train] == list(kinds.values())
    assert data.info["support_chats"].left_out == 1


# What is refused: the YAML file.


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (f"path: chats.csv, {PLAIN}, txt: message", "table 1 (line 2): unknown key 'txt'; did you mean 'text'?"),
        (f"path: chats.csv, {PLAIN}, zzz: message", "unknown key 'zzz'; expected one of name, path, role"),
        ("path: chats.csv, name: chats", "the table lacks role, licence, text; every table needs name, path"),
        (PLAIN.replace("train", "trian") + ", path: chats.csv", "unknown role 'trian'; did you mean 'train'?"),
        (PLAIN.replace("train", "eval") + ", path: chats.csv", "unknown role 'eval'; expected one of train, payloads, benchmark"),
        (f"path: chats.csv, {TEXTS_OF}", "expected either label (a column) or default_label (for all rows), found neither"),
        (f"path: chats.csv, {PLAIN}, label: kind", "or default_label (for all rows), found both"),
        (f"path: chats.csv, {PLAIN}, labels: {{ok: benign}}", "labels maps the values of a column, and no label names one"),
        (f"path: chats.csv, {TEXTS_OF}, label: kind, labels: [ok]", "labels must map raw values to labels, found ['ok']"),
        (f"path: chats.csv, {TEXTS_OF}, label: kind, labels: ", "labels must map raw values to labels, found None"),
        (f"path: chats.csv, {TEXTS_OF}, label: kind, labels: {{ok: bening}}", "labels.ok is 'bening'; did you mean 'benign'?"),
        (f"path: chats.csv, {TEXTS_OF}, label: kind, labels: {{ok: true}}", "labels.ok is True; expected one of benign"),
        (f"path: chats.csv, {TEXTS_OF}, label: kind, labels: {{ok: [benign]}}", "labels.ok is ['benign']; did you mean"),
        (f"path: chats.csv, {TEXTS_OF}, default_label: jailbreaks", "default_label is 'jailbreaks'; did you mean 'jailbreak'?"),
        (f"path: chats.csv, {TEXTS_OF}, default_label: ", "default_label must be a text, found None"),
        (f"path: {'x' * 5000}.csv, {PLAIN}", "its path cannot be read (File name too long); correct it"),
        (f"path: [chats.csv], {PLAIN}", "path must be a text, found ['chats.csv']"),
        (f"path: chats.csv, {PLAIN}, text: message", "the key 'text' stands twice"),
        (f"path: chats.xlsx, {PLAIN}", "chats.xlsx: unknown format '.xlsx'; expected one of .csv, .tsv, .parquet"),
        (f"path: nowhere.csv, {PLAIN}", "nowhere.csv; correct its path, which is relative to the YAML file"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path, entry, message):
    write(tmp_path / "chats.csv", [{"message": "hello"}]).with_suffix(".xlsx").touch()
    assert message in message_of(mapping(tmp_path, entry))


def test_two_tables_of_one_name_are_refused(tmp_path):
    write(tmp_path / "chats.csv", [{"message": "hello"}])
    entry = f"path: chats.csv, {PLAIN}"
    found = message_of(mapping(tmp_path, entry, entry.replace("train", "benchmark")))
    assert "tables.yaml, line 3: a table named 'chats' stands above; rename one" in found


@pytest.mark.parametrize("content", ["", "- a", "tables:", "tables: []", "tables: chats", "tables: [chats]"])
def test_a_file_of_another_shape_is_refused_with_the_shape(tmp_path, content):
    path = tmp_path / "tables.yaml"
    path.write_text(content)
    assert "expected `tables:` with a list of {name, path, role, licence, text" in message_of(path)


def test_an_unknown_key_beside_tables_is_refused(tmp_path):
    path = tmp_path / "tables.yaml"
    path.write_text("table: []")
    assert "unknown key 'table'; did you mean 'tables'?" in message_of(path)


def test_a_missing_yaml_file_is_said(tmp_path):
    assert re.match(r"data.tables: no file at .*nowhere.yaml; expected `tables:`", message_of(tmp_path / "nowhere.yaml"))


# What is refused: the rows.


def rows_with(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"message": "hello", "kind": "ok", "talk": None}, {"message": "good evening", "kind": "ok", "talk": None} | row]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"message": ""}, "text must not be empty; remove the row"),
        ({"message": " \u2003\n"}, "text must not be empty; remove the row"),
        (
            {"kind": "evil"},
            "column 'kind' holds 'evil', and labels knows 'ok', 'bad', 'spam'. Add \"evil\": one of benign, "
            "direct_injection, jailbreak, harmful_goal, or null to leave such rows out",
        ),
        ({"kind": "ok "}, "column 'kind' holds 'ok '"),
        ({"kind": ""}, "column 'kind' holds ''"),
    ],
)
def test_a_bad_row_is_named_by_file_and_row_in_every_format(tmp_path, suffix, row, message):
    path = write(tmp_path / f"chats.{suffix}", rows_with(row))
    found = message_of(mapping(tmp_path, f"path: chats.{suffix}, {LABELLED}"))
    assert found.startswith(f"{path}, row 2")
    assert message in found


@pytest.mark.parametrize("suffix", ["parquet", "jsonl", "json"])
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"message": None}, "column 'message' must hold text, found None"),
        ({"talk": ["a"]}, "column 'talk' must hold one value, found ['a']"),
        ({"talk": {"a": 1}}, "column 'talk' must hold one value, found {'a': 1}"),
    ],
)
def test_a_value_of_another_type_is_named(tmp_path, suffix, row, message):
    path = write(tmp_path / f"chats.{suffix}", rows_with(row))
    found = message_of(mapping(tmp_path, f"path: chats.{suffix}, {LABELLED}, group: talk"))
    assert found.startswith(f"{path}, row 2") and message in found


def test_a_column_of_numbers_is_no_text(tmp_path):
    write(tmp_path / "chats.parquet", [{"message": 5}])
    assert "row 1: column 'message' must hold text, found 5" in message_of(mapping(tmp_path, f"path: chats.parquet, {PLAIN}"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_column_is_named_with_those_that_are_there(tmp_path, suffix):
    write(tmp_path / f"chats.{suffix}", [{"mesage": "hello", "id": "1"}])
    found = message_of(mapping(tmp_path, f"path: chats.{suffix}, {PLAIN}"))
    assert "no " in found and "'message', which `text` names; did you mean 'mesage'?" in found
    assert "has: 'mesage', 'id'" in found


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_a_key_that_only_some_objects_have_is_asked_for(tmp_path, suffix):
    write(tmp_path / f"chats.{suffix}", [{"message": "hello", "zone": None}, {"message": "bye"}])
    found = message_of(mapping(tmp_path, f"path: chats.{suffix}, {PLAIN}, group: zone"))
    assert "row 2" in found and "no 'zone', which `group` names; write null where there is no value" in found


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_table_whose_rows_are_all_left_out_is_refused(tmp_path, suffix):
    path = write(tmp_path / f"chats.{suffix}", [{"message": "hello", "kind": "spam"}] * 2)
    found = message_of(mapping(tmp_path, f"path: chats.{suffix}, {LABELLED}"))
    assert found.startswith(f"{path}: expected rows for table 'chats', found all 2 rows are left out")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("chats.csv", b"", "expected the names of the columns in the first line, found nothing"),
        ("chats.csv", b"message\n", "expected rows for table 'chats', found no rows"),
        ("chats.csv", b"id,message\n1,hi\n2,a,b\n", ", row 2 (line 3): expected 2 cells as in the header, found 3; put a text"),
        ("chats.csv", b'id,message\n1,"a\nb"\n\n2\n', ", row 2 (line 5): expected 2 cells as in the header, found 1"),
        ("chats.csv", b'message,id\n"a",1\n"say "hi"",2\n', ", row 2 (line 3): not read as cells: "),
        ("chats.csv", b'message\nhello\n"never closed\nmore\n', ", row 2 (line 3): not read as cells: unexpected end of data"),
        ("chats.csv", b"message,message\na,b\n", "two columns are named 'message', which `text` names"),
        ("chats.csv", b"id;message\n1;hi\n", "expected cells between ',', found ';' in the first line"),
        ("chats.tsv", b"id,message\n1,hi\n", "expected cells between '\\t', found ',' in the first line"),
        ("chats.csv", b"message\nhello\ncaf\xe9\n", ", line 3: expected UTF-8, found: invalid continuation byte"),
        ("chats.tsv", b"message\ncaf\xe9 \n", ", line 2: expected UTF-8"),
        ("chats.jsonl", b'{"message": "hi"}\n{"message": "caf\xe9"}\n', ", line 2: expected UTF-8"),
        ("chats.json", b'[{"message":\n"caf\xe9"}]', ", line 2: expected UTF-8"),
        ("chats.jsonl", b"", "found no rows"),
        ("chats.jsonl", b'{"message": "hi"}\n\n{"message": "cut', ", row 2 (line 3): expected one JSON object a line"),
        ("chats.jsonl", b'["hi"]', ", row 1 (line 1): expected a JSON object, found ['hi']"),
        ("chats.jsonl", b"[" * 200_000, ", row 1 (line 1): expected one JSON object a line, found: maximum recursion"),
        ("chats.json", b"", "expected an array of objects; for one object a line name the file .jsonl"),
        ("chats.json", b'{"message": "hi"}', "expected an array of objects"),
        ("chats.json", b"[]", "found no rows"),
        ("chats.json", b'[{"message": "hi"}, {"message": "cut', ", row 2: expected a JSON object, found: Unterminated string"),
        ("chats.json", b'[{"message": "hi"}', ", row 1: expected ',' or ']' after it, found 'the end of the file'"),
        ("chats.json", b'[{"message": "hi"} {"message": "b"}]', ", row 1: expected ',' or ']' after it, found '{'"),
        ("chats.json", b'[{"message": "hi"},]', ", row 2: expected a JSON object, found: Expecting value"),
        ("chats.json", b'[{"message": "hi"}]\n[]', ", row 1: expected nothing after the array"),
        ("chats.json", b'["hi"]', ", row 1: expected a JSON object, found 'hi'"),
        ("chats.json", b"[" * 200_000, ", row 1: expected a JSON object, found: maximum recursion"),
        ("chats.parquet", b"", "not a whole parquet file, it could be read up to row 0"),
        ("chats.parquet", b"message\nhello\n", "not a whole parquet file"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    found = message_of(mapping(tmp_path, f"path: {name}, {PLAIN}"))
    assert found.startswith(str(tmp_path / name))
    assert message in found


def test_a_small_parquet_file_that_repeats_a_huge_text_stays_small_in_memory(tmp_path):
    """One text in the dictionary of the column, 500 rows that name it: 1 GB as texts, two kilobytes as a file."""
    path = tmp_path / "bomb.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 500, pa.int32()), pa.array(["a" * (2 << 20)]))
    pq.write_table(pa.table({"message": column}), path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 10_000
    before = pa.total_allocated_bytes()
    for _, (text,) in read_rows(path, {"text": "message"}):
        assert len(text) == 2 << 20
        assert pa.total_allocated_bytes() - before < 100 << 20


def test_a_parquet_file_that_ends_early_is_refused(tmp_path):
    path = write(tmp_path / "chats.parquet", [{"message": f"text {i}"} for i in range(1000)])
    path.write_bytes(path.read_bytes()[:-100])
    found = message_of(mapping(tmp_path, f"path: chats.parquet, {PLAIN}"))
    assert "not a whole parquet file" in found and "copy or export it again" in found


def test_a_parquet_file_that_is_broken_in_the_middle_is_refused(tmp_path):
    path = tmp_path / "chats.parquet"
    table = pa.table({"message": [f"text {i}" for i in range(5000)]})
    pq.write_table(table, path, row_group_size=2500, use_dictionary=False)
    content = path.read_bytes()
    middle = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    path.write_bytes(content[:middle] + b"\xff" * 64 + content[middle + 64 :])
    found = message_of(mapping(tmp_path, f"path: chats.parquet, {PLAIN}"))
    assert re.search(r"not a whole parquet file, it could be read up to row \d+", found)


def test_bytes_that_are_no_utf8_in_a_text_column_of_parquet_are_refused(tmp_path):
    raw = pa.array([b"hello", b"caf\xe9"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    pq.write_table(pa.table({"message": text}), tmp_path / "chats.parquet")
    assert "chats.parquet: expected UTF-8" in message_of(mapping(tmp_path, f"path: chats.parquet, {PLAIN}"))


def test_what_was_read_wrong_is_quoted_only_in_part(tmp_path):
    write(tmp_path / "chats.csv", [{"message": "hello", "kind": "x" * 10_000}])
    found = message_of(mapping(tmp_path, f"path: chats.csv, {LABELLED}"))
    assert len(found) < 600 and "(10,002 characters)" in found


def test_own_traffic_is_read_from_any_format_as_benign_rows(tmp_path):
    write(tmp_path / "traffic.csv", [{"message": "hello", "kind": "chat"}, {"message": "NA", "kind": "chat"}])
    (tmp_path / "traffic.jsonl").write_text('{"text": "hello"}\n')
    assert [(row.text, row.label.name) for row in load_benign(tmp_path / "traffic.csv", "message")] == [
        ("hello", "BENIGN"),
        ("NA", "BENIGN"),
    ]
    assert [row.text for row in load_benign(tmp_path / "traffic.jsonl")] == ["hello"]
    with pytest.raises(DataError, match="no column 'text'"):
        load_benign(tmp_path / "traffic.csv")
