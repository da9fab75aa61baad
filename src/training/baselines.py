"""Makes the baselines; fine-tunes the one that is a network, MiniLM, on the guard's own windows.

Its loop is transformers' `Trainer`: ours (trainer.py) trains two branches, a router and experts, and has nothing that a
plain classifier needs. The guard and the baseline see the same windows in the same batches, as often, with the same
learning rates, weight decay, warm-up share and gradient norm; the loss is plain cross-entropy and the decay linear, which
is how such encoders are usually fine-tuned.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save as safetensors_bytes
from torch import Tensor
from transformers import Trainer as LibraryTrainer
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import PrinterCallback, ProgressCallback
from transformers.trainer_utils import get_last_checkpoint

from ..config import Config
from ..data.loader import LengthBucketedBatches, TrainingWindows, windows_of
from ..data.mixture import Splits
from ..data.schema import Example
from ..errors import BaselineUnavailable, ConfigError, GuardrailError, TrainingError
from ..evaluation.baselines import HubGuard, RegexPredictor, TfidfPredictor, parse_hub_guard
from ..evaluation.baselines.five_classes import NUM_CLASSES, five_classes
from ..evaluation.baselines.minilm import CALIBRATION_FILE, TRAINING_FILE, MiniLmPredictor
from ..evaluation.baselines.regex import RULES
from ..evaluation.calibration import calibrate
from ..evaluation.comparison import Entrant
from ..evaluation.score_cache import scores_key
from ..files import atomic_write, read_json, sha256_of, write_json
from ..models.backbone import CONFIG_FILE, WEIGHTS_FILE, load_guard_tokenizer, locate_encoder
from ..models.mean_pooled import MeanPooledClassifier
from ..runtime.calibration import Calibration
from .optimizer import build_optimizer
from .precision import precision_of

log = logging.getLogger(__name__)

SCHEMA = 1  # part of the cache key; raise it when the recipe below changes
LOG_EVERY_STEPS = 20


def make_baseline(word: str, splits: Splits, cfg: Config, directory: Path) -> list[Entrant]:
    """The baseline that a word of the command line means, ready to be compared; a Hub guard at both its thresholds.

    What is trained is kept under `directory`. Raises BaselineUnavailable for one that cannot be run here.
    """
    if word == "regex":
        rules = RegexPredictor(cfg.eval.fpr_budget)
        return [Entrant(predictor=rules, calibration=rules.calibration, threshold_from="fixed", about={"rules": len(RULES)})]
    if word == "tfidf":
        tfidf = TfidfPredictor.fit(splits.train, max_features=cfg.eval.baseline_max_features)
        about = {"rows": len(splits.train), "max_features": cfg.eval.baseline_max_features}
        calibration = calibrate(tfidf, splits.val, cfg)
        return [Entrant(predictor=tfidf, calibration=calibration, threshold_from="calibrated", about=about)]
    if word == "minilm":
        minilm = fit_minilm(splits.train, splits.val, cfg, directory / "minilm")
        return [
            Entrant(
                predictor=minilm,
                calibration=minilm.calibration,
                threshold_from="calibrated",
                about=minilm.about,
                identity=f"minilm:{minilm.about['key']}:{minilm.batch_size}",
            )
        ]
    hub = HubGuard.load(*parse_hub_guard(word))
    published = hub.at_published_threshold(cfg.eval.fpr_budget)
    try:
        calibration = calibrate(hub, splits.val, cfg, show_progress=True)
    except GuardrailError as error:  # weights that give NaN must not end the comparison of the others
        raise BaselineUnavailable(f"it cannot be calibrated: {error}") from error
    # Both thresholds read the same scores.
    about, identity = hub.about, hub.identity
    return [
        Entrant(
            predictor=published,
            calibration=published.calibration,
            threshold_from="published",
            about=about,
            identity=identity,
        ),
        Entrant(predictor=hub, calibration=calibration, threshold_from="calibrated", about=about, identity=identity),
    ]


def fit_minilm(train: Sequence[Example], val: Sequence[Example], cfg: Config, directory: Path) -> MiniLmPredictor:
    """The baseline for these rows and settings, calibrated; loaded from `directory` when it was trained before.

    `directory` gets a folder per key (hash of rows, encoder and settings). A run that was interrupted goes on from its
    last checkpoint. Raises BaselineUnavailable without an encoder, TrainingError for weights that are not finite.
    """
    if cfg.model.init_from is None:
        raise BaselineUnavailable("it needs an encoder to start from, and model.init_from of this guard is null")
    try:
        locate_encoder(cfg.model.init_from, (CONFIG_FILE, WEIGHTS_FILE))
    except ConfigError as error:
        raise BaselineUnavailable(str(error)) from error
    tokenizer = load_guard_tokenizer(cfg.model)
    windows = windows_of(train, tokenizer, cfg.data.max_windows_per_text, cfg.run.seed)
    about = _describe(windows, len(train), cfg)
    directory = Path(directory) / about["key"]
    if (directory / TRAINING_FILE).is_file():
        log.info("minilm: trained before with these rows and settings, loading %s", directory)
    else:
        _train(windows, cfg, about, directory)
    predictor = MiniLmPredictor.from_directory(directory, tokenizer, batch_size=cfg.eval.batch_size)
    if torch.cuda.is_available():
        predictor.network.cuda()
    predictor.calibration = _calibrate_once(predictor, val, cfg, directory / CALIBRATION_FILE)
    return predictor


def _describe(windows: TrainingWindows, num_rows: int, cfg: Config) -> dict[str, Any]:
    """Data and settings of the baseline's training. Everything that changes the weights is in the key."""
    encoder = locate_encoder(cfg.model.init_from or "", (CONFIG_FILE, WEIGHTS_FILE))
    batches = training_batches(windows, cfg)
    settings = {
        "schema": SCHEMA,
        "windows_fingerprint": windows.fingerprint(),
        "encoder": cfg.model.init_from,
        "encoder_sha256": sha256_of(encoder / WEIGHTS_FILE),
        "seed": cfg.run.seed,
        "epochs": cfg.train.epochs,
        "windows_per_epoch": cfg.train.windows_per_epoch,
        "batch_size": cfg.train.batch_size,
        "gradient_accumulation_steps": cfg.train.gradient_accumulation_steps,
        "max_steps": cfg.train.max_steps,
        "mixed_precision": precision_of(cfg.train),
        "dropout": cfg.model.dropout,
        "max_tokens": cfg.model.max_tokens,
        "window_overlap": cfg.model.window_overlap,
        "optim": asdict(cfg.optim) | {"min_lr_ratio": 0.0, "decay": "linear"},
    }
    key = hashlib.blake2b(json.dumps(settings, sort_keys=True).encode(), digest_size=8).hexdigest()
    return {
        "key": key,
        "rows": num_rows,
        "windows": len(windows),
        "tokens_seen": int(sum(windows.lengths[ids].sum() for ids in batches)),
        "steps": -(-len(batches) // cfg.train.gradient_accumulation_steps),
        **settings,
    }


def training_batches(windows: TrainingWindows, cfg: Config) -> list[np.ndarray]:
    """Window indices (B,) of every batch of the whole run, in order: those that the guard trains on."""
    epochs = LengthBucketedBatches(windows.lengths, cfg.train.batch_size, cfg.run.seed, cfg.train.windows_per_epoch)
    batches = [batch for epoch in range(1, cfg.train.epochs + 1) for batch in epochs.of_epoch(epoch)]
    return batches[: cfg.train.max_steps * cfg.train.gradient_accumulation_steps or None]


def _train(windows: TrainingWindows, cfg: Config, about: dict[str, Any], directory: Path) -> None:
    """Train and write the directory; `training.json` comes last, so that its presence means all of it is there."""
    log.info(
        "minilm: training %s on %d windows, %d epochs, %d tokens, %d steps, seed %d",
        cfg.model.init_from,
        len(windows),
        cfg.train.epochs,
        about["tokens_seen"],
        about["steps"],
        cfg.run.seed,
    )
    network = MeanPooledClassifier.from_encoder(
        cfg.model.init_from or "", NUM_CLASSES, seed=cfg.run.seed, dropout=cfg.model.dropout
    )
    checkpoints = directory / "checkpoints"
    started = time.monotonic()
    trainer = _library_trainer(network, windows, cfg, checkpoints)
    checkpoint = get_last_checkpoint(str(checkpoints)) if checkpoints.is_dir() else None
    if checkpoint:
        log.info("minilm: going on from %s", checkpoint)
    trainer.train(resume_from_checkpoint=checkpoint)
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    if not all(torch.isfinite(tensor).all() for tensor in weights.values() if tensor.is_floating_point()):
        raise TrainingError(f"the MiniLM baseline diverged; delete {directory}, lower optim.learning_rate and run again")
    network.config.save_pretrained(directory)
    with atomic_write(directory / WEIGHTS_FILE) as partial:
        partial.write_bytes(safetensors_bytes(weights, {"format": "pt"}))
    # After a resume, the time since the resume only.
    write_json(directory / TRAINING_FILE, {**about, "seconds": round(time.monotonic() - started, 1)})
    shutil.rmtree(checkpoints, ignore_errors=True)


def _library_trainer(network: MeanPooledClassifier, windows: TrainingWindows, cfg: Config, checkpoints: Path) -> LibraryTrainer:
    """One "row" of the library's data set is a whole batch of ours: bucketed by length, in the guard's order."""
    classes = torch.from_numpy(five_classes(windows.labels, windows.families))

    def collate(batches: Sequence[np.ndarray]) -> dict[str, Tensor]:
        ids = np.concatenate(batches)
        batch = windows.collate(ids)
        return {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask, "labels": classes[ids]}

    batches, precision = training_batches(windows, cfg), precision_of(cfg.train)
    steps = -(-len(batches) // cfg.train.gradient_accumulation_steps)
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=1,  # `batches` holds every epoch
        per_device_train_batch_size=1,
        train_sampling_strategy="sequential",
        gradient_accumulation_steps=cfg.train.gradient_accumulation_steps,
        lr_scheduler_type="linear",
        warmup_steps=round(cfg.optim.warmup_ratio * steps),
        max_grad_norm=cfg.optim.max_grad_norm,
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        use_cpu=not torch.cuda.is_available(),
        seed=cfg.run.seed,
        save_steps=cfg.train.checkpoint_every_steps,
        save_total_limit=1,
        logging_steps=LOG_EVERY_STEPS,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        disable_tqdm=True,
        report_to="none",
    )
    optimizer = build_optimizer(network, cfg.optim, is_pretrained=True)
    trainer = LibraryTrainer(
        network,
        arguments,
        data_collator=collate,
        train_dataset=batches,
        compute_loss_func=_mean_cross_entropy,
        optimizers=(optimizer, None),
        callbacks=[_ProgressLog()],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    return trainer


def _mean_cross_entropy(logits: Tensor, labels: Tensor, num_items_in_batch: Tensor | None = None) -> Tensor:
    """logits (B, 5), labels (B,): mean over all windows of an optimiser step, over however many batches they come."""
    return F.cross_entropy(logits, labels, reduction="sum") / (len(labels) if num_items_in_batch is None else num_items_in_batch)


class _ProgressLog(TrainerCallback):
    """Logs the loss and the remaining time every few steps."""

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        self.started, self.first_step = time.monotonic(), state.global_step

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        steps_done = state.global_step - self.first_step
        if steps_done and logs and "loss" in logs:
            seconds_left = (state.max_steps - state.global_step) * (time.monotonic() - self.started) / steps_done
            log.info(
                "minilm: step %d of %d, loss %.4f, about %.1f min left",
                state.global_step,
                state.max_steps,
                float(logs["loss"]),
                seconds_left / 60,
            )


def _calibrate_once(predictor: MiniLmPredictor, val: Sequence[Example], cfg: Config, path: Path) -> Calibration:
    """`calibrate`, or the stored calibration of the same rows and the same budget."""
    rows = (json.dumps([example.text, int(example.label), int(example.family), example.source]) for example in val)
    fitted_on = {"rows": scores_key("calibration", rows), "fpr_budget": cfg.eval.fpr_budget}
    cached = read_json(path) if path.is_file() else {}
    if cached.get("fitted_on") == fitted_on:
        return Calibration.from_dict(cached["calibration"])
    calibration = calibrate(predictor, val, cfg, show_progress=True)
    write_json(path, {"fitted_on": fitted_on, "calibration": calibration.to_dict()})
    return calibration
