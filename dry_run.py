"""Check on a small share of the data that every part of the pipeline works here, before a long run.

    python dry_run.py
    python dry_run.py --config configs/quick.yaml
    python dry_run.py --config configs/cpu.yaml data.local_dir=DIR

The script applies configs/dry_run.yaml on top of the presets. It runs seven checks in about a minute and writes their results to
dry_run/dry_run_report.json. The exit status is 1 if a check fails. If all pass, the script deletes the checkpoints and exported
files.
"""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from src.cli import overrides_of, run_main, script_parser
from src.config import DRY_RUN_PRESET, Config, load_config
from src.data.mixture import Splits, build_splits
from src.data.real_benchmark_loader import verify_hf_access
from src.errors import GateError, GuardrailError
from src.evaluation.calibration import calibrate
from src.evaluation.predictor import TorchPredictor
from src.evaluation.runner import evaluate_heldout
from src.export.artifact import TrainedGuard, save_artifact
from src.export.measure import measure_artifact
from src.export.parity import candidate_rows
from src.files import write_json
from src.models.backbone import load_guard_tokenizer
from src.models.dual_branch import TinyGuardrail
from src.run import RunPaths, in_dry_run_directory, record_run, start_run
from src.training.checkpoint import store_calibration
from src.training.resume import discard_run, discard_weights
from src.training.start import start_model
from src.training.trainer import Trainer

FLAGS = {"output_dir": "run.output_dir"}
MAX_P95_MS = 100.0  # five times the published target, since a dry run may share its machine


class DryRun:
    """The seven checks, in order; each returns what it found, or raises."""

    def __init__(self, cfg: Config, paths: RunPaths) -> None:
        self.cfg, self.paths = cfg, paths
        self.tokenizer = load_guard_tokenizer(cfg.model)

    def data_access(self) -> str:
        if self.cfg.data.source != "hub":
            return f"data.source={self.cfg.data.source} needs no HF_TOKEN"
        verify_hf_access()
        return "every required data set can be read"

    def data_loads(self) -> str:
        self.splits: Splits = build_splits(self.cfg)
        return ", ".join(f"{name} {len(getattr(self.splits, name))}" for name in ("train", "val", "test"))

    def model_initialises(self) -> str:
        self.model: TinyGuardrail = start_model(self.cfg.model)
        return f"{sum(p.numel() for p in self.model.parameters()) / 1e6:.1f}M parameters"

    def training_loop(self) -> str:
        trainer = Trainer(self.cfg, self.model, self.tokenizer, self.splits.train, self.splits.val, self.paths)
        result = trainer.fit()
        return ", ".join(f"{row.phase}: loss {row.train_loss:.3f}" for row in result.history)

    def evaluation(self) -> str:
        predictor = TorchPredictor.from_checkpoint(self.paths.best_model, imitate_int8=True)
        calibration = calibrate(predictor, self.splits.val, self.cfg)
        store_calibration(self.paths.best_model, calibration.to_dict())
        metrics = evaluate_heldout(predictor.with_calibration(calibration), self.splits.test, calibration)
        auc = "undefined" if metrics["auc"] is None else f"{metrics['auc']:.4f}"
        return f"n={metrics['n']}, AUC {auc}"

    def onnx_export(self) -> str:
        guard = TrainedGuard.load(self.paths.best_model)
        files = save_artifact(guard, self.paths.optimized)
        self.measured = measure_artifact(guard, files, candidate_rows(self.splits, self.cfg))
        fp32, int8 = self.measured["parity"]["fp32"], self.measured["parity"]["int8"]
        flips = 100 * int8["decision_flips"]
        return f"FP32 within {fp32['max_probability_difference']:.1e} of torch, INT8 flips {flips:.1f}%, n={int8['n']}"

    def latency(self) -> str:
        routes = self.measured["latency"]["int8"].values()
        worst = max(times["p95_ms"] for lengths in routes for times in lengths.values())
        if worst > MAX_P95_MS:
            raise GateError(f"P95 is {worst:.1f} ms, expected at most {MAX_P95_MS:g} ms; is the machine busy?")
        return f"P95 {worst:.1f} ms, one text, one thread, INT8"

    def checks(self) -> list[tuple[str, Callable[[], str]]]:
        return [
            ("Data may be read", self.data_access),
            ("Data loads", self.data_loads),
            ("Model initialises", self.model_initialises),
            ("Training loop works", self.training_loop),
            ("Evaluation works", self.evaluation),
            ("ONNX export works", self.onnx_export),
            ("Latency is reasonable", self.latency),
        ]


def main() -> None:
    args = script_parser(__doc__, FLAGS).parse_intermixed_args()
    cfg = in_dry_run_directory(load_config([*(args.config or ()), DRY_RUN_PRESET], overrides_of(args, FLAGS)))
    directory = RunPaths.of(cfg).root
    with start_run(cfg) as paths:
        discard_run(paths)
        (directory / "dry_run_report.json").unlink(missing_ok=True)
        record_run(cfg, paths)
        report: dict[str, Any] = {"data_source": cfg.data.source, "cores": os.cpu_count(), "checks": []}
        for name, check in DryRun(cfg, paths).checks():
            started = time.monotonic()
            try:
                result, passed = check(), True
            except GuardrailError as error:
                result, passed = str(error), False
            report["checks"].append(
                {"name": name, "passed": passed, "found": result, "seconds": round(time.monotonic() - started, 2)}
            )
            print(f"{'pass' if passed else 'FAIL'}  {name}: {result}")
            if not passed:
                break
        report["passed"] = passed
        write_json(directory / "dry_run_report.json", report)
        if not passed:  # its files are kept, since they may show why
            raise GateError(f"{name} failed; {Path(directory) / 'dry_run_report.json'} has the details")
        discard_weights(paths)  # a gigabyte that nothing reads
        shutil.rmtree(paths.optimized)


if __name__ == "__main__":
    run_main(main)
