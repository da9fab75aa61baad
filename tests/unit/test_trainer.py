import csv
import math
import os
import shutil
import signal
import threading
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.optimizer import AcceleratedOptimizer
from accelerate.utils import DistributedType

from src.config import AdversarialConfig, Config, OptimConfig, QuantizationConfig, to_dict
from src.errors import CheckpointError, ConfigError, DataError, TrainingError
from src.evaluation.calibration import Calibration
from src.evaluation.predictor import TorchPredictor
from src.interrupts import interrupts_deferred
from src.labels import Family, Label
from src.models.backbone import build_model
from src.models.quantized import quantize_rows
from src.run import RunPaths
from src.training.checkpoint import load_checkpoint, store_calibration
from src.training.disk import RunSize
from src.training.divergence import MAX_SKIPPED_STEPS
from src.training.losses import deferral_threshold, router_loss
from src.training.memory import is_out_of_memory, keep_freed_memory
from src.training.optimizer import build_optimizer, lr_factor
from src.training.precision import apply_tf32
from src.training.resume import Progress, check_config_keys, check_same_run, discard_run, newest_checkpoint
from src.training.trainer import DEFERRAL_WINDOW_STEPS, Trainer
from tests.e2e.resume_driver import examples, tiny_config

TRAIN, VAL = examples(32, 0, "train"), examples(16, 1, "val")


pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    """Two epochs of four steps, no later phase, FP32."""
    cfg = tiny_config(str(tiny_encoder_dir), tmp_path)
    return replace(
        cfg,
        train=replace(cfg.train, epochs=2, mixed_precision="no"),
        adversarial=AdversarialConfig(start_epoch=0),
        quantization=QuantizationConfig(start_epoch=0),
        logging=replace(cfg.logging, tensorboard=False),
    )


def make(cfg: Config, tokenizer, train=TRAIN, val=VAL, **arguments) -> Trainer:
    torch.manual_seed(0)
    return Trainer(cfg, build_model(cfg.model), tokenizer, train, val, RunPaths.of(cfg), **arguments)


def weights_of(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}


def assert_same_weights(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> None:
    assert [name for name in a if not torch.equal(a[name], b[name])] == []


def test_fit_writes_the_run_and_a_finished_run_returns_at_once(cfg, tokenizer):
    result = make(cfg, tokenizer).fit()
    paths = RunPaths.of(cfg)
    assert result.best_model == paths.best_model and len(result.history) == 2
    assert {path.name for path in paths.checkpoints.iterdir()} == {"checkpoint_epoch_1.pth", "checkpoint_epoch_2.pth"}
    best = max(result.history, key=lambda m: (m.val_recall, m.val_auc))
    assert result.best_recall == best.val_recall
    assert load_checkpoint(paths.checkpoints / "checkpoint_epoch_2.pth")["progress"]["is_finished"]
    before = paths.best_model.stat().st_mtime_ns
    assert make(cfg, tokenizer).fit() == result
    assert paths.best_model.stat().st_mtime_ns == before
    predictor = TorchPredictor.from_checkpoint(result.best_model)
    assert predictor.predict(["hello"]).p_attack["override"].shape == (1,)


def test_training_learns_to_tell_the_classes_apart(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, epochs=16), optim=replace(cfg.optim, learning_rate=5e-3))
    history = make(cfg, tokenizer).fit().history
    assert history[-1].train_fast_loss < 0.3 * history[0].train_fast_loss
    assert history[-1].val_recall == history[-1].val_auc == 1.0
    assert history[-1].val_fpr <= cfg.eval.fpr_budget


def test_a_short_last_group_counts_as_much_as_a_full_one(cfg, tokenizer):
    """Equal batches: the gradient of a group must not depend on how many of them it has."""
    cfg = replace(cfg, model=replace(cfg.model, dropout=0.0))
    norms = []
    for count in (1, 2, 3):
        trainer = make(cfg, tokenizer)
        found = []
        trainer.writer.log = lambda step, values, found=found: found.append(values["train/gradient_norm"])
        trainer._train_step([np.arange(4)] * count)
        norms += found
    assert norms == pytest.approx([norms[0]] * 3, rel=1e-4)


def test_the_routers_budget_is_of_the_steps_before(cfg, tokenizer):
    """One threshold for every batch of a step, whatever the length of its prompts, and a bounded memory of scores."""
    trainer = make(cfg, tokenizer)
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
    trainer = make(cfg, tokenizer)
    make_batches = trainer.step_batches.make
    # what share_of_rank gives such a process
    trainer.step_batches.make = lambda group, epoch: replace(make_batches(group, epoch), factor=0.0)
    trainer._train_step([np.arange(4)])
    assert trainer.progress.deferral_scores == [[]]
    trainer.step_batches.make = make_batches
    trainer._train_step([np.arange(4)])
    assert [len(step) for step in trainer.progress.deferral_scores] == [0, 4]


