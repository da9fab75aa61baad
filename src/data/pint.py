"""The PINT benchmark of Lakera, from its official file. The file is private: never bundled, never trained on.

The file is a YAML list of {text, category, label}; `label: true` is an attack. The mapping:

    label   category                                    Label              Family
    false   any                                         BENIGN             NONE
    true    prompt_injection, public_..., internal_...  DIRECT_INJECTION   DIRECT_INJECTION
    true    jailbreak                                   JAILBREAK          UNKNOWN: the file does not say what kind
    true    any other, such as documents                DIRECT_INJECTION   UNKNOWN

How the rows are counted (src/policy.py, src/evaluation/scored.py). `is_counted` leaves out one kind of row under
`override`: a JAILBREAK of family HARMFUL_REQUEST. No row of PINT gets that family, so every row counts under both policies,
`policy_of` gives the benchmark the policy `override`, and detection figures see only benign against not benign. The class
of an attack shows in the four-class figures alone, and UNKNOWN is a row of its own in `family_recall`. A jailbreak
must not be mapped to HARMFUL_REQUEST: that would drop it from recall and turn the whole benchmark to `full`.

The published score is the mean of two means, the accuracy over the categories of each label, so that a category with two
rows weighs as much as one with thousands. It needs each row's category, which `source` carries as "pint:<category>".
"""

from __future__ import annotations

import logging
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..files import sha256_of
from ..labels import Family, Label
from .local_source import SourceInfo
from .plain_yaml import YamlMapping, load_yaml
from .schema import Example
from .splits import own_group

log = logging.getLogger(__name__)

MAX_BYTES = 64_000_000  # version 2 has 4,314 rows: 14,000 bytes each
SOURCE_PREFIX = "pint:"
ACCESS_HINT = (
    "the file is not public: ask Lakera for it (https://github.com/lakeraai/pint-benchmark) and set data.pint_path to it"
)
FIELDS = ("text", "category", "label")
LICENCE = "not public, given by Lakera on request"

_INJECTION_TARGET = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)
_ATTACK_TARGETS: dict[str, tuple[Label, Family]] = {
    "prompt_injection": _INJECTION_TARGET,
    "public_prompt_injection": _INJECTION_TARGET,  # version 1 of the file names these two
    "internal_prompt_injection": _INJECTION_TARGET,
    "jailbreak": (Label.JAILBREAK, Family.UNKNOWN),
}
_OTHER_ATTACK_TARGET = (Label.DIRECT_INJECTION, Family.UNKNOWN)
# Categories of the public example file and of published result tables; the private file may have more.
KNOWN_CATEGORIES = frozenset(_ATTACK_TARGETS) | {
    "benign_input",
    "chat",
    "documents",
    "hard_negatives",
    "long_input",
    "short_input",
}


def load_pint(path: str | Path) -> tuple[list[Example], SourceInfo]:
    """The rows of the official file, each a group of its own, and the manifest entry of the file.

    Rows of a category that is not known are kept, and one warning names them: the published formula has a term for
    each category, so a misspelt one changes the score. Raises DataError that names the unusable row.
    """
    path = Path(path)
    if not path.is_file():
        raise DataError(f"data.pint_path: no file at {path}; {ACCESS_HINT}")
    rows = load_yaml(path, max_bytes=MAX_BYTES)
    if rows is None or rows == []:
        raise DataError(f"{path} has no rows; {ACCESS_HINT}")
    if not isinstance(rows, list):
        raise DataError(f"{path}: expected a list of {{text, category, label}}, found {_describe_value(rows)}; {ACCESS_HINT}")
    examples = [_to_example(row, f"{path}, row {number}") for number, row in enumerate(rows, start=1)]
    _warn_of_unknown_categories(examples, path)
    sha256 = sha256_of(path)
    # Scores of two versions of the file cannot be compared, so the revision tells them apart.
    revision = f"lakeraai/pint-benchmark, {len(examples):,} rows, sha256 {sha256[:12]}"
    return examples, SourceInfo(folder="eval", licence=LICENCE, revision=revision, sha256=sha256)


def _describe_value(value: Any) -> str:
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)[:80]


def _to_example(row: Any, where: str) -> Example:
    if not isinstance(row, YamlMapping):
        raise DataError(f"{where}: expected a mapping with text, category and label, found {_describe_value(row)}")
    where = f"{where} (line {row.line})"
    missing = [name for name in FIELDS if name not in row]
    if missing:
        raise DataError(f"{where}: the row lacks {', '.join(missing)}, found {', '.join(row) or 'no keys'}; add it")
    text, category, label = (row[name] for name in FIELDS)
    for name, value in (("text", text), ("category", category)):
        if not isinstance(value, str):
            raise DataError(f"{where}: {name} must be a string, found {_describe_value(value)}; put it in quotes")
        if not value.strip():
            raise DataError(f"{where}: {name} must not be empty; fill it or remove the row")
    if not isinstance(label, bool):
        raise DataError(f"{where}: label must be true or false without quotes, found {_describe_value(label)}")
    target = _ATTACK_TARGETS.get(category, _OTHER_ATTACK_TARGET) if label else (Label.BENIGN, Family.NONE)
    return Example(
        text=text,
        label=target[0],
        family=target[1],
        source=f"{SOURCE_PREFIX}{category}",
        group=own_group(text),
        category=category,
        split="eval",
        licence=LICENCE,
    )


def _warn_of_unknown_categories(examples: list[Example], path: Path) -> None:
    rows: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples, start=1):
        category = example.source.removeprefix(SOURCE_PREFIX)
        if category not in KNOWN_CATEGORIES:
            rows[category].append(number)
    if rows:
        listing = "; ".join(f"{category!r} in {_list_rows(numbers)}" for category, numbers in sorted(rows.items()))
        log.warning("%s: categories that PINT is not known to have: %s. Their rows are kept.", path, listing)


def _list_rows(numbers: list[int], shown: int = 10) -> str:
    more = f" and {len(numbers) - shown:,} more" if len(numbers) > shown else ""
    return f"{'rows' if len(numbers) > 1 else 'row'} {', '.join(map(str, numbers[:shown]))}{more}"
