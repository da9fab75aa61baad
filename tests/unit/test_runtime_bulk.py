"""Bulk scoring: a row for every line, whole files, no line twice, and the same for the batches of an engine."""

import fcntl
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from src.errors import ArtifactError, DataError
from src.runtime import Guard, canaries
from src.runtime.bulk import score_file, score_stream
from src.runtime.frames import COLUMNS, score_batch
from src.runtime.guard import SERVING_BATCH

ROOT = Path(__file__).resolve().parents[2]
ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
GOOD = [
    json.dumps({"id": 7, "text": ATTACK}),
    json.dumps(HARMLESS),
    json.dumps({"text": "", "more": 1}),
    '{"text": "\\ud800"}',
    *(json.dumps(f"what is {n} plus {n}") for n in range(16)),
]
BAD = [
    "{not json",
    "[1]",
    '{"id": 3}',
    '{"text": 5}',
    '{"text": NaN}',
    "[" * 100_000,
    '{"text": "a", "id": ' + "1" * 5000 + "}",
]


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


def as_lines(rows, end="\n"):
    return [f"{row}{end}".encode() for row in rows]


def test_a_byte_order_mark_before_the_first_line_is_no_part_of_it(guard, tmp_path):
    lines = as_lines(GOOD[:2])
    assert score_file([b"\xef\xbb\xbf" + lines[0], lines[1]], tmp_path / "out.jsonl", guard, guard.threshold) == []
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == [7, None]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_blank_lines_are_skipped_and_keep_their_numbers(guard, tmp_path, mark):
    lines, path = [mark + b"\n", *as_lines(["", GOOD[0], " \t", GOOD[1], ""], end="\r\n")], tmp_path / "out.jsonl"
    assert score_file(lines, path, guard, guard.threshold) == []
    assert [row["line"] for row in read(path)] == [3, 5]
    whole = path.read_bytes()
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert score_file(lines, path, guard, guard.threshold) == [] and path.read_bytes() == whole
    output = io.BytesIO()
    assert score_stream(lines, output, guard, guard.threshold) == [] and output.getvalue() == whole


def test_half_a_character_is_scored_as_the_replacement_character(guard):
    """As in the rows that are trained and calibrated on (src/data/schema.py)."""
    for text in ("\ud83d", f"{ATTACK} \udfff", "\udfff" * 70_000):
        readable = text.translate({0xD83D: 0xFFFD, 0xDFFF: 0xFFFD})
        assert guard(text).p_attack == guard(readable).p_attack


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_line_has_a_row_with_its_verdict(guard, tmp_path):
    path = tmp_path / "deep" / "out.jsonl"
    assert score_file(as_lines(GOOD), path, guard, guard.threshold) == []
    rows = read(path)
    assert [row["line"] for row in rows] == list(range(1, len(GOOD) + 1))
    assert [row["id"] for row in rows[:2]] == [7, None]
    for row, text in zip(rows, [ATTACK, HARMLESS, "", "\ud800"], strict=False):
        expected = json.loads(json.dumps(guard(text).to_dict()))
        assert {key: row[key] for key in expected} == expected
    assert list(path.parent.iterdir()) == [path]


def test_bad_lines_are_numbered_and_the_rest_is_scored(guard, tmp_path):
    lines = [*as_lines([GOOD[0], *BAD, GOOD[1]]), b'"\xff\xfe"\n']
    bad = score_file(lines, tmp_path / "out.jsonl", guard, guard.threshold)
    rows = read(tmp_path / "out.jsonl")
    assert bad == [*range(2, 2 + len(BAD)), len(lines)] == [row["line"] for row in rows if "error" in row]
    assert rows[0]["threat"] is True and rows[-2]["threat"] is False
    assert "Expecting property name" in rows[1]["error"]
    assert "found the keys ['id']" in rows[3]["error"] and "found int" in rows[4]["error"]
    assert "utf-8" in rows[-1]["error"]