def test_batches_are_made_while_the_step_before_runs(cfg, tokenizer):
    trainer = make(replace(cfg, train=replace(cfg.train, epochs=1)), tokenizer)
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
    trainer = make(cfg, tokenizer)
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
    trainer, targets = make(cfg, tokenizer), []
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
    trainer = make(cfg, tokenizer)
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
    trainer = make(cfg, tokenizer)
    measure = trainer.val.measure
    trainer.val.measure = lambda *arguments: measure(*arguments) | {"val_recall": 1.0 - 0.1 * trainer.progress.epoch}
    result = trainer.fit()
    assert result.best_recall == pytest.approx(1.0 - 0.1 * expected)
    assert torch.load(result.best_model, weights_only=True)["progress"]["epoch"] == expected


def test_what_ships_after_qat_has_the_weights_that_training_computed_with(cfg, tokenizer):
    """The FP32 form then differs from INT8 by activations only; training itself goes on from unrounded weights."""
    trainer = make(replace(cfg, quantization=QuantizationConfig(start_epoch=2)), tokenizer)
    best = torch.load(trainer.fit().best_model, weights_only=True)["model"]
    name = "fast.layers.0.query.weight"
    rows, scale = quantize_rows(weights_of(trainer)[name])
    torch.testing.assert_close(best[name], rows * scale[:, None])
    assert not torch.equal(weights_of(trainer)[name], best[name])
    assert torch.equal(best["fast.classifier.weight"], weights_of(trainer)["fast.classifier.weight"])


def test_early_stopping_counts_epochs_without_a_better_recall(cfg, tokenizer):
    train = replace(cfg.train, epochs=9, early_stopping_patience=2)
    cfg = replace(cfg, train=train)
    trainer = make(cfg, tokenizer)
    recalls = iter([0.1, 0.3, 0.2, 0.3, 0.9])
    measure = trainer.val.measure
    trainer.val.measure = lambda *arguments: measure(*arguments) | {"val_recall": next(recalls), "val_auc": 0.5}
    result = trainer.fit()
    assert [m.val_recall for m in result.history] == [0.1, 0.3, 0.2, 0.3] and result.best_recall == 0.3
    assert make(cfg, tokenizer).fit().history == result.history  # finished, though epochs are left


def test_max_steps_ends_the_run_inside_an_epoch(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, max_steps=6))
    result = make(cfg, tokenizer).fit()
    assert [m.step for m in result.history] == [4, 6]
    assert result.history[-1].learning_rate == pytest.approx(cfg.optim.learning_rate * cfg.optim.min_lr_ratio)


