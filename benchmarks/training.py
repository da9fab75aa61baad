"""Measure speed and memory of training: the project's loop, a bare PyTorch loop over the same modules, and transformers.Trainer.

    python benchmarks/training.py
    python benchmarks/training.py --config configs/cpu.yaml --rows 640 --rounds 3 data.local_dir=DIR
    python benchmarks/training.py --loops bare --rounds 8

Each loop trains both branches for one epoch over the same windows with the same batch size, in a separate process. Rounds are
interleaved, and the fastest round of each loop counts, because other work on the machine only adds time. Padding tokens are not
counted. The bare loop uses the batches of the project's loop and does nothing else: no clipping, no checkpoints, no metrics.
transformers.Trainer pads every window to 256 tokens, as its examples do. No loop runs adversarial passes or quantisation-aware
training, because these are other work, not overhead.

"augmented" is the project's loop with half of the windows changed on the fly (train.augment_share=0.5); its tokens are those of
the unchanged windows. Model FLOP utilisation is relative to the best rate of one large matrix product in the same process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.reference.peaks import PRECISIONS, peak_flops
from src.cli import run_main, script_parser
from src.config import CONFIG_DIR, Config, load_config
from src.data.loader import LengthBucketedBatches, TrainingWindows, windows_of
from src.data.mixture import build_splits
from src.data.schema import Example
from src.labels import Label
from src.models.backbone import build_model, load_guard_tokenizer
from src.models.dual_branch import TinyGuardrail
from src.run import cpu_name, seed_everything
from src.training.objective import GuardObjective
from src.training.optimizer import build_optimizer
from src.training.precision import precision_of
from src.training.trainer import Trainer

PADDED_TOKENS = 256  # length to which transformers.Trainer pads every window
VALIDATION_ROWS = 16  # the one loop validates at the end of the epoch; that time is not counted
QUICK = CONFIG_DIR / "quick.yaml"
OVERRIDES = ("model.max_tokens=256", "model.window_overlap=64", "train.batch_size=16")
FORWARDS_PER_STEP = 3  # a forward and a backward pass cost about as much as three forward passes
ONE, AUGMENTED = "one", "augmented"
AUGMENT_SHARE = 0.5


def main() -> None:
    parser = script_parser(__doc__)
    parser.add_argument("--rows", type=int, default=480, help="training texts of each epoch (default 480)")
    parser.add_argument("--rounds", type=int, default=3, help="epochs of each loop (default 3)")
    parser.add_argument(
        "--loops", nargs="+", choices=COMPARED, default=COMPARED, help="loops to compare with the project's (default: all)"
    )
    parser.add_argument("--measure", choices=LOOPS, help=argparse.SUPPRESS)  # one measurement, in a process of its own
    args = parser.parse_intermixed_args()
    if args.measure:
        print(json.dumps(measure(args)))
        return
    measurements: dict[str, list[dict[str, float]]] = {name: [] for name in (ONE, *args.loops)}
    for _ in range(args.rounds):
        for name in measurements:
            command = [sys.executable, __file__, "--measure", name, *sys.argv[1:]]
            process = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            measurements[name].append(json.loads(process.stdout.splitlines()[-1]))
    report(measurements)


def measure(args: Any) -> dict[str, float]:
    """Tokens per second and peak memory of one epoch of one loop."""
    with tempfile.TemporaryDirectory() as scratch:
        cfg = load_config(args.config or [QUICK], [*OVERRIDES, *args.overrides])
        cfg = replace(
            cfg,
            run=replace(cfg.run, output_dir=scratch),
            train=replace(
                cfg.train,
                epochs=1,
                gradient_accumulation_steps=1,
                max_steps=0,
                augment_share=AUGMENT_SHARE if args.measure == AUGMENTED else 0.0,
            ),
            adversarial=replace(cfg.adversarial, start_epoch=0),
            quantization=replace(cfg.quantization, start_epoch=0),
        )
        seed_everything(cfg)
        train, val = rows_of(cfg, args.rows)
        tokenizer = load_guard_tokenizer(cfg.model)
        windows = windows_of(train, tokenizer, cfg.data.max_windows_per_text, cfg.run.seed)
        model = build_model(cfg.model)
        seconds = LOOPS[args.measure](
            cfg, model, windows, lambda model: Trainer(cfg, model, tokenizer, windows, val, None), scratch
        )
    tokens = int(windows.lengths.sum())
    is_cuda = torch.cuda.is_available()
    peak = torch.cuda.max_memory_allocated() if is_cuda else 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "tokens_per_s": tokens / seconds,
        "peak_gb": peak / 1e9,
        "windows": len(windows),
        "mean_tokens": tokens / len(windows),
        "flops_per_token": flops_per_token(model, float(windows.lengths.mean())),
        "peak_flops": peak_flops(precision_of(cfg.train), is_cuda=is_cuda),
    }


def rows_of(cfg: Config, count: int) -> tuple[list[Example], list[Example]]:
    """`count` training rows in a random order, and a few validation rows of both kinds."""
    splits = build_splits(cfg)
    order = np.random.default_rng(cfg.run.seed).permutation(len(splits.train))[:count]
    attacks, benign = ([e for e in splits.val if (e.label == Label.BENIGN) == is_benign] for is_benign in (False, True))
    return [splits.train[i] for i in order], [*attacks[:VALIDATION_ROWS], *benign[:VALIDATION_ROWS]]


# The three loops: seconds of one epoch


def one_loop(cfg: Config, model: TinyGuardrail, windows: TrainingWindows, trainer: Callable[..., Trainer], scratch: str) -> float:
    history = trainer(model).fit().history
    return int(windows.lengths.sum()) / history[0].tokens_per_second


def bare_loop(
    cfg: Config, model: TinyGuardrail, windows: TrainingWindows, trainer: Callable[..., Trainer], scratch: str
) -> float:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    objective = GuardObjective(model.to(device), cfg).train()
    optimizer = build_optimizer(model, cfg.optim, is_pretrained=cfg.model.init_from is not None)
    precision = PRECISIONS.get(precision_of(cfg.train))
    batches = LengthBucketedBatches(windows.lengths, cfg.train.batch_size, cfg.run.seed).of_epoch(1)
    started = time.monotonic()
    for ids in batches:
        batch = windows.collate(ids).to(device)
        with torch.autocast(device, dtype=precision, enabled=precision is not None):
            loss, *_ = objective(batch)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.monotonic() - started


class _Padded(nn.Module):
    """The objective with the arguments and the result that transformers.Trainer expects."""

    def __init__(self, objective: GuardObjective) -> None:
        super().__init__()
        self.objective = objective

    def forward(self, batch: Any) -> dict[str, torch.Tensor]:
        return {"loss": self.objective(batch)[0]}


def transformers_loop(
    cfg: Config, model: TinyGuardrail, windows: TrainingWindows, trainer: Callable[..., Trainer], scratch: str
) -> float:
    import transformers

    width = min(PADDED_TOKENS, cfg.model.max_tokens)

    def collate(indices: list[dict[str, int]]) -> dict[str, Any]:
        batch = windows.collate(np.array([each["index"] for each in indices]))
        num_padding = width - batch.input_ids.shape[1]
        padded = replace(
            batch,
            input_ids=nn.functional.pad(batch.input_ids, (0, num_padding), value=windows.pad_id),
            attention_mask=nn.functional.pad(batch.attention_mask, (0, num_padding)),
            char_ids=nn.functional.pad(batch.char_ids, (0, 0, 0, num_padding)),
        )
        return {"batch": padded.to("cuda") if torch.cuda.is_available() else padded}

    precision = precision_of(cfg.train)
    arguments = transformers.TrainingArguments(
        output_dir=scratch,
        num_train_epochs=1,
        per_device_train_batch_size=cfg.train.batch_size,
        report_to=[],
        save_strategy="no",
        logging_strategy="no",
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        disable_tqdm=True,
        learning_rate=cfg.optim.learning_rate,
        seed=cfg.run.seed,
        remove_unused_columns=False,
        use_cpu=not torch.cuda.is_available(),  # it takes no bf16 on a CPU that it was not told of
    )
    objective = _Padded(GuardObjective(model, cfg))
    dataset = [{"index": index} for index in range(len(windows))]
    loop = transformers.Trainer(model=objective, args=arguments, train_dataset=dataset, data_collator=collate)
    started = time.monotonic()
    loop.train()
    return time.monotonic() - started


LOOPS: dict[str, Callable[..., float]] = {
    ONE: one_loop,
    "bare": bare_loop,
    "transformers": transformers_loop,
    AUGMENTED: one_loop,
}
COMPARED = [name for name in LOOPS if name != ONE]


def flops_per_token(model: TinyGuardrail, mean_tokens: float) -> float:
    """Multiplications and additions of a training step per token: matrix products of the layers that a token passes.

    A mixture-of-experts layer counts the experts that an input takes. Attention scores and values add 4 * T * D a layer.
    Left out, so that the utilisation is rather too low: character CNN, router and heads, 4% at base settings.
    """
    cfg = model.cfg
    attention = 8 * cfg.d_model**2 + 4 * mean_tokens * cfg.d_model
    feed_forward = 4 * cfg.d_model * cfg.d_ff
    layers = cfg.fast_num_layers + cfg.deep_num_layers
    experts = cfg.moe_num_layers * (cfg.experts_per_input - 1)
    return FORWARDS_PER_STEP * (layers * (attention + feed_forward) + experts * feed_forward)


def report(measurements: dict[str, list[dict[str, float]]]) -> None:
    is_cuda = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if is_cuda else f"{cpu_name()}, {torch.get_num_threads()} threads"
    first, rounds = measurements[ONE][0], len(measurements[ONE])
    print(f"{device}; {first['windows']:,} windows of {first['mean_tokens']:.0f} tokens, fastest of {rounds} rounds")
    print(f"{'loop':16}{'tokens/s':>12}{'one loop is':>14}{'peak GB':>10}")
    speeds = {name: max(each["tokens_per_s"] for each in rounds_of_loop) for name, rounds_of_loop in measurements.items()}
    for name, rounds_of_loop in measurements.items():
        memory = max(each["peak_gb"] for each in rounds_of_loop)
        print(f"{name:16}{speeds[name]:>12,.0f}{speeds[ONE] / speeds[name]:>13.2f}x{memory:>10.2f}")
    reached = speeds[ONE] * first["flops_per_token"] / 1e12
    peak = max(each["peak_flops"] for each in measurements[ONE]) / 1e12
    print(
        f"one loop: {first['flops_per_token'] / 1e6:.0f} MFLOP per token, {reached:.3f} TFLOP/s: model FLOP utilisation "
        f"{reached / peak:.1%} of the {peak:.3f} TFLOP/s of a matrix product"
    )


if __name__ == "__main__":
    run_main(main)
