"""What goes on from a checkpoint, what is refused, and Ctrl-C."""

import os
import signal
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from src.config import Config, QuantizationConfig, to_dict
from src.errors import CheckpointError, ConfigError, TrainingError
from src.interrupts import interrupts_deferred
from src.models.backbone import build_model
from src.run import RunPaths
from src.runtime.calibration import Calibration
from src.training.checkpoint import load_checkpoint, store_calibration
from src.training.optimizer import lr_factor
from src.training.resume import Progress, check_config_keys, check_same_run, discard_run, newest_checkpoint
from src.training.trainer import Trainer
from tests.training_run import TRAIN, VAL, assert_same_weights, make_trainer, mined_config, training_config, weights_of

pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    return training_config(tiny_encoder_dir, tmp_path)


@pytest.fixture(autouse=True)
def listening_to_ctrl_c():
    """A shell starts background jobs with SIGINT ignored, and Python then installs no handler."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_saves_and_the_next_run_ends_with_the_same_weights(cfg, tokenizer):
    undisturbed = make_trainer(replace(cfg, run=replace(cfg.run, output_dir=cfg.run.output_dir + "/other")), tokenizer)
    undisturbed.fit()

    trainer = make_trainer(cfg, tokenizer)
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


def test_named_keys_may_change_and_take_effect(cfg, tokenizer):
    """More epochs, another learning rate and decay: the finished run goes on to the new length with the new values."""
    make_trainer(cfg, tokenizer).fit()
    values = {"learning_rate": 3e-3, "weight_decay": 0.2}
    longer = replace(cfg, train=replace(cfg.train, epochs=3), optim=replace(cfg.optim, **values))
    allowed = ["train.epochs", "optim.learning_rate"]
    with pytest.raises(TrainingError, match="Differing: optim.weight_decay: 0.01 there, 0.2 now.*--allow_config_change"):
        make_trainer(longer, tokenizer, allow_config_change=allowed).fit()
    trainer = make_trainer(longer, tokenizer, allow_config_change=[*allowed, "optim.weight_decay"])
    rates = []
    train_step = trainer._train_step
    trainer._train_step = lambda group: rates.append(trainer.state.optimizer.param_groups[0]["lr"]) or train_step(group)
    history = trainer.fit().history
    assert [m.step for m in history] == [4, 8, 12]
    assert rates == pytest.approx([3e-3 * lr_factor(step, 12, longer.optim) for step in range(8, 12)])
    assert {group["weight_decay"] for group in trainer.state.optimizer.param_groups} == {0.0, 0.2}
    assert make_trainer(longer, tokenizer).fit().history == history  # the new values are now those of the run
    with pytest.raises(ConfigError, match="unknown config key 'train.epoch'; did you mean 'train.epochs'"):
        make_trainer(longer, tokenizer, allow_config_change=["train.epoch"])


def test_a_run_that_goes_on_into_quantisation_keeps_no_model_from_before_it(cfg, tokenizer):
    make_trainer(cfg, tokenizer).fit()
    longer = replace(cfg, train=replace(cfg.train, epochs=3), quantization=QuantizationConfig(start_epoch=3))
    result = make_trainer(longer, tokenizer, allow_config_change=["train.epochs", "quantization.start_epoch"]).fit()
    assert load_checkpoint(newest_checkpoint(RunPaths.of(cfg)))["progress"]["best"][0] == result.history[-1].val_recall
    assert result.best_recall == result.history[-1].val_recall


def test_values_that_a_run_cannot_go_on_with_are_refused(cfg, tokenizer):
    saved = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make_trainer(saved, tokenizer)
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
        make_trainer(shorter, tokenizer, allow_config_change=["train.max_steps"]).fit()
    frozen = replace(saved, optim=replace(saved.optim, table_lr_multiplier=0.0))
    with pytest.raises(ConfigError, match="trained other groups of layers"):
        make_trainer(frozen, tokenizer, allow_config_change=["optim.table_lr_multiplier"]).fit()


def test_a_batch_size_may_change_between_epochs_but_not_inside_one(cfg, tokenizer):
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
    trainer = make_trainer(cfg, tokenizer)
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
        make_trainer(smaller, tokenizer, allow_config_change=allowed).fit()
    newest_checkpoint(RunPaths.of(cfg)).unlink()
    assert [m.step for m in make_trainer(smaller, tokenizer, allow_config_change=allowed).fit().history] == [4, 8]


def test_a_run_that_went_on_with_other_batches_is_as_long_when_it_is_resumed_once_more(cfg, tokenizer):
    """Epochs of 4 steps, then of 8; what is left is planned from where the run stands, not from a run of one kind of epoch."""
    cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=1))
    make_trainer(cfg, tokenizer).fit()
    longer = replace(cfg, train=replace(cfg.train, epochs=4, batch_size=2))
    trainer = make_trainer(longer, tokenizer, allow_config_change=["train.epochs", "train.batch_size"])
    train_step = trainer._train_step

    def fail(group):
        if trainer.progress.step == 13:
            raise KeyboardInterrupt
        train_step(group)

    trainer._train_step = fail
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    again = make_trainer(longer, tokenizer)
    again.restore()
    assert (trainer.plan.total_steps, again.plan.total_steps, again.plan.last_epoch) == (24, 24, 4)
    assert [m.step for m in again.fit().history] == [4, 8, 16, 24]


def test_a_best_model_by_another_budget_does_not_stand(cfg, tokenizer):
    make_trainer(cfg, tokenizer).fit()
    path = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(path)
    state["progress"]["best"] = [2.0, 1.0]  # better than any can be
    torch.save(state, path)
    other = replace(cfg, train=replace(cfg.train, epochs=3), eval=replace(cfg.eval, fpr_budget=0.2))
    result = make_trainer(other, tokenizer, allow_config_change=["train.epochs", "eval.fpr_budget"]).fit()
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


def test_a_run_that_stopped_inside_a_mined_epoch_keeps_its_choice(cfg, tokenizer):
    """The choice was made with the weights of the epoch's start, which a resumed run no longer has."""
    cfg = mined_config(cfg)
    undisturbed = make_trainer(replace(cfg, run=replace(cfg.run, output_dir=cfg.run.output_dir + "/other")), tokenizer)
    undisturbed.fit()
    trainer = make_trainer(cfg, tokenizer)
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
    trainer = make_trainer(cfg, tokenizer)
    trainer.val.measure = lambda *_: os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit()
    assert load_checkpoint(newest_checkpoint(RunPaths.of(cfg)))["progress"]["epoch"] == 1
    assert [m.step for m in make_trainer(cfg, tokenizer).fit().history] == [4, 8]


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
    make_trainer(cfg, tokenizer).fit()
    other = replace(cfg, optim=replace(cfg.optim, learning_rate=2e-3), eval=replace(cfg.eval, fpr_budget=0.2))
    message = r"another run. Differing: eval.fpr_budget: 0.1 there, 0.2 now; optim.learning_rate: 0.001 there, 0.002 now"
    with pytest.raises(TrainingError, match=message + ".*--restart"):
        make_trainer(other, tokenizer).fit()
    discard_run(RunPaths.of(cfg))
    assert newest_checkpoint(RunPaths.of(cfg)) is None and not RunPaths.of(cfg).best_model.exists()
    assert len(make_trainer(other, tokenizer).fit().history) == 2


