"""A range test trains with a rate that grows every step, and ends by itself."""

from dataclasses import replace

import pytest
import torch

from src.errors import TrainingError
from src.models.backbone import build_model
from src.training.range_test import range_test, suggest_learning_rate
from src.training.trainer import Trainer
from tests.e2e.resume_driver import examples, tiny_config

TRAIN, VAL = examples(160, 0, "train"), examples(16, 1, "val")


pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def run(tiny_encoder_dir, tmp_path, tokenizer, monkeypatch):
    monkeypatch.setattr(Trainer, "_validate", lambda self: pytest.fail("validated"))
    cfg = tiny_config(str(tiny_encoder_dir), tmp_path / "run")
    cfg = replace(cfg, train=replace(cfg.train, mixed_precision="no"))

    def run(**given):
        torch.manual_seed(0)
        return range_test(cfg, build_model(cfg.model), tokenizer, TRAIN, VAL, **given)

    yield run
    assert not (tmp_path / "run").exists()


def test_the_rate_grows_by_the_same_factor_from_low_to_high(run):
    rates, losses = run(low=1e-6, high=1e-3, steps=13)
    assert rates == pytest.approx([1e-6 * 10 ** (step / 4) for step in range(13)]) and len(losses) == 13
    assert len(run(low=1e-6, high=1e-3, steps=500)[0]) == 20  # an epoch has no more steps


def test_it_ends_where_the_loss_has_diverged(run):
    rates, losses = run(low=1e-3, high=1e6, steps=20)
    assert 10 < len(rates) < 20 and all(map(lambda loss: loss == loss, losses))
    best = min(losses)
    assert suggest_learning_rate(rates, losses) == rates[losses.index(best)] / 10


def test_a_model_that_is_broken_from_the_start_is_an_error(run, monkeypatch):
    with pytest.raises(ValueError, match="more than 10 steps, got 0.1, 0.01 and 5"):
        run(low=0.1, high=0.01, steps=5)
    monkeypatch.setattr(Trainer, "_check_finite", lambda *_, **__: (_ for _ in ()).throw(TrainingError("loss is not finite")))
    with pytest.raises(TrainingError, match="not finite"):
        run(low=1e-6, high=1e-3, steps=12)
