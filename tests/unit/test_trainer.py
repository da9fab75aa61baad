"""The trainer's loop: steps, phases, validation and what it writes."""

import csv
import math
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from src.config import AdversarialConfig, Config, QuantizationConfig
from src.errors import DataError, TrainingError
from src.evaluation.predictor import TorchPredictor
from src.labels import Family, Label
from src.models.backbone import build_model
from src.models.quantized import quantize_rows
from src.run import RunPaths
from src.training.checkpoint import load_checkpoint
from src.training.losses import deferral_threshold, router_loss
from src.training.resume import newest_checkpoint
from src.training.trainer import DEFERRAL_WINDOW_STEPS, Trainer
from tests.training_run import TRAIN, VAL, make_trainer, mined_config, training_config, weights_of

pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    return training_config(tiny_encoder_dir, tmp_path)


def test_fit_writes_the_run_and_a_finished_run_returns_at_once(cfg, tokenizer):
    result = make_trainer(cfg, tokenizer).fit()
    paths = RunPaths.of(cfg)
    assert result.best_model == paths.best_model and len(result.history) == 2
    assert {path.name for path in paths.checkpoints.iterdir()} == {"checkpoint_epoch_1.pth", "checkpoint_epoch_2.pth"}
    best = max(result.history, key=lambda m: (m.val_recall, m.val_auc))
    assert result.best_recall == best.val_recall
    assert load_checkpoint(paths.checkpoints / "checkpoint_epoch_2.pth")["progress"]["is_finished"]
    before = paths.best_model.stat().st_mtime_ns
    assert make_trainer(cfg, tokenizer).fit() == result
    assert paths.best_model.stat().st_mtime_ns == before
    predictor = TorchPredictor.from_checkpoint(result.best_model)
    assert predictor.predict(["hello"]).p_attack["override"].shape == (1,)


def test_training_learns_to_tell_the_classes_apart(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, epochs=16), optim=replace(cfg.optim, learning_rate=5e-3))
    history = make_trainer(cfg, tokenizer).fit().history
    assert history[-1].train_fast_loss < 0.3 * history[0].train_fast_loss
    assert history[-1].val_recall == history[-1].val_auc == 1.0
    assert history[-1].val_fpr <= cfg.eval.fpr_budget


def test_a_short_last_group_counts_as_much_as_a_full_one(cfg, tokenizer):
    """Equal batches: the gradient of a group must not depend on how many of them it has."""
    cfg = replace(cfg, model=replace(cfg.model, dropout=0.0))
    norms = []
    for count in (1, 2, 3):
        trainer = make_trainer(cfg, tokenizer)
        found = []
        trainer.writer.log = lambda step, values, found=found: found.append(values["train/gradient_norm"])
        trainer._train_step([np.arange(4)] * count)
        norms += found
    assert norms == pytest.approx([norms[0]] * 3, rel=1e-4)


def test_the_routers_budget_is_of_the_steps_before(cfg, tokenizer):
    """One threshold for every batch of a step, whatever the length of its prompts, and a bounded memory of scores."""
    trainer = make_trainer(cfg, tokenizer)
    thresholds, expected = [], []
    trainer.objective.register_forward_pre_hook(
        lambda module, arguments, named: thresholds.append(named["defer_above"]), with_kwargs=True
    )
    for _ in range(DEFERRAL_WINDOW_STEPS + 2):
        scores = trainer.progress.deferral_scores
        expected += [deferral_threshold(scores, cfg.router.target_deep_fraction)] * 2
        trainer._train_step([np.arange(4), np.arange(4, 8)])
    assert thresholds == expected and thresholds[0] == math.inf
    assert len(set(thresholds)) > DEFERRAL_WINDOW_STEPS // 2
    assert len(scores) == DEFERRAL_WINDOW_STEPS and {len(step) for step in scores} == {8}


