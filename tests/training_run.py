"""A small run of the trainer: rows, configuration and weights."""

from dataclasses import replace
from pathlib import Path

import torch

from src.config import AdversarialConfig, Config, QuantizationConfig
from src.models.backbone import build_model
from src.run import RunPaths
from src.training.trainer import Trainer
from tests.e2e.resume_driver import examples, tiny_config

TRAIN, VAL = examples(32, 0, "train"), examples(16, 1, "val")


def training_config(encoder: Path, directory: Path) -> Config:
    """Two epochs of four steps, no later phase, FP32."""
    cfg = tiny_config(str(encoder), directory)
    return replace(
        cfg,
        train=replace(cfg.train, epochs=2, mixed_precision="no"),
        adversarial=AdversarialConfig(start_epoch=0),
        quantization=QuantizationConfig(start_epoch=0),
        logging=replace(cfg.logging, tensorboard=False),
    )


def mined_config(cfg: Config) -> Config:
    """From epoch 2 on, 8 of the 16 benign windows come twice more: 6 steps instead of 4."""
    mining = {"mining_start_epoch": 2, "mining_pool": 99, "mining_share": 0.5, "mining_repeat": 2}
    return replace(cfg, train=replace(cfg.train, **mining, epochs=3))


def make_trainer(cfg: Config, tokenizer, train=TRAIN, val=VAL, **arguments) -> Trainer:
    torch.manual_seed(0)
    return Trainer(cfg, build_model(cfg.model), tokenizer, train, val, RunPaths.of(cfg), **arguments)


def weights_of(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}


def assert_same_weights(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> None:
    assert [name for name in a if not torch.equal(a[name], b[name])] == []
