#!/usr/bin/env bash
# Run the linter, the type checker and every test:  ./run_tests.sh [pytest arguments]
set -euo pipefail
cd "$(dirname "$0")"
source scripts/setup_venv.sh requirements-dev.txt

# No Hub, no accounts, no telemetry: the tests give the same result on every machine.
export HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 WANDB_MODE=disabled OMP_WAIT_POLICY=PASSIVE
unset HF_TOKEN USE_WANDB

# One process per core, each with one thread, because the tests are many and small.
export OMP_NUM_THREADS=1

.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/python -m mypy
.venv/bin/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal "$@"
