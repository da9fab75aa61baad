"""The process in which a peer's package runs: `python -m PACKAGE.worker`, asked on standard input, answering on standard output.

Asked: a JSON object with `packages` (a directory for the import path), `scratch`, `adapter` and `texts`.
Answers: one with `scores` and `ms` (processor time) of each text, or with `error`. What a package prints is kept out of it.
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
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.load(sys.stdin)
    try:
        confine(asked["scratch"])
    except ConfinementError as error:
        answer: dict[str, Any] = {"error": str(error)}
    else:
        answer = _score(asked)
    with answers:
        json.dump(answer, answers)


def _score(asked: dict[str, Any]) -> dict[str, Any]:
    sys.path.insert(0, asked["packages"])
    module, function = asked["adapter"].split(":")
    try:
        score = getattr(importlib.import_module(module), function)()
        score(asked["texts"][0])  # what is loaded or compiled at the first call is not the time of a text
        scores, milliseconds = [], []
        for text in asked["texts"]:
            started = time.process_time()
            scores.append(float(score(text)))
            milliseconds.append(1000 * (time.process_time() - started))
    except Exception as error:  # of a package that nothing is known of: the reason why it is not run
        return {"error": f"{type(error).__name__}: {error}"}
    return {"scores": scores, "ms": milliseconds}


if __name__ == "__main__":
    main()
