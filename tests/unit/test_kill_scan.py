"""Shards that are scored by processes which are killed hold every row once; a loss or a repetition is found."""

import json

import pytest

from benchmarks import kill_scan
from src.errors import GuardrailError


def test_killed_scans_go_on_and_what_they_lose_or_repeat_is_found(exported_dir, tmp_path):
    shards = kill_scan.write_shards(tmp_path, 600, 1, exported_dir)
    shards[0].deaths = [0, 200]
    killed = kill_scan.score(shards, processes=1)
    assert killed <= 2 and shards[0].deaths == []  # a process may end by itself before its kill reaches it
    kill_scan.check(shards, 600, exported_dir)

    whole = shards[0].output.read_text().splitlines(keepends=True)
    swapped = [json.dumps(json.loads(whole[0]) | {"p_attack": 2.0}) + "\n", *whole[1:]]
    for lines in (whole[:-1], [*whole, whole[-1]], swapped):
        shards[0].output.write_text("".join(lines))
        with pytest.raises(GuardrailError):
            kill_scan.check(shards, 600, exported_dir)


def test_a_scan_that_fails_is_no_kill(tmp_path):
    shards = kill_scan.write_shards(tmp_path, 4, 1, tmp_path / "no_model")
    with pytest.raises(GuardrailError, match="part-00000.parquet ended with status 2"):
        kill_scan.score(shards, processes=1)