@pytest.fixture(autouse=True)
def listening_to_ctrl_c():
    """A shell starts background jobs with SIGINT ignored, and Python then installs no handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_saves_and_the_next_run_ends_with_the_same_weights(cfg, tokenizer):
    undisturbed = make(replace(cfg, run=replace(cfg.run, output_dir=cfg.run.output_dir + "/other")), tokenizer)
    undisturbed.fit()

    trainer = make(cfg, tokenizer)
    train_step = trainer._train_step

    def interrupted(group):
        if trainer.progress.step == 2:
            os.kill(os.getpid(), signal.SIGINT)  # in the middle of a step
        train_step(group)

    trainer._train_step = interrupted
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    latest = newest_checkpoint(RunPaths.of(cfg))
    assert latest.name == "latest.pth" and load_checkpoint(latest)["progress"]["step"] == 3

    torch.manual_seed(99)  # a resumed process starts with other weights and generators
    resumed = Trainer(cfg, build_model(cfg.model), tokenizer, TRAIN, VAL, RunPaths.of(cfg))
    resumed.fit()
    assert_same_weights(weights_of(resumed), weights_of(undisturbed))
    assert not latest.exists()


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
        trainer = make(changed, tokenizer)
        trainer.writer.log = lambda step, values, name=name: seen.setdefault(name, values)
        trainer._train_step([np.arange(8)])
    assert seen["augmented"]["train/consistency_loss"] > 0 and seen["perturbed"]["train/consistency_loss"] > 0
    assert "train/consistency_loss" not in seen["neither"]
    silent = replace(cfg, train=replace(cfg.train, augment_share=1.0))
    assert make(silent, tokenizer).step_batches.make([np.arange(8)], epoch=1).batches[0].originals is None


def test_averaged_weights_are_validated_and_kept(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, epochs=1, ema_decay=0.5), optim=replace(cfg.optim, learning_rate=1e-2))
    trainer = make(cfg, tokenizer)
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


def test_named_keys_may_change_and_take_effect(cfg, tokenizer):
    """More epochs, another learning rate and decay: the finished run goes on to the new length with the new values."""
    make(cfg, tokenizer).fit()
    values = {"learning_rate": 3e-3, "weight_decay": 0.2}
    longer = replace(cfg, train=replace(cfg.train, epochs=3), optim=replace(cfg.optim, **values))
    allowed = ["train.epochs", "optim.learning_rate"]
    with pytest.raises(TrainingError, match="Differing: optim.weight_decay: 0.01 there, 0.2 now.*--allow_config_change"):
        make(longer, tokenizer, allow_config_change=allowed).fit()
    trainer = make(longer, tokenizer, allow_config_change=[*allowed, "optim.weight_decay"])
    rates = []
    train_step = trainer._train_step
    trainer._train_step = lambda group: rates.append(trainer.state.optimizer.param_groups[0]["lr"]) or train_step(group)
    history = trainer.fit().history
    assert [m.step for m in history] == [4, 8, 12]
    assert rates == pytest.approx([3e-3 * lr_factor(step, 12, longer.optim) for step in range(8, 12)])
    assert {group["weight_decay"] for group in trainer.state.optimizer.param_groups} == {0.0, 0.2}
    assert make(longer, tokenizer).fit().history == history  # the new values are now those of the run
    with pytest.raises(ConfigError, match="unknown config key 'train.epoch'; did you mean 'train.epochs'"):
        make(longer, tokenizer, allow_config_change=["train.epoch"])


def test_a_run_that_goes_on_into_quantisation_keeps_no_model_from_before_it(cfg, tokenizer):
    make(cfg, tokenizer).fit()
    longer = replace(cfg, train=replace(cfg.train, epochs=3), quantization=QuantizationConfig(start_epoch=3))
    result = make(longer, tokenizer, allow_config_change=["train.epochs", "quantization.start_epoch"]).fit()
    assert load_checkpoint(newest_checkpoint(RunPaths.of(cfg)))["progress"]["best"][0] == result.history[-1].val_recall
    assert result.best_recall == result.history[-1].val_recall


def test_values_that_a_run_cannot_go_on_with_are_refused(cfg, tokenizer):
    saved = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make(saved, tokenizer)
    train_step = trainer._train_step

    def fail(group):
        if trainer.progress.step == 3:
            raise KeyboardInterrupt
        train_step(group)

    trainer._train_step = fail
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    shorter = replace(saved, train=replace(saved.train, max_steps=2))
    with pytest.raises(ConfigError, match="train.max_steps=2 ends the run at or before step 3"):
        make(shorter, tokenizer, allow_config_change=["train.max_steps"]).fit()
    frozen = replace(saved, optim=replace(saved.optim, table_lr_multiplier=0.0))
    with pytest.raises(ConfigError, match="trained other groups of layers"):
        make(frozen, tokenizer, allow_config_change=["optim.table_lr_multiplier"]).fit()


def test_a_batch_size_may_change_between_epochs_but_not_inside_one(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make(cfg, tokenizer)
    train_step = trainer._train_step

    def fail(group):
        if trainer.progress.step == 7:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        train_step(group)

    trainer._train_step = fail
    with pytest.raises(TrainingError) as caught:
        trainer.fit()
    for part in (
        "out of memory at step 8",
        "train.batch_size (now 4; with 2 and train.gradient_accumulation_steps=4",
        "model.max_tokens (now 64)",
        "gradient_checkpointing=true",
        "latest.pth",
    ):
        assert part in str(caught.value)
    smaller = replace(cfg, train=replace(cfg.train, batch_size=2, gradient_accumulation_steps=4))
    allowed = ["train.batch_size", "train.gradient_accumulation_steps"]
    with pytest.raises(TrainingError, match="latest.pth is inside epoch 2, whose batches depend on train.batch_size"):
        make(smaller, tokenizer, allow_config_change=allowed).fit()
    newest_checkpoint(RunPaths.of(cfg)).unlink()
    assert [m.step for m in make(smaller, tokenizer, allow_config_change=allowed).fit().history] == [4, 8]


def test_a_run_that_went_on_with_other_batches_is_as_long_when_it_is_resumed_once_more(cfg, tokenizer):
    """Epochs of 4 steps, then of 8; what is left is planned from where the run stands, not from a run of one kind of epoch."""
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=1))
    make(cfg, tokenizer).fit()
    longer = replace(cfg, train=replace(cfg.train, epochs=4, batch_size=2))
    trainer = make(longer, tokenizer, allow_config_change=["train.epochs", "train.batch_size"])
    train_step = trainer._train_step

    def fail(group):
        if trainer.progress.step == 13:
            raise KeyboardInterrupt
        train_step(group)

    trainer._train_step = fail
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    again = make(longer, tokenizer)
    again.restore()
    assert (trainer.plan.total_steps, again.plan.total_steps, again.plan.last_epoch) == (24, 24, 4)
    assert [m.step for m in again.fit().history] == [4, 8, 16, 24]


def test_a_best_model_by_another_budget_does_not_stand(cfg, tokenizer):
    make(cfg, tokenizer).fit()
    path = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(path)
    state["progress"]["best"] = [2.0, 1.0]  # better than any can be
    torch.save(state, path)
    other = replace(cfg, train=replace(cfg.train, epochs=3), eval=replace(cfg.eval, fpr_budget=0.2))
    result = make(other, tokenizer, allow_config_change=["train.epochs", "eval.fpr_budget"]).fit()
    assert result.best_recall == result.history[-1].val_recall


def test_a_mapping_of_the_config_is_allowed_to_change_as_a_whole_and_by_key():
    for allowed in ("data.mixture", "data.mixture.padded"):
        assert check_config_keys([allowed]) == [allowed]
        now, then = Progress(fingerprint="b", num_processes=1), asdict(Progress(fingerprint="a", num_processes=1))
        config = to_dict(Config())
        other = {**config, "data": {**config["data"], "mixture": {"padded": 7}}}
        state = {"config": config, "progress": then}
        assert check_same_run(Path("x.pth"), state, other, now, [allowed]) == ["data.mixture.padded"]
        state["progress"]["batches_done"] = 3
        with pytest.raises(TrainingError, match="inside epoch 1, whose batches depend on the training rows"):
            check_same_run(Path("x.pth"), state, other, now, [allowed])


def test_the_windows_of_an_epoch_do_not_change_inside_it():
    config = to_dict(Config())
    other = {**config, "train": {**config["train"], "windows_per_epoch": 7}}
    progress = Progress(fingerprint="a", num_processes=1, batches_done=3)
    state = {"config": config, "progress": asdict(progress)}
    with pytest.raises(TrainingError, match="whose batches depend on train.windows_per_epoch"):
        check_same_run(Path("x.pth"), state, other, progress, ["train.windows_per_epoch"])


def test_other_runtime_errors_are_not_taken_for_memory(cfg, tokenizer):
    trainer = make(cfg, tokenizer)
    trainer._train_step = lambda group: (_ for _ in ()).throw(RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        trainer.fit()
    assert is_out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"))
    assert is_out_of_memory(MemoryError()) and not is_out_of_memory(ValueError("DefaultCPUAllocator: not enough memory"))


def test_compilation_without_a_compiler_is_refused(cfg, tokenizer, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ConfigError, match="needs a C.. compiler, found no-such-compiler; install one"):
        make(replace(cfg, train=replace(cfg.train, compile=True)), tokenizer)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to compile with")
def test_a_compiled_run_keeps_its_weights_names_and_loss(cfg, tokenizer, monkeypatch):
    """Traced and differentiated as it will be, an adversarial step included, but run by torch: C++ would take half a minute."""
    compile_module, losses = torch.nn.Module.compile, []
    monkeypatch.setattr(torch.nn.Module, "compile", lambda self, **given: compile_module(self, backend="aot_eager", **given))
    for is_compiled in (False, True):
        small = replace(cfg, model=replace(cfg.model, dropout=0.0, moe_num_layers=2))  # one dense layer to compile
        small = replace(small, adversarial=AdversarialConfig(start_epoch=1))
        trainer = make(replace(small, train=replace(cfg.train, compile=is_compiled)), tokenizer)
        trainer.writer.log = lambda step, values: losses.append(values["train/loss"])
        trainer._train_step([np.arange(8)])
        assert not any("_orig_mod" in name for name in weights_of(trainer))
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def mined_config(cfg: Config) -> Config:
    """From epoch 2 on, 8 of the 16 benign windows come twice more: 6 steps instead of 4."""
    mining = {"mining_start_epoch": 2, "mining_pool": 99, "mining_share": 0.5, "mining_repeat": 2}
    return replace(cfg, train=replace(cfg.train, **mining, epochs=3))


def test_mined_windows_are_benign_and_drawn_more_often(cfg, tokenizer):
    trainer = make(mined_config(cfg), tokenizer)
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


def test_a_run_that_stopped_inside_a_mined_epoch_keeps_its_choice(cfg, tokenizer):
    """The choice was made with the weights of the epoch's start, which a resumed run no longer has."""
    cfg = mined_config(cfg)
    undisturbed = make(replace(cfg, run=replace(cfg.run, output_dir=cfg.run.output_dir + "/other")), tokenizer)
    undisturbed.fit()
    trainer = make(cfg, tokenizer)
    train_step = trainer._train_step

    def interrupted(group):
        if trainer.progress.step == 6:
            os.kill(os.getpid(), signal.SIGINT)
        train_step(group)

    trainer._train_step = interrupted
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    torch.manual_seed(99)
    resumed = Trainer(cfg, build_model(cfg.model), tokenizer, TRAIN, VAL, RunPaths.of(cfg))
    resumed.fit()
    assert_same_weights(weights_of(resumed), weights_of(undisturbed))