def test_a_process_without_a_batch_of_its_own_adds_no_scores(cfg, tokenizer):
    trainer = make_trainer(cfg, tokenizer)
    make_batches = trainer.step_batches.make
    # what share_of_rank gives such a process
    trainer.step_batches.make = lambda group, epoch: replace(make_batches(group, epoch), factor=0.0)
    trainer._train_step([np.arange(4)])
    assert trainer.progress.deferral_scores == [[]]
    trainer.step_batches.make = make_batches
    trainer._train_step([np.arange(4)])
    assert [len(step) for step in trainer.progress.deferral_scores] == [0, 4]


def test_batches_are_made_while_the_step_before_runs(cfg, tokenizer):
    trainer = make_trainer(replace(cfg, train=replace(cfg.train, epochs=1)), tokenizer)
    made, trained, seen = {}, [], []
    make_batches, train_step = trainer.step_batches.make, trainer._train_step
    trainer.objective.register_forward_pre_hook(lambda module, arguments: seen.append(arguments[0].rows.tolist()))
    trainer.step_batches.make = lambda group, epoch: (
        made.update({id(group): threading.current_thread()}) or make_batches(group, epoch)
    )
    expected = []
    trainer._train_step = lambda group: (
        expected.extend(trainer.windows.rows[ids].tolist() for ids in group),
        train_step(group),
        trained.append(id(group)),
    )
    trainer.fit()
    assert set(made) == set(trained) and len(trained) == 4
    assert seen == expected
    assert [made[group] is threading.main_thread() for group in trained] == [True, False, False, False]
    assert not trainer.step_batches._ahead


def test_phases_start_with_their_epochs(cfg, tokenizer):
    cfg = replace(
        cfg,
        train=replace(cfg.train, epochs=3),
        adversarial=replace(cfg.adversarial, start_epoch=2),
        quantization=QuantizationConfig(start_epoch=3),
    )
    trainer = make_trainer(cfg, tokenizer)
    seen = []
    train_step = trainer._train_step

    def spy(group):
        epoch = trainer.progress.epoch
        seen.append((epoch, trainer.plan.is_adversarial(epoch, 0), trainer.model.embeddings.token.fake_quant))
        train_step(group)

    trainer._train_step = spy
    history = trainer.fit().history
    assert sorted(set(seen)) == [(1, False, False), (2, True, False), (3, True, True)]
    assert [m.phase for m in history] == ["focal", "focal+adversarial", "focal+adversarial+qat"]
    assert [m.train_adversarial_loss is None for m in history] == [True, False, False]


