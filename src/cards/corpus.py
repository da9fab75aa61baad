"""The front matter of corpus/README.md, which makes it a dataset card of the Hugging Face Hub. The text is written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from huggingface_hub import DatasetCardData

from ..data.schema import Example
from .front_matter import SIZES, with_front_matter

MIN_LANGUAGE_SHARE = 0.0005  # languages with a smaller share of the rows are not named
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n\n", re.DOTALL)
# Configurations for the Hub's viewer and `load_dataset(DIR, "probe")`. The probe, never trained on, is not in the default.
CONFIGS = [
    {"config_name": "default", "data_files": [{"split": "train", "path": "train/*.jsonl"}]},
    {"config_name": "payloads", "data_files": [{"split": "train", "path": "payloads/*.jsonl"}]},
    {"config_name": "probe", "data_files": [{"split": "test", "path": "probe.jsonl"}]},
]


def with_corpus_front_matter(text: str, rows: Sequence[Example]) -> str:
    """The card, with its front matter replaced by one that describes these rows."""
    return with_front_matter(corpus_data(rows), FRONT_MATTER.sub("", text))


def corpus_data(rows: Sequence[Example]) -> DatasetCardData:
    creators: dict[str, Any] = {"annotations_creators": ["machine-generated"], "language_creators": ["machine-generated"]}
    return DatasetCardData(
        language=_languages(rows),
        license="cc-by-4.0",
        multilinguality="multilingual",
        pretty_name="TinyGuardrail corpus",
        size_categories=[_size_category(len(rows))],
        source_datasets=["original"],
        task_categories=["text-classification"],
        tags=["prompt-injection", "jailbreak", "guardrail", "safety"],
        configs=CONFIGS,
        **creators,
    )


def _languages(rows: Sequence[Example]) -> list[str]:
    """Language codes without script, which the Hub does not accept. Texts in several languages (`mul`) are not counted."""
    counts: dict[str, int] = {}
    for row in rows:
        code = (row.lang or "mul").partition("-")[0]
        counts[code] = counts.get(code, 0) + 1
    return sorted(code for code, count in counts.items() if count >= MIN_LANGUAGE_SHARE * len(rows) and code != "mul")


def _size_category(rows: int) -> str:
    """The size category of the Hub, such as 1K<n<10K for 5,000 rows; each is ten times as large as the one before."""
    return SIZES[min(max(0, len(str(rows)) - 3), len(SIZES) - 1)]
