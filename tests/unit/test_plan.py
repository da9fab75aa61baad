"""How long a run is and which phases it is in: numbers alone, nothing is trained."""

from dataclasses import replace

import numpy as np
import pytest

from src.config import AdversarialConfig, Config, QuantizationConfig
from src.data.loader import LengthBucketedBatches
from src.training.plan import RunPlan
from src.training.resume import Progress


def plan(num_processes: int = 1, num_mined: int = 0, **train) -> RunPlan:
    """50 windows in batches of 4, two batches a step and process: 13 batches, 7 steps an epoch of one process."""
    cfg = Config()
    cfg = replace(
        cfg,
        train=replace(cfg.train, **{"epochs": 3, "batch_size": 4, "gradient_accumulation_steps": 2, **train}),
        adversarial=AdversarialConfig(start_epoch=2, every_steps=3),
        quantization=QuantizationConfig(start_epoch=3),
    )
    batches = LengthBucketedBatches(np.ones(50, dtype=np.int64), 4, seed=0)
    return RunPlan(cfg, batches, num_mined, Progress(fingerprint="", num_processes=num_processes))


@pytest.mark.parametrize(
    ("given", "total_steps", "last_epoch"),
    [
        ({}, 21, 3),
        ({"num_processes": 2}, 12, 3),  # 13 batches, four at a time
        ({"max_steps": 8}, 8, 2),
        ({"max_steps": 7}, 7, 1),
        ({"num_mined": 5, "mining_start_epoch": 2, "mining_repeat": 2}, 7 + 8 + 8, 3),  # 60 windows: 15 batches
    ],
)
def test_a_run_ends_with_its_epochs_or_its_steps(given, total_steps, last_epoch):
    found = plan(**given)
    assert (found.total_steps, found.last_epoch) == (total_steps, last_epoch)


def test_what_is_left_is_planned_from_where_the_run_stands():
    """Steps that are done count as they were done, also where they had other batches."""
    found = plan()
    found.update(Progress(fingerprint="", num_processes=1, epoch=2, step=20, batches_done=4))
    assert (found.total_steps, found.last_epoch) == (20 + 5 + 7, 3)
    found.update(Progress(fingerprint="", num_processes=1, epoch=4, step=30))
    assert (found.total_steps, found.last_epoch) == (30, 3)


def test_phases_begin_with_their_epochs_and_a_resumed_epoch_perturbs_the_same_steps():
    found = plan()
    assert [found.phase(epoch) for epoch in (1, 2, 3)] == ["focal", "focal+adversarial", "focal+adversarial+qat"]
    assert [found.is_candidate(epoch) for epoch in (1, 2, 3)] == [False, False, True]
    assert [done for done in range(0, 14, 2) if found.is_adversarial(2, done)] == [0, 6, 12]
    assert not any(found.is_adversarial(1, done) for done in range(0, 14, 2))


def test_every_epoch_is_a_candidate_where_quantisation_never_begins():
    assert all(plan(epochs=2).is_candidate(epoch) for epoch in (1, 2))