def test_perturbed_prompts_are_deferred_as_they_were_clean(cfg, tokenizer, monkeypatch):
    """By their own scores more of them than the budget would be above the threshold."""
    cfg = replace(cfg, adversarial=AdversarialConfig(start_epoch=1, every_steps=1, epsilon=5.0))
    trainer, targets = make_trainer(cfg, tokenizer), []
    monkeypatch.setattr(
        "src.training.losses.router_loss",
        lambda logits, scores, above: targets.append((scores > above).tolist()) or router_loss(logits, scores, above),
    )
    for _ in range(3):
        trainer._train_step([np.arange(8)])
    by_step = [targets[i : i + len(targets) // 3] for i in range(0, len(targets), len(targets) // 3)]
    assert len(by_step[0]) == 2 and all(each == step[0] for step in by_step for each in step)
    assert any(by_step[1][0]) and not all(by_step[1][0])


def test_only_every_nth_step_is_perturbed(cfg, tokenizer):
    cfg = replace(cfg, adversarial=AdversarialConfig(start_epoch=1, every_steps=3))
    trainer = make_trainer(cfg, tokenizer)
    assert [trainer.plan.is_adversarial(1, 2 * index) for index in range(7)] == [True, False, False, True, False, False, True]
    seen = []
    trainer.objective.register_forward_pre_hook(
        lambda module, arguments, named: seen.append(named["is_adversarial"]), with_kwargs=True
    )
    for _ in range(4):
        trainer._train_step([np.arange(4)] * 2)
    assert seen == [True, True, False, False, False, False, True, True]


@pytest.mark.parametrize(("start", "expected"), [(0, 1), (2, 2), (3, 3), (9, 1)])
def test_with_qat_only_its_epochs_can_be_the_best(cfg, tokenizer, start, expected):
    """The model of epoch 1 measures best, but only what was trained with INT8 in mind will ship."""
    cfg = replace(cfg, train=replace(cfg.train, epochs=3), quantization=QuantizationConfig(start_epoch=start))
    trainer = make_trainer(cfg, tokenizer)
    measure = trainer.val.measure
    trainer.val.measure = lambda *arguments: measure(*arguments) | {"val_recall": 1.0 - 0.1 * trainer.progress.epoch}
    result = trainer.fit()
    assert result.best_recall == pytest.approx(1.0 - 0.1 * expected)
    assert torch.load(result.best_model, weights_only=True)["progress"]["epoch"] == expected


def test_what_ships_after_qat_has_the_weights_that_training_computed_with(cfg, tokenizer):
    """The FP32 form then differs from INT8 by activations only; training itself goes on from unrounded weights."""
    trainer = make_trainer(replace(cfg, quantization=QuantizationConfig(start_epoch=2)), tokenizer)
    best = torch.load(trainer.fit().best_model, weights_only=True)["model"]
    name = "fast.layers.0.query.weight"
    rows, scale = quantize_rows(weights_of(trainer)[name])
    torch.testing.assert_close(best[name], rows * scale[:, None])
    assert not torch.equal(weights_of(trainer)[name], best[name])
    assert torch.equal(best["fast.classifier.weight"], weights_of(trainer)["fast.classifier.weight"])


def test_early_stopping_counts_epochs_without_a_better_recall(cfg, tokenizer):
    train = replace(cfg.train, epochs=9, early_stopping_patience=2)
    cfg = replace(cfg, train=train)
    trainer = make_trainer(cfg, tokenizer)
    recalls = iter([0.1, 0.3, 0.2, 0.3, 0.9])
    measure = trainer.val.measure
    trainer.val.measure = lambda *arguments: measure(*arguments) | {"val_recall": next(recalls), "val_auc": 0.5}
    result = trainer.fit()
    assert [m.val_recall for m in result.history] == [0.1, 0.3, 0.2, 0.3] and result.best_recall == 0.3
    assert make_trainer(cfg, tokenizer).fit().history == result.history  # finished, though epochs are left


def test_max_steps_ends_the_run_inside_an_epoch(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, max_steps=6))
    result = make_trainer(cfg, tokenizer).fit()
    assert [m.step for m in result.history] == [4, 6]
    assert result.history[-1].learning_rate == pytest.approx(cfg.optim.learning_rate * cfg.optim.min_lr_ratio)


def test_consistency_is_part_of_the_loss_where_there_is_something_to_compare(cfg, tokenizer):
    """On augmented windows and on perturbed embeddings; with weight 0 nothing is computed twice."""
    seen = {}
    for name, values in {"augmented": {"augment_share": 1.0}, "perturbed": {}, "neither": {}}.items():
        start = 1 if name == "perturbed" else 0
        changed = replace(
            cfg,
            train=replace(cfg.train, epochs=1, **values),
            adversarial=AdversarialConfig(start_epoch=start),
            loss=replace(cfg.loss, consistency_weight=0.5),
        )
        trainer = make_trainer(changed, tokenizer)
        trainer.writer.log = lambda step, values, name=name: seen.setdefault(name, values)
        trainer._train_step([np.arange(8)])
    assert seen["augmented"]["train/consistency_loss"] > 0 and seen["perturbed"]["train/consistency_loss"] > 0
    assert "train/consistency_loss" not in seen["neither"]
    silent = replace(cfg, train=replace(cfg.train, augment_share=1.0))
    assert make_trainer(silent, tokenizer).step_batches.make([np.arange(8)], epoch=1).batches[0].originals is None


def test_averaged_weights_are_validated_and_kept(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, epochs=1, ema_decay=0.5), optim=replace(cfg.optim, learning_rate=1e-2))
    trainer = make_trainer(cfg, tokenizer)
    name = "fast.classifier.weight"
    mean, measured = weights_of(trainer)[name], []
    train_step, measure = trainer._train_step, trainer.val.measure

    def spy(group):
        nonlocal mean
        train_step(group)
        decay = min(0.5, (1 + trainer.progress.step) / (10 + trainer.progress.step))
        mean = decay * mean + (1 - decay) * weights_of(trainer)[name]

    trainer._train_step = spy
    trainer.val.measure = lambda *args: measured.append(weights_of(trainer)[name]) or measure(*args)
    best = torch.load(trainer.fit().best_model, weights_only=True)["model"]
    torch.testing.assert_close(best[name], mean)
    assert torch.equal(measured[0], best[name]) and not torch.allclose(weights_of(trainer)[name], mean)
    stored = load_checkpoint(newest_checkpoint(RunPaths.of(cfg)))
    assert torch.equal(stored["model"][name], weights_of(trainer)[name])  # training goes on from the raw ones


