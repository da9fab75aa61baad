"""A run that goes on with more or fewer processes trains what one process does with the same global batch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

DRIVER = Path(__file__).with_name("distributed_driver.py")
WINDOWS = 50
LAST_STEPS = "4,8,12"  # of the epochs: 13 batches of 4 windows, in the last epoch 15, in steps of 4 batches


def live(encoder: Path, output: Path, life: int, processes: int, kill_at: int = 0) -> None:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes)] if processes > 1 else []
    done = subprocess.run(
        [sys.executable, *launcher, str(DRIVER), str(encoder), str(output), str(life), str(kill_at)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode == 0) == (kill_at == 0), done.stderr[-3000:]


def counted(output: Path) -> dict[tuple[int, int], list[int]]:
    """(epoch, step) -> the windows that all processes counted, sorted; of a step that was done again, the last time."""
    found: dict[tuple[int, int], list[int]] = {}
    for life in range(3):
        of_life: dict[tuple[int, int], list[int]] = {}
        for path in output.glob(f"windows_{life}_*.jsonl"):
            for line in map(json.loads, path.read_text().splitlines()):
                of_life.setdefault((line["epoch"], line["step"]), []).extend(line["counted"])
        found |= of_life
    return {step: sorted(windows) for step, windows in found.items()}


def result(output: Path) -> tuple[dict[str, torch.Tensor], str]:
    with safe_open(output / "weights.safetensors", framework="pt") as file:
        return {name: file.get_tensor(name) for name in list(file.keys())}, file.metadata()["steps"]


def test_a_run_on_two_then_one_then_two_processes_is_the_run_on_one(tiny_encoder_dir, tmp_path):
    """Killed inside the first and the second epoch, one step after a checkpoint; through all phases, with mined,
    augmented and averaged parts. Only the order of sums differs, which Adam makes visible where a gradient is nothing but
    rounding (biases of keys)."""
    alone, changing = tmp_path / "alone", tmp_path / "changing"
    for output in (alone, changing):
        output.mkdir()
    live(tiny_encoder_dir, alone, life=0, processes=1)
    for life, (processes, kill_at) in enumerate([(2, 3), (1, 7), (2, 0)]):
        live(tiny_encoder_dir, changing, life, processes, kill_at)

    steps = counted(alone)
    assert counted(changing) == steps
    for epoch in (1, 2, 3):
        drawn = np.bincount(np.concatenate([windows for (of, _), windows in steps.items() if of == epoch]), minlength=WINDOWS)
        assert sorted(drawn) == [1] * WINDOWS if epoch < 3 else sorted(drawn) == [1] * (WINDOWS - 8) + [2] * 8

    expected, last_steps = result(alone)
    found, same_steps = result(changing)
    assert last_steps == same_steps == LAST_STEPS and expected.keys() == found.keys()
    for name, values in expected.items():
        torch.testing.assert_close(found[name], values, atol=1e-4, rtol=1e-4, msg=lambda text, name=name: f"{name}: {text}")