def test_ctrl_c_in_validation_goes_on_with_the_validation(cfg, tokenizer):
    trainer = make(cfg, tokenizer)
    trainer.val.measure = lambda *_: os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    assert load_checkpoint(newest_checkpoint(RunPaths.of(cfg)))["progress"]["epoch"] == 1
    assert [m.step for m in make(cfg, tokenizer).fit().history] == [4, 8]


def test_interrupts_are_raised_after_the_block():
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts_deferred():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("the rest of the block")
    assert done and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_inside_nested_blocks_is_raised_after_the_outer_one():
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts_deferred():
        with interrupts_deferred():
            os.kill(os.getpid(), signal.SIGINT)
        done.append("the rest of the outer block")
    assert done and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_another_configuration_is_refused_and_restart_discards_the_run(cfg, tokenizer):
    make(cfg, tokenizer).fit()
    other = replace(cfg, optim=replace(cfg.optim, learning_rate=2e-3), eval=replace(cfg.eval, fpr_budget=0.2))
    message = r"another run. Differing: eval.fpr_budget: 0.1 there, 0.2 now; optim.learning_rate: 0.001 there, 0.002 now"
    with pytest.raises(TrainingError, match=message + ".*--restart"):
        make(other, tokenizer).fit()
    discard_run(RunPaths.of(cfg))
    assert newest_checkpoint(RunPaths.of(cfg)) is None and not RunPaths.of(cfg).best_model.exists()
    assert len(make(other, tokenizer).fit().history) == 2