def test_mined_windows_are_benign_and_drawn_more_often(cfg, tokenizer):
    trainer = make_trainer(mined_config(cfg), tokenizer)
    assert trainer.plan.total_steps == 4 + 6 + 6 and trainer.plan.last_epoch == 3
    drawn = {}
    train_step = trainer._train_step

    def spy(group):
        drawn.setdefault(trainer.progress.epoch, []).extend(np.concatenate(list(group)).tolist())
        train_step(group)

    trainer._train_step = spy
    history = trainer.fit().history
    assert [m.step for m in history] == [4, 10, 16]
    assert sorted(drawn[1]) == list(range(32))
    for epoch in (2, 3):
        counts = np.bincount(drawn[epoch], minlength=32)
        assert sorted(counts) == [1] * 24 + [3] * 8
        assert (trainer.windows.labels[counts == 3] == Label.BENIGN).all()


def test_an_epoch_and_its_validation_are_not_silent_without_a_terminal(cfg, tokenizer, monkeypatch, caplog):
    monkeypatch.setattr("src.progress.SECONDS_BETWEEN_LINES", 0.0)
    caplog.set_level("INFO", "src")
    make_trainer(replace(cfg, eval=replace(cfg.eval, batch_size=4)), tokenizer).fit()
    assert any(line.startswith("epoch 1/2: 2 of 4 steps, about ") for line in caplog.messages)
    assert any(line.startswith("validation: router: 1 of ") for line in caplog.messages)
    assert any(line.startswith("validation: 1 of ") for line in caplog.messages)