@pytest.mark.parametrize("kept", [0, 3, 16, 19])
@pytest.mark.parametrize("cut", [0, 20])
def test_an_interrupted_run_goes_on_and_ends_as_if_it_never_stopped(guard, tmp_path, kept, cut):
    whole, again = tmp_path / "whole.jsonl", tmp_path / "again.jsonl"
    lines = as_lines([*GOOD[:5], *BAD[:2], *GOOD[5:]])
    bad = score_file(lines, whole, guard, guard.threshold)
    rows = whole.read_bytes().splitlines(keepends=True)
    left = b"".join(rows[:kept]) + rows[kept][:cut]
    Path(f"{again}.partial").write_bytes(left)
    assert score_file(iter(lines), again, guard, guard.threshold) == bad == [6, 7]
    assert again.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.jsonl", "whole.jsonl"]


def test_a_finished_run_is_not_scored_again_and_a_longer_input_is_continued(guard, tmp_path):
    path = tmp_path / "out.jsonl"
    score_file(as_lines(GOOD[:4]), path, guard, guard.threshold)
    before = path.read_bytes()

    class NoGuard:
        model_id, policy = guard.model_id, guard.policy

    assert score_file(as_lines(GOOD[:4], end="\r\n"), path, NoGuard(), guard.threshold) == []
    assert path.read_bytes() == before
    score_file(as_lines(GOOD), path, guard, guard.threshold)
    assert path.read_bytes().startswith(before) and len(read(path)) == len(GOOD)


class Watched:
    """A guard that notes the sizes of its batches and finds no scores for one text."""

    def __init__(self, guard, broken=None):
        self.guard, self.broken, self.sizes = guard, broken, []
        self.model_id, self.policy = guard.model_id, guard.policy

    def __call__(self, text, **options):
        if text == self.broken:
            raise ArtifactError("no finite scores")
        return self.guard(text, **options)

    def batch(self, texts, **options):
        self.sizes.append(len(texts))
        return [self(text, **options) for text in texts]


def test_lines_are_scored_in_batches_without_the_bad_ones(guard, tmp_path):
    watched, lines = Watched(guard), as_lines([GOOD[0], *BAD[:2], *GOOD[1:]])
    assert len(GOOD) == SERVING_BATCH + 4
    assert score_file(lines, tmp_path / "out.jsonl", watched, guard.threshold) == [2, 3]
    assert watched.sizes == [SERVING_BATCH - 2, 6]
    score_file(lines, tmp_path / "same.jsonl", guard, guard.threshold)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "same.jsonl").read_bytes()


def test_a_text_that_has_no_scores_is_named_by_its_line_and_earlier_batches_are_kept(guard, tmp_path):
    watched = Watched(guard, broken=json.loads(GOOD[-2]))
    with pytest.raises(ArtifactError, match=f"line {len(GOOD) - 1}: no finite scores"):
        score_file(as_lines(GOOD), tmp_path / "out.jsonl", watched, guard.threshold)
    assert len(read(tmp_path / "out.jsonl.partial")) == SERVING_BATCH


def test_a_run_that_stops_in_the_middle_leaves_whole_rows_under_another_name(guard, tmp_path):
    def interrupted():
        yield from as_lines(GOOD[:-1])
        raise KeyboardInterrupt

    path = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        score_file(interrupted(), path, guard, guard.threshold)
    assert not path.exists() and len(read(tmp_path / "out.jsonl.partial")) == SERVING_BATCH
    score_file(as_lines(GOOD), path, guard, guard.threshold)
    assert [row["line"] for row in read(path)] == list(range(1, len(GOOD) + 1))