def test_an_epoch_and_its_validation_are_not_silent_without_a_terminal(cfg, tokenizer, monkeypatch, caplog):
    monkeypatch.setattr("src.progress.SECONDS_BETWEEN_LINES", 0.0)
    caplog.set_level("INFO", "src")
    make(replace(cfg, eval=replace(cfg.eval, batch_size=4)), tokenizer).fit()
    assert any(line.startswith("epoch 1/2: 2 of 4 steps, about ") for line in caplog.messages)
    assert any(line.startswith("validation: router: 1 of ") for line in caplog.messages)
    assert any(line.startswith("validation: 1 of ") for line in caplog.messages)


def test_what_is_logged_is_no_other_run(cfg, tokenizer):
    result = make(cfg, tokenizer).fit()
    assert make(replace(cfg, logging=replace(cfg.logging, tensorboard=not cfg.logging.tensorboard)), tokenizer).fit() == result


def test_the_model_of_a_finished_run_without_its_checkpoints_is_not_replaced(cfg, tokenizer):
    paths = RunPaths.of(cfg)
    make(cfg, tokenizer).fit()
    for path in paths.checkpoints.iterdir():
        path.unlink()
    make(cfg, tokenizer).fit()  # killed before its thresholds were fitted: begins again
    for path in paths.checkpoints.iterdir():
        path.unlink()
    store_calibration(paths.best_model, Calibration().to_dict())
    with pytest.raises(TrainingError, match="the model of a finished run, and there is no checkpoint.*--restart"):
        make(cfg, tokenizer).fit()
    discard_run(paths)
    make(cfg, tokenizer).fit()


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_the_estimate_of_disk_space_is_what_a_run_writes(cfg, tokenizer, ema_decay):
    cfg = replace(cfg, train=replace(cfg.train, epochs=3, ema_decay=ema_decay))
    trainer, paths = make(cfg, tokenizer), RunPaths.of(cfg)
    size = RunSize.of(cfg, trainer.model, trainer.state.optimizer, epochs=3, has_latest=True)
    trainer.fit()
    kept = list(paths.checkpoints.iterdir())
    assert len(kept) == size.checkpoints_at_end == 2 and size.checkpoints_in_training == 4
    assert [path.stat().st_size for path in kept] == pytest.approx([size.checkpoint] * 2, rel=0.3)
    assert paths.safetensors.stat().st_size == pytest.approx(size.weights, rel=0.3)
    assert size.needed(paths) == {paths.checkpoints: 4 * size.checkpoint + 3 * size.weights}


def test_a_disk_that_is_too_small_is_told_before_the_first_step(cfg, tokenizer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))
    trainer = make(cfg, tokenizer)
    with pytest.raises(CheckpointError, match=r"expected .* GB free on the disk of .*, found 0.0 GB: .* checkpoints of"):
        trainer.fit()
    assert trainer.progress.step == 0 and newest_checkpoint(RunPaths.of(cfg)) is None


def test_a_checkpoint_that_cannot_be_written_names_the_way_on_that_there_is(cfg, tokenizer, monkeypatch):
    def full(*arguments, **named):
        raise CheckpointError("the disk is full")

    monkeypatch.setattr("src.training.run_state.save_checkpoint", full)
    with pytest.raises(CheckpointError, match="the disk is full; then the same command starts again: no checkpoint"):
        make(cfg, tokenizer).fit()
    monkeypatch.undo()
    with monkeypatch.context() as patched:
        patched.setattr("src.training.run_state.save_best_model", full)
        cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
        with pytest.raises(CheckpointError, match="goes on from .*latest.pth"):
            make(cfg, tokenizer).fit()