def test_what_is_logged_is_no_other_run(cfg, tokenizer):
    result = make_trainer(cfg, tokenizer).fit()
    assert (
        make_trainer(replace(cfg, logging=replace(cfg.logging, tensorboard=not cfg.logging.tensorboard)), tokenizer).fit()
        == result
    )


def test_the_model_of_a_finished_run_without_its_checkpoints_is_not_replaced(cfg, tokenizer):
    paths = RunPaths.of(cfg)
    make_trainer(cfg, tokenizer).fit()
    for path in paths.checkpoints.iterdir():
        path.unlink()
    make_trainer(cfg, tokenizer).fit()  # killed before its thresholds were fitted: begins again
    for path in paths.checkpoints.iterdir():
        path.unlink()
    store_calibration(paths.best_model, Calibration().to_dict())
    with pytest.raises(TrainingError, match="the model of a finished run, and there is no checkpoint.*--restart"):
        make_trainer(cfg, tokenizer).fit()
    discard_run(paths)
    make_trainer(cfg, tokenizer).fit()


def test_a_key_that_the_checkpoint_does_not_know_counts_as_its_default(cfg, tokenizer):
    """A run that was begun before a key existed goes on, but not with another value of it."""
    make_trainer(cfg, tokenizer).fit()
    latest = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(latest)
    del state["config"]["train"]["windows_per_epoch"]
    torch.save(state, latest)
    assert make_trainer(cfg, tokenizer).fit().history[-1].step == state["progress"]["step"]
    with pytest.raises(TrainingError, match="Differing: train.windows_per_epoch: 0 there, 4 now"):
        make_trainer(replace(cfg, train=replace(cfg.train, windows_per_epoch=4)), tokenizer).fit()


