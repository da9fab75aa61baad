"""A job that is killed is started again until it ends well; a job that fails is reported."""

import pytest

from benchmarks import kill_ray
from src.errors import GuardrailError

JOB = """
import sys, time
from pathlib import Path
import pyarrow as pa, pyarrow.parquet as pq

checkpoint = Path(sys.argv[1]) / "checkpoint"
checkpoint.mkdir(exist_ok=True)
pq.write_table(pa.table({"id": list(range(99))}), checkpoint / "a.pending.parquet")  # not written yet, so not counted
for number in range(len(list(checkpoint.glob("0*.parquet"))), 6):
    partial = checkpoint / "partial"
    pq.write_table(pa.table({"id": list(range(10))}), partial)
    partial.rename(checkpoint / f"0{number}.parquet")
    time.sleep(0.3)
"""


def test_a_killed_job_goes_on_to_its_end(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kill_ray, "POLL_S", 0.02)
    script = tmp_path / "job.py"
    script.write_text(JOB)
    assert kill_ray.run_with_kills([str(script), str(tmp_path)], tmp_path, [5, 25]) == 2
    assert kill_ray.rows_written(tmp_path) == 60
    assert capsys.readouterr().out.splitlines() == ["killed after 10 rows", "killed after 30 rows"]


def test_a_job_that_fails_is_not_started_again(tmp_path):
    script = tmp_path / "job.py"
    script.write_text("import sys; sys.exit('no such model')")
    with pytest.raises(GuardrailError, match="ended with status 1: no such model"):
        kill_ray.run_with_kills([str(script)], tmp_path, [5])