def test_a_key_that_the_checkpoint_does_not_know_counts_as_its_default(cfg, tokenizer):
    """A run that was begun before a key existed goes on, but not with another value of it."""
    make(cfg, tokenizer).fit()
    latest = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(latest)
    del state["config"]["train"]["windows_per_epoch"]
    torch.save(state, latest)
    assert make(cfg, tokenizer).fit().history[-1].step == state["progress"]["step"]
    with pytest.raises(TrainingError, match="Differing: train.windows_per_epoch: 0 there, 4 now"):
        make(replace(cfg, train=replace(cfg.train, windows_per_epoch=4)), tokenizer).fit()


def test_other_training_rows_are_refused(cfg, tokenizer):
    make(cfg, tokenizer).fit()
    with pytest.raises(TrainingError, match="the training rows: the data behind the same configuration has changed"):
        make(cfg, tokenizer, train=TRAIN[:-1]).fit()


def test_another_number_of_processes_goes_on_only_with_as_many_batches_a_step(cfg, tokenizer):
    """Four batches a step, now on one process; told how to keep them, and that larger steps are a choice."""
    four = replace(cfg, train=replace(cfg.train, gradient_accumulation_steps=4))
    make(four, tokenizer).fit()
    latest = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(latest)
    state["progress"] |= {"num_processes": 2, "is_finished": False, "epoch": 2, "step": 3, "batches_done": 4}
    state["config"]["train"]["gradient_accumulation_steps"] = 2
    torch.save(state, latest)

    with pytest.raises(TrainingError, match=r"has 4 batches \(processes: 2.*would have 2 .*steps=2\). Give .*steps=4, or"):
        make(cfg, tokenizer).fit()
    with pytest.raises(TrainingError, match="Differing: run.seed"):
        make(replace(four, run=replace(cfg.run, seed=1)), tokenizer).fit()
    trainer = make(four, tokenizer)
    drawn = []
    train_step = trainer._train_step
    trainer._train_step = lambda group: drawn.extend(np.concatenate(group).tolist()) or train_step(group)
    assert trainer.fit().history[-1].step == 4
    assert drawn == np.concatenate(trainer.batches.of_epoch(2)[4:]).tolist()

    torch.save(state, latest)
    trainer = make(cfg, tokenizer, allow_config_change=["train.gradient_accumulation_steps"])
    assert trainer.fit().history[-1].step == 5  # the four batches that were left, in steps of two


def test_a_damaged_checkpoint_is_named_and_the_one_before_it_is_enough(cfg, tokenizer):
    first = make(cfg, tokenizer)
    first.fit()
    damaged = newest_checkpoint(RunPaths.of(cfg))
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="checkpoint_epoch_2.pth is not a complete checkpoint"):
        make(cfg, tokenizer).fit()
    damaged.unlink()
    second = make(cfg, tokenizer)
    second.fit()
    assert_same_weights(weights_of(second), weights_of(first))


def test_a_finished_run_without_its_model_is_an_error(cfg, tokenizer):
    make(cfg, tokenizer).fit().best_model.unlink()
    with pytest.raises(CheckpointError, match="this run is finished, but .*best_model.pth is gone"):
        make(cfg, tokenizer).fit()


def test_only_the_newest_epoch_checkpoints_are_kept(cfg, tokenizer):
    make(replace(cfg, train=replace(cfg.train, epochs=4)), tokenizer).fit()
    names = {path.name for path in RunPaths.of(cfg).checkpoints.iterdir()}
    assert names == {"checkpoint_epoch_3.pth", "checkpoint_epoch_4.pth"}


def test_a_loss_that_is_not_finite_stops_before_the_weights_change(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make(cfg, tokenizer)
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
        make(cfg, tokenizer, val=benign + harm)
    with pytest.raises(DataError, match="found 0 benign rows, 8 such attacks"):
        make(cfg, tokenizer, val=[row for row in VAL if row not in benign])


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
            from src.evaluation.predictor import WindowScores

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
    trainer = make(cfg, tokenizer, val=rows)
    found = trainer.val.measure(FixedScores(), cfg)
    assert found["val_recall"] == pytest.approx(0.5)  # easy 1, hard 0, not 9/10
    assert found["val_fpr"] == pytest.approx(0.1) and found["val_auc"] == pytest.approx((9 * 20 + 5.5) / 200, abs=0.003)
    assert found["val_deep_share_fixed"] == pytest.approx(1 - cfg.router.complexity_threshold, abs=1 / len(rows))
    assert found["val_deep_share"] == pytest.approx(cfg.router.target_deep_fraction, abs=1 / len(rows))


def test_fp16_without_a_gpu_is_refused_with_advice(cfg, tokenizer):
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU, where FP16 works")
    with pytest.raises(ConfigError, match="fp16 needs a CUDA device and there is none; use auto, bf16 or no"):
        make(replace(cfg, train=replace(cfg.train, mixed_precision="fp16")), tokenizer)


def scaled(trainer: Trainer, scale: float) -> torch.amp.GradScaler:
    """Loss scaling as FP16 has it on a GPU, around the FP32 arithmetic of the CPU."""
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)
    optimizer = AcceleratedOptimizer(trainer.state.optimizer.optimizer, scaler=scaler)
    trainer.accelerator.scaler, trainer.state.optimizer = scaler, optimizer
    trainer.accelerator._optimizers, trainer.accelerator.native_amp = [optimizer], True
    trainer.accelerator.state._mixed_precision = "fp16"  # else gradients are not unscaled before they are clipped
    return scaler