def test_other_training_rows_are_refused(cfg, tokenizer):
    make_trainer(cfg, tokenizer).fit()
    with pytest.raises(TrainingError, match="the training rows: the data behind the same configuration has changed"):
        make_trainer(cfg, tokenizer, train=TRAIN[:-1]).fit()


def test_another_number_of_processes_goes_on_only_with_as_many_batches_a_step(cfg, tokenizer):
    """Four batches a step, now on one process; told how to keep them, and that larger steps are a choice."""
    four = replace(cfg, train=replace(cfg.train, gradient_accumulation_steps=4))
    make_trainer(four, tokenizer).fit()
    latest = newest_checkpoint(RunPaths.of(cfg))
    state = load_checkpoint(latest)
    state["progress"] |= {"num_processes": 2, "is_finished": False, "epoch": 2, "step": 3, "batches_done": 4}
    state["config"]["train"]["gradient_accumulation_steps"] = 2
    torch.save(state, latest)

    with pytest.raises(TrainingError, match=r"has 4 batches \(processes: 2.*would have 2 .*steps=2\). Give .*steps=4, or"):
        make_trainer(cfg, tokenizer).fit()
    with pytest.raises(TrainingError, match="Differing: run.seed"):
        make_trainer(replace(four, run=replace(cfg.run, seed=1)), tokenizer).fit()
    trainer = make_trainer(four, tokenizer)
    drawn = []
    train_step = trainer._train_step
    trainer._train_step = lambda group: drawn.extend(np.concatenate(group).tolist()) or train_step(group)
    assert trainer.fit().history[-1].step == 4
    assert drawn == np.concatenate(trainer.batches.of_epoch(2)[4:]).tolist()

    torch.save(state, latest)
    trainer = make_trainer(cfg, tokenizer, allow_config_change=["train.gradient_accumulation_steps"])
    assert trainer.fit().history[-1].step == 5  # the four batches that were left, in steps of two


def test_a_damaged_checkpoint_is_named_and_the_one_before_it_is_enough(cfg, tokenizer):
    first = make_trainer(cfg, tokenizer)
    first.fit()
    damaged = newest_checkpoint(RunPaths.of(cfg))
    damaged.write_bytes(damaged.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="checkpoint_epoch_2.pth is not a complete checkpoint"):
        make_trainer(cfg, tokenizer).fit()
    damaged.unlink()
    second = make_trainer(cfg, tokenizer)
    second.fit()
    assert_same_weights(weights_of(second), weights_of(first))


def test_a_finished_run_without_its_model_is_an_error(cfg, tokenizer):
    make_trainer(cfg, tokenizer).fit().best_model.unlink()
    with pytest.raises(CheckpointError, match="this run is finished, but .*best_model.pth is gone"):
        make_trainer(cfg, tokenizer).fit()