def test_a_loss_that_is_not_finite_stops_before_the_weights_change(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make_trainer(cfg, tokenizer)
    train_step, poisoned = trainer._train_step, {}

    def poison(group):
        if trainer.progress.step == 3:
            with torch.no_grad():
                trainer.model.fast.classifier.weight[0, 0] = float("nan")
            poisoned.update(weights_of(trainer), rows=sorted(trainer.windows.rows[np.concatenate(group)].tolist()))
        train_step(group)

    trainer._train_step = poison
    with pytest.raises(TrainingError) as caught:
        trainer.fit()
    message = str(caught.value)
    rows = str(poisoned.pop("rows"))
    for part in (
        "loss, fast_loss",
        "at step 4 (epoch 1)",
        "learning rate",
        "batches 7 to 8 of the epoch",
        rows,
        "latest.pth",
        "Go on from it with --allow_config_change optim.learning_rate=0.0005, or train again with a lower",
    ):
        assert part in message
    changed = [name for name, tensor in weights_of(trainer).items() if not tensor.equal(poisoned[name])]
    assert changed == ["fast.classifier.weight"]  # NaN never equals itself


def test_validation_needs_both_kinds_of_rows(cfg, tokenizer):
    benign = [row for row in VAL if row.label == Label.BENIGN]
    harm = [replace(row, label=Label.JAILBREAK, family=Family.HARMFUL_REQUEST) for row in VAL if row not in benign]
    with pytest.raises(DataError, match="found 8 benign rows, 0 such attacks and 8 plain harmful requests"):
        make_trainer(cfg, tokenizer, val=benign + harm)
    with pytest.raises(DataError, match="found 0 benign rows, 8 such attacks"):
        make_trainer(cfg, tokenizer, val=[row for row in VAL if row not in benign])


def test_the_metric_of_record_is_the_mean_over_attack_sources(cfg, tokenizer):
    """Nine rows of an easy source must not hide one of a hard source."""

    class FixedScores:
        """P(DIRECT_INJECTION) of each text is the number that it spells."""

        def __init__(self, calibration=None):
            self.calibration = calibration

        def with_calibration(self, calibration):
            return FixedScores(calibration)

        def router_scores(self, texts, desc=None):
            return np.linspace(0, 1, len(texts))

        def window_scores(self, texts, desc=None):
            from src.runtime.scores import WindowScores

            p = np.array([float(text) for text in texts])
            logits = np.full((len(texts), 4), -30.0)
            logits[:, 0], logits[:, 1] = np.log1p(-p), np.log(p)
            p_deep = self.router_scores(texts)
            return WindowScores(
                text_index=np.arange(len(texts)),
                tokens=np.ones(len(texts), int),
                logits=logits,
                family_logits=np.zeros((len(texts), 16)),
                p_deep=p_deep,
                is_deep=p_deep > self.calibration.complexity_threshold,
                view_index=np.full(len(texts), -1),
                view_family=np.zeros(len(texts), int),
            )

    attack, benign = VAL[0], VAL[1]
    rows = [replace(attack, text="0.9", source="easy")] * 9 + [replace(attack, text="0.2", source="hard")]
    rows += [replace(benign, text=str(0.1 + 0.02 * n)) for n in range(20)]  # 0.10 .. 0.48
    trainer = make_trainer(cfg, tokenizer, val=rows)
    found = trainer.val.measure(FixedScores(), cfg)
    assert found["val_recall"] == pytest.approx(0.5)  # easy 1, hard 0, not 9/10
    assert found["val_fpr"] == pytest.approx(0.1) and found["val_auc"] == pytest.approx((9 * 20 + 5.5) / 200, abs=0.003)
    assert found["val_deep_share_fixed"] == pytest.approx(1 - cfg.router.complexity_threshold, abs=1 / len(rows))
    assert found["val_deep_share"] == pytest.approx(cfg.router.target_deep_fraction, abs=1 / len(rows))


def test_rows_of_one_kind_are_refused_and_a_class_without_rows_is_named(cfg, tokenizer, caplog):
    for label, found in ((Label.BENIGN, "found 16 and 0"), (Label.DIRECT_INJECTION, "found 0 and 16")):
        with pytest.raises(DataError, match=f"expected benign training windows and attacks, {found}"):
            make_trainer(cfg, tokenizer, train=[row for row in TRAIN if row.label == label])
    caplog.set_level("INFO", logger="src")
    make_trainer(cfg, tokenizer).fit()
    assert "no training window is JAILBREAK or OBFUSCATION" in caplog.text


def test_the_log_has_the_names_of_the_curves(cfg, tokenizer, caplog):
    caplog.set_level("INFO", logger="src")
    last = make_trainer(cfg, tokenizer).fit().history[-1]
    (line,) = [record.message for record in caplog.records if record.message.startswith("epoch 2/2 (focal): ")]
    for name in ("train_loss", "val_recall", "val_fpr", "val_deep_share", "val_deep_share_fixed"):
        assert f"{name} {getattr(last, name):.4g}" in line


def test_reports_come_inside_the_epoch_and_can_end_the_run(cfg, tokenizer):
    class Stop(Exception):
        pass

    reports = []

    def on_evaluation(step: int, recall: float) -> None:
        reports.append(step)
        if step == 6:
            raise Stop

    model = build_model(cfg.model)
    trainer = Trainer(cfg, model, tokenizer, TRAIN, VAL, None, on_evaluation=on_evaluation, evaluate_every_steps=2)
    with pytest.raises(Stop):
        trainer.fit()
    assert reports == [2, 4, 6]
    assert not list(Path(cfg.run.output_dir).rglob("*.pth"))


def test_steps_csv_has_losses_and_learning_rate(cfg, tokenizer):
    make_trainer(cfg, tokenizer).fit()
    with RunPaths.of(cfg).steps_csv.open(newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert {"train/loss", "train/fast_loss", "train/router_loss", "train/learning_rate", "val/recall"} <= names
