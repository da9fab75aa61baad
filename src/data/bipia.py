"""BIPIA in context: the documents of the benchmark, each clean and with one of its attacks inside.

Source: Yi et al., "Benchmarking and Defending Against Indirect Prompt Injection Attacks on Large Language Models",
arXiv:2312.14197; files from https://github.com/microsoft/BIPIA, read by path and never bundled. Expected below the
directory `benchmark` of that repository:

    <task>/test.jsonl        one {"context": text or list of lines, ...} a line; email, table and code are in the repository,
                             qa and abstract are made by its own scripts, because of their licences
    text_attack_test.json    {kind of attack: [instruction, ...]}, for all tasks but code
    code_attack_test.json    the same for code

As there, an attack stands on lines of its own at the start, in the middle (before a sentence chosen by chance) or at the end.
The published set is the full product of documents, attacks and places; here `pairs` rows of each task are drawn from it, every
document as often as any other, and each document stands once without an attack. A document and the rows made from it
share a group, which is how the evaluation finds the pairs.
"""

from __future__ import annotations

import itertools
import json
import logging
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

from ..errors import DataError
from ..files import not_utf8_message, sha256_of
from ..labels import Family, Label
from .local_source import SourceInfo
from .schema import Example

log = logging.getLogger(__name__)

Place = Literal["start", "middle", "end"]
PLACES: tuple[Place, ...] = get_args(Place)
TASKS = {
    "email": "text_attack_test.json",
    "table": "text_attack_test.json",
    "qa": "text_attack_test.json",
    "abstract": "text_attack_test.json",
    "code": "code_attack_test.json",
}
GROUP = "bipia"
LICENCE = "MIT; the documents have licences of their own (NOTICE.md of microsoft/BIPIA)"
EXPECTED = "expected the directory `benchmark` of https://github.com/microsoft/BIPIA"
MAX_BYTES = 64_000_000

_SENTENCE_START = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+(?=\S)")


def load_bipia(directory: str | Path, *, pairs: int, seed: int) -> tuple[dict[str, list[Example]], dict[str, SourceInfo]]:
    """The rows of each task in the directory, keyed by "bipia/<task>", and the manifest entry of each, by "eval/bipia/<task>".

    Raises DataError that names the file (and line) of what is missing or malformed.
    """
    root = Path(directory)
    files = {task: root / task / "test.jsonl" for task in TASKS}
    missing = [task for task, file in files.items() if not file.is_file()]
    if len(missing) == len(TASKS):
        raise DataError(f"data.bipia_dir: no {'/test.jsonl, '.join(TASKS)}/test.jsonl below {root}; {EXPECTED}")
    if missing:
        log.warning("data.bipia_dir: %s has no %s; their rows are not evaluated", root, ", ".join(missing))
    rows, info = {}, {}
    for task, file in files.items():
        if task in missing:
            continue
        name = f"{GROUP}/{task}"
        attack_file = root / TASKS[task]
        documents, attacks = _read_documents(file), _read_attacks(attack_file)
        rows[name] = list(_make_rows(task, documents, attacks, pairs, random.Random(f"{seed}:{name}")))
        info[f"eval/{name}"] = SourceInfo(
            folder="eval",
            licence=LICENCE,
            sha256=sha256_of(file),
            eval_group=GROUP,
            revision=f"microsoft/BIPIA, sha256 {sha256_of(file)[:12]} and {sha256_of(attack_file)[:12]}, seed {seed}",
        )
    return rows, info


def insert(document: str, attack: str, place: Place, rng: random.Random) -> tuple[str, tuple[int, int]]:
    """The document with the attack on lines of its own, and the characters [start, end) where it stands."""
    starts = [match.end() for match in _SENTENCE_START.finditer(document)] if place == "middle" else []
    offset = 0 if place == "start" else rng.choice(starts) if starts else len(document)
    before = f"{document[:offset]}\n" if offset else ""
    after = f"\n{document[offset:]}" if offset < len(document) else ""
    return before + attack + after, (len(before), len(before) + len(attack))


def _make_rows(task: str, documents: list[str], attacks: list[str], pairs: int, rng: random.Random) -> Iterator[Example]:
    source = f"{GROUP}_{task}"
    for number, document in enumerate(documents):
        yield Example(
            text=document,
            label=Label.BENIGN,
            family=Family.NONE,
            source=source,
            group=f"{GROUP}:{task}:{number}",
            lang="en",
            split="eval",
            licence=LICENCE,
        )
    # Every document once before any a second time.
    choices = [rng.sample(list(itertools.product(attacks, PLACES)), k=len(attacks) * len(PLACES)) for _ in documents]
    turns = ((number, *choice) for turn in zip(*choices, strict=True) for number, choice in enumerate(turn))
    for number, attack, place in itertools.islice(turns, pairs):
        text, span = insert(documents[number], attack, place, rng)
        yield Example(
            text=text,
            label=Label.DIRECT_INJECTION,
            family=Family.DIRECT_INJECTION,
            source=source,
            group=f"{GROUP}:{task}:{number}",
            category=place,
            lang="en",
            split="eval",
            licence=LICENCE,
            span=span,
        )


def _read_documents(file: Path) -> list[str]:
    documents = []
    for number, line in enumerate(_read_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        row = _parse_json(line, f"{file}, line {number}")
        context = row.get("context") if isinstance(row, dict) else None
        if isinstance(context, list) and all(isinstance(part, str) for part in context):
            context = "\n".join(context)
        if not isinstance(context, str) or not context.strip():
            raise DataError(f'{file}, line {number}: expected {{"context": text or list of lines}}; {EXPECTED}')
        documents.append(context)
    if not documents:
        raise DataError(f"{file} has no rows; {EXPECTED}")
    return documents


def _read_attacks(file: Path) -> list[str]:
    if not file.is_file():
        raise DataError(f"data.bipia_dir: no file at {file}; {EXPECTED}")
    kinds = _parse_json(_read_text(file), str(file))
    texts = [text for each in kinds.values() if isinstance(each, list) for text in each] if isinstance(kinds, dict) else []
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise DataError(f"{file}: expected {{kind of attack: [instruction, ...]}}; {EXPECTED}")
    return texts


def _read_text(file: Path) -> str:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise DataError(f"{file} has {size:,} bytes, more than the {MAX_BYTES:,} of any file of the benchmark; {EXPECTED}")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{not_utf8_message(file, error)}; {EXPECTED}") from error


def _parse_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where}: not JSON ({error}); {EXPECTED}") from error