def test_another_input_or_setting_is_not_mixed_in(guard, tmp_path):
    path = tmp_path / "out.jsonl"
    score_file(as_lines(GOOD[:4]), path, guard, guard.threshold)
    before = path.read_bytes()
    with pytest.raises(DataError, match="row 2 has sha256"):
        score_file(as_lines([GOOD[0], GOOD[2]]), path, guard, guard.threshold)
    with pytest.raises(DataError, match=r"row 1 has threshold 0.6, this run would write 0.5"):
        score_file(as_lines(GOOD), path, guard, 0.5)
    with pytest.raises(DataError, match=r"more rows than the input has lines \(3\)"):
        score_file(as_lines(GOOD[:3]), path, guard, guard.threshold)
    assert path.read_bytes() == before
    path.write_text("my notes\n")
    with pytest.raises(DataError, match="row 1 was not written by this command"):
        score_file(as_lines(GOOD), path, guard, guard.threshold)
    (tmp_path / "out.jsonl.partial").touch()
    with pytest.raises(DataError, match="both exist"):
        score_file(as_lines(GOOD), path, guard, guard.threshold)
    with pytest.raises(DataError, match="cannot write"):
        score_file(as_lines(GOOD), path / "below_a_file", guard, guard.threshold)


def test_two_processes_do_not_write_one_output(guard, tmp_path):
    partial = tmp_path / "out.jsonl.partial"
    with partial.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another process"):
            score_file(as_lines(GOOD), tmp_path / "out.jsonl", guard, guard.threshold)
    score_file(as_lines(GOOD), tmp_path / "out.jsonl", guard, guard.threshold)


def test_a_stream_is_scored_as_a_file(guard, tmp_path):
    output = io.BytesIO()
    assert score_stream(as_lines([*GOOD, "{"]), output, guard, guard.threshold) == [len(GOOD) + 1]
    score_file(as_lines([*GOOD, "{"]), tmp_path / "out.jsonl", guard, guard.threshold)
    assert output.getvalue() == (tmp_path / "out.jsonl").read_bytes()


def test_a_stream_answers_a_line_before_it_reads_the_next(guard):
    output = io.BytesIO()

    def asked() -> Iterator[bytes]:
        for number, line in enumerate(as_lines(GOOD)):
            assert output.getvalue().count(b"\n") == number
            yield line

    assert score_stream(asked(), output, guard, guard.threshold) == []


def test_frames_and_dicts_of_an_engine_get_the_same_columns(exported_dir, guard):
    texts = [ATTACK, HARMLESS, ""]
    frame = pd.DataFrame({"prompt": texts, "id": [1, 2, 3]}, index=[5, 6, 7])
    arrays = {"prompt": np.array(texts, dtype=object), "id": np.arange(3)}
    scored = score_batch(frame, directory=str(exported_dir), column="prompt")
    as_dict = score_batch(arrays, directory=str(exported_dir), column="prompt")
    verdicts = guard.batch(texts)
    assert scored.index.tolist() == [5, 6, 7] and list(frame) == ["prompt", "id"] == list(arrays)
    assert list(scored) == list(as_dict) == ["prompt", "id", *(f"guard_{name}" for name in COLUMNS)]
    for name in COLUMNS:
        expected = [verdict.to_dict()[name] if name != "num_views" else len(verdict.views) for verdict in verdicts]
        assert scored[f"guard_{name}"].tolist() == as_dict[f"guard_{name}"].tolist() == expected
    assert [str(scored[f"guard_{name}"].dtype) for name in ("threat", "p_attack", "code")] == ["bool", "float64", "int32"]
    assert len(score_batch(frame[:0], directory=str(exported_dir), column="prompt")) == 0


def test_a_batch_that_does_not_fit_is_refused(exported_dir):
    with pytest.raises(KeyError, match="expected a column 'text' with the texts, found \\['prompt'\\]"):
        score_batch({"prompt": ["a"]}, directory=str(exported_dir))
    with pytest.raises(TypeError, match="index 1 to be a str, found NoneType"):
        score_batch({"text": ["a", None]}, directory=str(exported_dir))
