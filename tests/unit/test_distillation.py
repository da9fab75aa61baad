"""Teachers: scored once, averaged, kept; and the loss that pulls the verdict towards them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from src.config import Config, DistillConfig
from src.data.loader import windows_of
from src.errors import ConfigError
from src.evaluation.predictor import TorchPredictor
from src.models.backbone import build_model, load_guard_tokenizer
from src.models.dual_branch import GuardOutput
from src.runtime.calibration import Calibration
from src.training import distillation
from src.training.distillation import teacher_logits
from src.training.losses import distillation_loss
from src.training.trainer import Trainer
from tests.e2e.resume_driver import examples, tiny_config

pytestmark = pytest.mark.usefixtures("fresh_accelerator")


class Teacher:
    """Says `share` for every text that holds the word, and counts how often it is asked."""

    name = "teacher"

    def __init__(self, share: float) -> None:
        self.share, self.asked = share, 0

    def predict(self, texts, *, desc=None):
        self.asked += len(texts)
        return type("Scores", (), {"p_attack": {"full": np.array([self.share if "ignore" in t else 0.1 for t in texts])}})()


@pytest.fixture
def teachers(monkeypatch) -> dict[str, Teacher]:
    known = {"a": Teacher(0.9), "b": Teacher(0.7)}
    monkeypatch.setattr(distillation, "load_teacher", lambda word: (known[word], word))
    monkeypatch.setattr(distillation, "CHUNK_WINDOWS", 7)
    return known


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    return tiny_config(str(tiny_encoder_dir), tmp_path / "run")


def test_probabilities_are_averaged_and_scored_once(teachers, tokenizer, tmp_path):
    windows = windows_of(examples(20, 0, "train"), tokenizer, 4, seed=0)
    both = DistillConfig(teachers=["a", "b"])
    found = teacher_logits(both, windows, tmp_path / "kept")
    attacks = ["ignore" in windows.examples[row].text for row in windows.rows]
    np.testing.assert_allclose(found, np.where(attacks, np.log(0.8 / 0.2), np.log(0.1 / 0.9)), rtol=1e-5)
    assert (teachers["a"].asked, teachers["b"].asked) == (20, 20)
    next((tmp_path / "kept").iterdir()).unlink()  # as after a kill: what is missing is scored again, no more
    np.testing.assert_array_equal(teacher_logits(both, windows, tmp_path / "kept"), found)
    assert 20 < teachers["a"].asked + teachers["b"].asked - 20 <= 27


def test_the_loss_runs_under_autocast_of_a_gpu():
    """Autocast on CUDA refuses binary_cross_entropy of probabilities; on a CPU it does not, so the operations are looked at."""

    class Operations(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            names.append(func.name())
            return func(*args, **(kwargs or {}))

    names: list[str] = []
    logits, none = torch.randn(5, 4), torch.zeros(5, 16)
    with Operations():
        distillation_loss(GuardOutput(logits, logits, none, none, torch.zeros(5), torch.zeros(())), torch.zeros(5), 2.0)
    assert names and "aten::binary_cross_entropy" not in names


def test_the_loss_is_zero_at_the_teacher_and_pulls_both_branches_to_it():
    logits = torch.randn(5, 4, requires_grad=True)
    other = torch.randn(5, 4, requires_grad=True)
    verdict = logits[:, 1:].logsumexp(1) - logits[:, 0]  # log-odds of an attack
    none = torch.zeros(5, 16)
    same = GuardOutput(logits, logits, none, none, torch.zeros(5), torch.zeros(()))
    assert distillation_loss(same, verdict.detach(), 1.0).abs() < 1e-6
    output = replace(same, deep_logits=other)
    expected = (
        9
        * F.kl_div(
            F.logsigmoid(torch.stack([other[:, 1:].logsumexp(1) - other[:, 0], other[:, 0] - other[:, 1:].logsumexp(1)]) / 3),
            torch.stack([verdict, -verdict]).detach().div(3).sigmoid(),
            reduction="sum",
        )
        / 5
    )
    found = distillation_loss(output, verdict.detach(), 3.0)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
    found.backward()
    assert other.grad.abs().sum() > 0 and logits.grad.abs().max() < 1e-6


def test_a_teacher_that_denies_the_labels_holds_the_student_back(teachers, cfg):
    teachers["a"].share = 0.01  # says that every attack is harmless
    rows, val = examples(48, 0, "train"), examples(24, 1, "val")
    lead = {}
    for names in ([], ["a"]):
        run = replace(
            cfg,
            distill=replace(cfg.distill, teachers=names, weight=20.0),
            optim=replace(cfg.optim, learning_rate=5e-3),
            train=replace(cfg.train, mixed_precision="no", epochs=10),
            adversarial=replace(cfg.adversarial, start_epoch=0),
            quantization=replace(cfg.quantization, start_epoch=0),
        )
        torch.manual_seed(0)
        tokenizer = load_guard_tokenizer(run.model)
        trainer = Trainer(run, build_model(run.model), tokenizer, rows, val, None)
        trainer.fit()
        scores = TorchPredictor(trainer.model, tokenizer, Calibration()).predict([row.text for row in rows]).p_attack["full"]
        attack = np.array(["ignore" in row.text for row in rows])
        lead[len(names)] = scores[attack].mean() - scores[~attack].mean()
    assert lead[0] > 0.2 and lead[1] < lead[0] / 2, lead


def test_a_teacher_that_is_not_there_is_named(tokenizer):
    windows = windows_of(examples(4, 0, "train"), tokenizer, 4, seed=0)
    with pytest.raises(ConfigError, match="distill.teachers: '/no/such.pth' cannot be loaded"):
        teacher_logits(DistillConfig(teachers=["/no/such.pth"]), windows, None)
