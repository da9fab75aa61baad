"""A tiny training run for the resume test: `python toy_run.py OUTPUT_DIR ENCODER_DIR [KILL_AT_STEP]`.

Three epochs, one per phase; with KILL_AT_STEP the process kills itself with SIGKILL right after that optimiser step.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from toys import toy_config, toy_examples  # noqa: E402 -- the path is set above

from src.models.backbone import build_model, load_guard_tokenizer  # noqa: E402
from src.run import RunPaths, seed_everything  # noqa: E402
from src.training.trainer import Trainer  # noqa: E402


def main() -> None:
    output_dir, encoder_dir, kill_at = sys.argv[1], Path(sys.argv[2]), int((sys.argv[3:] or ["0"])[0])
    cfg = toy_config(output_dir, encoder_dir)
    seed_everything(cfg)
    train, val = toy_examples()
    trainer = Trainer(cfg, build_model(cfg.model), load_guard_tokenizer(cfg.model), train, val, RunPaths.of(cfg))
    if kill_at:
        step_and_save = trainer._between_steps

        def then_die(epoch: int) -> None:
            step_and_save(epoch)
            if trainer.progress.step == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        trainer._between_steps = then_die  # type: ignore[method-assign]
    trainer.fit()


if __name__ == "__main__":
    main()
