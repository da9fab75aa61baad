"""Precision, compilation, memory and disk of a training run."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.optimizer import AcceleratedOptimizer
from accelerate.utils import DistributedType

from src.config import AdversarialConfig, Config
from src.errors import CheckpointError, ConfigError, TrainingError
from src.run import RunPaths
from src.training.checkpoint import load_checkpoint
from src.training.disk import RunSize
from src.training.divergence import MAX_SKIPPED_STEPS
from src.training.memory import is_out_of_memory, keep_freed_memory
from src.training.precision import apply_tf32
from src.training.resume import newest_checkpoint
from src.training.trainer import Trainer
from tests.training_run import assert_same_weights, make_trainer, training_config, weights_of

pytestmark = pytest.mark.usefixtures("fresh_accelerator")


@pytest.fixture
def cfg(tiny_encoder_dir, tmp_path) -> Config:
    return training_config(tiny_encoder_dir, tmp_path)


def test_other_runtime_errors_are_not_taken_for_memory(cfg, tokenizer):
    trainer = make_trainer(cfg, tokenizer)
    trainer._train_step = lambda group: (_ for _ in ()).throw(RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes do not match"):
        trainer.fit()
    assert is_out_of_memory(RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"))
    assert is_out_of_memory(MemoryError()) and not is_out_of_memory(ValueError("DefaultCPUAllocator: not enough memory"))


def test_compilation_without_a_compiler_is_refused(cfg, tokenizer, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(ConfigError, match="needs a C.. compiler, found no-such-compiler; install one"):
        make_trainer(replace(cfg, train=replace(cfg.train, compile=True)), tokenizer)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ to compile with")
def test_a_compiled_run_keeps_its_weights_names_and_loss(cfg, tokenizer, monkeypatch):
    """Traced and differentiated as it will be, an adversarial step included, but run by torch: C++ would take half a minute."""
    compile_module, losses = torch.nn.Module.compile, []
    monkeypatch.setattr(torch.nn.Module, "compile", lambda self, **given: compile_module(self, backend="aot_eager", **given))
    for is_compiled in (False, True):
        small = replace(cfg, model=replace(cfg.model, dropout=0.0, moe_num_layers=2))  # one dense layer to compile
        small = replace(small, adversarial=AdversarialConfig(start_epoch=1))
        trainer = make_trainer(replace(small, train=replace(cfg.train, compile=is_compiled)), tokenizer)
        trainer.writer.log = lambda step, values: losses.append(values["train/loss"])
        trainer._train_step([np.arange(8)])
        assert not any("_orig_mod" in name for name in weights_of(trainer))
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


@pytest.mark.parametrize("ema_decay", [0.0, 0.9])
def test_the_estimate_of_disk_space_is_what_a_run_writes(cfg, tokenizer, ema_decay):
    cfg = replace(cfg, train=replace(cfg.train, epochs=3, ema_decay=ema_decay))
    trainer, paths = make_trainer(cfg, tokenizer), RunPaths.of(cfg)
    size = RunSize.of(cfg, trainer.model, trainer.state.optimizer, epochs=3, has_latest=True)
    trainer.fit()
    kept = list(paths.checkpoints.iterdir())
    assert len(kept) == size.checkpoints_at_end == 2 and size.checkpoints_in_training == 4
    assert [path.stat().st_size for path in kept] == pytest.approx([size.checkpoint] * 2, rel=0.3)
    assert paths.safetensors.stat().st_size == pytest.approx(size.weights, rel=0.3)
    assert size.needed(paths) == {paths.checkpoints: 4 * size.checkpoint + 3 * size.weights}


def test_a_disk_that_is_too_small_is_told_before_the_first_step(cfg, tokenizer, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))
    trainer = make_trainer(cfg, tokenizer)
    with pytest.raises(CheckpointError, match=r"expected .* GB free on the disk of .*, found 0.0 GB: .* checkpoints of"):
        trainer.fit()
    assert trainer.progress.step == 0 and newest_checkpoint(RunPaths.of(cfg)) is None


def test_a_checkpoint_that_cannot_be_written_names_the_way_on_that_there_is(cfg, tokenizer, monkeypatch):
    def full(*arguments, **named):
        raise CheckpointError("the disk is full")

    monkeypatch.setattr("src.training.run_state.save_checkpoint", full)
    with pytest.raises(CheckpointError, match="the disk is full; then the same command starts again: no checkpoint"):
        make_trainer(cfg, tokenizer).fit()
    monkeypatch.undo()
    with monkeypatch.context() as patched:
        patched.setattr("src.training.run_state.save_best_model", full)
        cfg = replace(cfg, train=replace(cfg.train, checkpoint_every_steps=2))
        with pytest.raises(CheckpointError, match="goes on from .*latest.pth"):
            make_trainer(cfg, tokenizer).fit()


def test_only_the_newest_epoch_checkpoints_are_kept(cfg, tokenizer):
    make_trainer(replace(cfg, train=replace(cfg.train, epochs=4)), tokenizer).fit()
    names = {path.name for path in RunPaths.of(cfg).checkpoints.iterdir()}
    assert names == {"checkpoint_epoch_3.pth", "checkpoint_epoch_4.pth"}


def test_fp16_without_a_gpu_is_refused_with_advice(cfg, tokenizer):
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU, where FP16 works")
    with pytest.raises(ConfigError, match="fp16 needs a CUDA device and there is none; use auto, bf16 or no"):
        make_trainer(replace(cfg, train=replace(cfg.train, mixed_precision="fp16")), tokenizer)


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
    plain, trainer = make_trainer(cfg, tokenizer), make_trainer(cfg, tokenizer)
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
        make_trainer(fast, tokenizer)
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
        make_trainer(cfg, tokenizer)


def test_bf16_and_gradient_checkpointing_train_on_a_cpu(cfg, tokenizer):
    train = replace(cfg.train, epochs=1, mixed_precision="bf16", gradient_checkpointing=True)
    cfg = replace(cfg, train=train, adversarial=AdversarialConfig(start_epoch=1, method="pgd", pgd_steps=2))
    history = make_trainer(cfg, tokenizer).fit().history
    assert np.isfinite(history[0].train_loss) and np.isfinite(history[0].train_adversarial_loss)


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
