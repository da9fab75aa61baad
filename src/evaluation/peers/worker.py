"""The process in which a peer's package runs: `python -m PACKAGE.worker`, request on standard input, answer on standard output.

Request: a JSON object with `packages` (a directory for the import path), `scratch`, `adapter` and `texts`.
Answer: one with `scores` and `ms` (processor time) of each text, or with `error`. Output of the package goes to standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

from .confinement import ConfinementError, confine


def main() -> None:
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = json.load(sys.stdin)
    try:
        confine(request["scratch"])
    except ConfinementError as error:
        answer: dict[str, Any] = {"error": str(error)}
    else:
        answer = _score(request)
    with output:
        json.dump(answer, output)


def _score(request: dict[str, Any]) -> dict[str, Any]:
    sys.path.insert(0, request["packages"])
    module, function = request["adapter"].split(":")
    try:
        score = getattr(importlib.import_module(module), function)()
        score(request["texts"][0])  # warm-up: the first call may load or compile
        scores, milliseconds = [], []
        for text in request["texts"]:
            started = time.process_time()
            scores.append(float(score(text)))
            milliseconds.append(1000 * (time.process_time() - started))
    except Exception as error:  # an unknown package may raise anything
        return {"error": f"{type(error).__name__}: {error}"}
    return {"scores": scores, "ms": milliseconds}


if __name__ == "__main__":
    main()