def test_loss_scaling_changes_no_weight_and_a_step_that_overflows_is_skipped(cfg, tokenizer):
    cfg = replace(cfg, model=replace(cfg.model, dropout=0.0), adversarial=AdversarialConfig(start_epoch=1))
    plain, trainer = make(cfg, tokenizer), make(cfg, tokenizer)
    start, scaler = weights_of(trainer), scaled(trainer, 1024.0)
    for each in (plain, trainer):
        each._train_step([np.arange(8)])
    for name, weight in weights_of(plain).items():
        torch.testing.assert_close(weights_of(trainer)[name], weight, rtol=1e-4, atol=1e-6)
    assert not torch.equal(weights_of(trainer)["fast.classifier.weight"], start["fast.classifier.weight"])

    before = weights_of(trainer)
    scaler = scaled(trainer, 3e38)  # every gradient is infinite
    trainer._train_step([np.arange(8)])
    assert_same_weights(before, weights_of(trainer))
    assert trainer.progress.skipped_steps == 1 and scaler.get_scale() < 3e38
    trainer.state.save(trainer.state.latest)
    assert load_checkpoint(trainer.state.latest)["scaler"]["scale"] == scaler.get_scale()
    scaled(trainer, 1.0)
    trainer._train_step([np.arange(8)])
    assert trainer.progress.skipped_steps == 0

    scaled(trainer, 3e38)
    trainer.progress.skipped_steps = MAX_SKIPPED_STEPS
    with pytest.raises(TrainingError, match="gradient norm is not finite at step 4"):
        trainer._train_step([np.arange(8)])


def test_tf32_is_as_asked_and_refused_where_the_hardware_has_none(cfg, tokenizer, monkeypatch):
    switch, fast = torch.backends.cuda.matmul, replace(cfg, train=replace(cfg.train, tf32=True))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=r"train.tf32=true needs an NVIDIA GPU .*, found no GPU; set it to false"):
        make(fast, tokenizer)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Tesla T4")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 5))
    with pytest.raises(ConfigError, match="found Tesla T4"):
        apply_tf32(fast.train)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (9, 0))
    try:
        apply_tf32(fast.train)
        assert switch.allow_tf32
    finally:
        apply_tf32(cfg.train)
    assert not switch.allow_tf32


def test_a_launcher_that_splits_the_model_is_refused(cfg, tokenizer, monkeypatch):
    monkeypatch.setattr(Accelerator, "distributed_type", DistributedType.FSDP)
    with pytest.raises(ConfigError, match="expected one process or data-parallel ones, found FSDP"):
        make(cfg, tokenizer)


def test_rows_of_one_kind_are_refused_and_a_class_without_rows_is_named(cfg, tokenizer, caplog):
    for label, found in ((Label.BENIGN, "found 16 and 0"), (Label.DIRECT_INJECTION, "found 0 and 16")):
        with pytest.raises(DataError, match=f"expected benign training windows and attacks, {found}"):
            make(cfg, tokenizer, train=[row for row in TRAIN if row.label == label])
    caplog.set_level("INFO", logger="src")
    make(cfg, tokenizer).fit()
    assert "no training window is JAILBREAK or OBFUSCATION" in caplog.text


def test_the_log_has_the_names_of_the_curves(cfg, tokenizer, caplog):
    caplog.set_level("INFO", logger="src")
    last = make(cfg, tokenizer).fit().history[-1]
    (line,) = [record.message for record in caplog.records if record.message.startswith("epoch 2/2 (focal): ")]
    for name in ("train_loss", "val_recall", "val_fpr", "val_deep_share", "val_deep_share_fixed"):
        assert f"{name} {getattr(last, name):.4g}" in line


def test_bf16_and_gradient_checkpointing_train_on_a_cpu(cfg, tokenizer):
    train = replace(cfg.train, epochs=1, mixed_precision="bf16", gradient_checkpointing=True)
    cfg = replace(cfg, train=train, adversarial=AdversarialConfig(start_epoch=1, method="pgd", pgd_steps=2))
    history = make(cfg, tokenizer).fit().history
    assert np.isfinite(history[0].train_loss) and np.isfinite(history[0].train_adversarial_loss)


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


