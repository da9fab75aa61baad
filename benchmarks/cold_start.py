"""Measure the time from the start of a process to its first verdict, and the memory that it then holds.

python benchmarks/cold_start.py --model outputs/production_final/optimized

Every run is a fresh process. The first run reads the files from disk and is not counted. The start includes the imports, the
checksums of the files, the session and the canary prompts.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from src.errors import ArtifactError, run_main

ROOT = Path(__file__).resolve().parents[1]
TEXT = "Could you recommend a quiet place for lunch near the station?"
CHILD = """
import time; started = time.perf_counter()
import json, sys
from src.runtime import Guard
imported = time.perf_counter()
guard = Guard.load(sys.argv[1])
loaded = time.perf_counter()
guard(sys.argv[2])
done = time.perf_counter()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
megabytes = {key: int(status[key].split()[0]) * 1024 / 1e6 for key in ("VmRSS", "VmHWM")}
print(json.dumps({"import_s": imported - started, "load_s": loaded - imported, "first_verdict_s": done - loaded,
                  "total_s": done - started, "resident_mb": megabytes["VmRSS"], "peak_mb": megabytes["VmHWM"]}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="an exported directory")
    parser.add_argument("--runs", type=int, default=9)
    args = parser.parse_args()
    command = [sys.executable, "-c", CHILD, str(args.model.resolve()), TEXT]
    timings = []
    for _ in range(args.runs + 1):
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if process.returncode:
            raise ArtifactError(f"the guard could not be loaded: {process.stderr.strip().splitlines()[-1]}")
        timings.append(json.loads(process.stdout))
    print(f"cold start, median of {args.runs} fresh processes (smallest, largest); page cache warm; 1 MB = 10^6 bytes")
    for key in timings[0]:
        values = [each[key] for each in timings[1:]]
        print(f"{key:<18}{statistics.median(values):>8.3f}  ({min(values):.3f}, {max(values):.3f})")
    print(f"load average of the last minute {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    run_main(main)
