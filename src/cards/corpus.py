"""The front matter of corpus/README.md, which makes it a dataset card of the Hugging Face Hub. The text is written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from huggingface_hub import DatasetCardData

from ..data.schema import Example
from .front_matter import SIZES, with_front_matter

MIN_LANGUAGE_SHARE = 0.0005  # of the rows: languages with less are not named
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n\n", re.DOTALL)
# What the Hub's viewer loads, and `load_dataset(DIR, "probe")`. The probe is never trained on, so it is no part of the default.
CONFIGS = [
    {"config_name": "default", "data_files": [{"split": "train", "path": "train/*.jsonl"}]},
    {"config_name": "payloads", "data_files": [{"split": "train", "path": "payloads/*.jsonl"}]},
    {"config_name": "probe", "data_files": [{"split": "test", "path": "probe.jsonl"}]},
]


def with_corpus_front_matter(text: str, rows: Sequence[Example]) -> str:
    """The card with front matter that describes these rows, in place of the one that it has."""
    return with_front_matter(corpus_data(rows), FRONT_MATTER.sub("", text))


def corpus_data(rows: Sequence[Example]) -> DatasetCardData:
    made: dict[str, Any] = {"annotations_creators": ["machine-generated"], "language_creators": ["machine-generated"]}
    return DatasetCardData(
        language=_languages(rows),
        license="cc-by-4.0",
        multilinguality="multilingual",
        pretty_name="TinyGuardrail corpus",
        size_categories=[_size(len(rows))],
        source_datasets=["original"],
        task_categories=["text-classification"],
        tags=["prompt-injection", "jailbreak", "guardrail", "safety"],
        configs=CONFIGS,
        **made,
    )


def _languages(rows: Sequence[Example]) -> list[str]:
    """Codes without their script, which the Hub has no codes for; a text in several languages (`mul`) names none."""
    counts: dict[str, int] = {}
    for row in rows:
        code = (row.lang or "mul").partition("-")[0]
        counts[code] = counts.get(code, 0) + 1
    return sorted(code for code, count in counts.items() if count >= MIN_LANGUAGE_SHARE * len(rows) and code != "mul")


def _size(rows: int) -> str:
    """1K<n<10K for 5,000 rows: each category of the Hub is ten times as large as the one before, from a thousand on."""
    return SIZES[min(max(0, len(str(rows)) - 3), len(SIZES) - 1)]