def test_parameter_groups(cfg):
    model = build_model(cfg.model)
    optim = OptimConfig(learning_rate=1.0, weight_decay=0.1, new_layer_lr_multiplier=5.0, char_lr_multiplier=0.25)
    groups = build_optimizer(model, optim, is_pretrained=True).param_groups
    settings = {id(p): (group["lr"], group["weight_decay"]) for group in groups for p in group["params"]}
    assert len(settings) == len(list(model.parameters()))
    found = {name: settings[id(p)] for name, p in model.named_parameters()}
    assert found["fast.layers.0.query.weight"] == (1.0, 0.1)
    assert found["fast.layers.0.query.bias"] == found["fast.layers.0.ffn_norm.weight"] == (1.0, 0.0)
    assert found["embeddings.token.weight"] == found["embeddings.position.weight"] == (1.0, 0.0)
    new = [name for name, (lr, _) in found.items() if lr == 5.0]
    assert {name.split(".")[0] for name in new} == {"router", "fast", "deep"}
    assert {name for name, (lr, _) in found.items() if lr == 0.25} == {n for n in found if "char_cnn" in n}
    assert {"deep.layers.1.ffn.gate.weight", "fast.family.bias"} <= set(new)
    assert not any("experts" in name or "query" in name for name in new)
    assert groups[0]["lr"] == 1.0
    scratch = build_optimizer(model, optim, is_pretrained=False).param_groups
    assert {group["lr"] for group in scratch} == {1.0}


def test_the_tables_of_a_pretrained_encoder_can_have_their_own_learning_rate_or_stay_as_they_are(cfg):
    model = build_model(cfg.model)
    tables = {id(model.embeddings.token.weight), id(model.embeddings.position.weight)}

    def rates(multiplier: float, *, is_pretrained: bool = True) -> set[float]:
        optim = OptimConfig(learning_rate=1.0, table_lr_multiplier=multiplier)
        groups = build_optimizer(model, optim, is_pretrained=is_pretrained).param_groups
        return {group["lr"] for group in groups for parameter in group["params"] if id(parameter) in tables}

    assert rates(0.5) == {0.5}
    assert rates(0) == set()
    assert [name for name, parameter in model.named_parameters() if not parameter.requires_grad] == [
        "embeddings.token.weight",
        "embeddings.position.weight",
    ]
    assert rates(0, is_pretrained=False) == {1.0}
    assert all(parameter.requires_grad for parameter in model.parameters())


@pytest.mark.parametrize("deep_input", ["embeddings", "fast"])
def test_lower_layers_learn_more_slowly(cfg, deep_input):
    model = build_model(replace(cfg.model, deep_input=deep_input))  # one fast layer, two deep ones
    optim = OptimConfig(learning_rate=1.0, layer_lr_decay=0.5, new_layer_lr_multiplier=5.0, table_lr_multiplier=0.25)
    groups = build_optimizer(model, optim, is_pretrained=True, layers=model.layers_by_depth()).param_groups
    rates = {id(parameter): group["lr"] for group in groups for parameter in group["params"]}
    found = {name: rates[id(parameter)] for name, parameter in model.named_parameters()}
    num_layers = 3 if deep_input == "fast" else 2
    assert found["deep.layers.1.query.weight"] == 1.0
    assert found["deep.layers.0.query.weight"] == 0.5
    assert found["fast.layers.0.query.weight"] == 0.5 ** (num_layers - 1)
    assert found["embeddings.token.weight"] == 0.25 * 0.5**num_layers
    assert found["embeddings.norm.weight"] == 0.5**num_layers
    assert found["fast.classifier.weight"] == found["deep.classifier.weight"] == 5.0


def test_learning_rate_warms_up_and_falls_to_its_floor():
    cfg = OptimConfig(warmup_ratio=0.1, min_lr_ratio=0.05)
    factors = [lr_factor(step, 100, cfg) for step in range(101)]
    assert 0 < factors[0] < factors[5] < factors[10] == max(factors) == 1.0
    assert all(a >= b for a, b in zip(factors[10:], factors[11:], strict=False))
    assert factors[55] == pytest.approx(0.05 + 0.95 / 2) and factors[100] == pytest.approx(0.05)
    assert all(0 < lr_factor(step, 1, cfg) <= 1 for step in (0, 1))


def test_steps_csv_has_losses_and_learning_rate(cfg, tokenizer):
    make(cfg, tokenizer).fit()
    with RunPaths.of(cfg).steps_csv.open(newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert {"train/loss", "train/fast_loss", "train/router_loss", "train/learning_rate", "val/recall"} <= names


def test_freed_memory_is_kept_by_every_setting_of_mallopt(monkeypatch):
    calls = []
    library = SimpleNamespace(mallopt=lambda option, value: calls.append((option, value)))
    monkeypatch.setattr("src.training.memory.sys.platform", "linux")
    monkeypatch.setattr("src.training.memory.ctypes.CDLL", lambda name: library)
    keep_freed_memory()
    assert dict(calls) == {-8: 1, -4: 0, -1: -1, -2: 256 << 20}  # arenas, mapped blocks, trimming, room at the top
    monkeypatch.setattr("src.training.memory.ctypes.CDLL", lambda name: SimpleNamespace())
    keep_freed_memory()  # another C library
    assert len(calls) == 4
