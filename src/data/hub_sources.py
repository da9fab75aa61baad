"""The data sets of the Hugging Face Hub: the only place that knows their raw column names and labels.

One row of HUB_SOURCES is one data set, one configuration of it and the splits that play one role:

    train      training rows, or a validation source if `data.validation_sources` names it
    payloads   plain harmful requests: training rows, and what the attack generators work on
    benchmark  evaluation only, under its own name; the entry says what its labels mean and what they can measure

No split has two roles, and a split that its publisher made for tests is never trained on. Revisions are commits, so that
results can be reproduced. `label_of` maps the publisher's label to (Label, Family), or to None for rows outside the four
classes: they are left out and counted in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..policy import Policy
from .hub_labels import (
    BENIGN,
    EXTRACTION,
    HARMFUL_REQUEST,
    INJECTION,
    Row,
    Target,
    always,
    deepset_label,
    in_the_wild_label,
    jailbreakbench_label,
    oasst_label,
    qualifire_label,
    toxic_chat_label,
    wildguard_label,
    xstest_label,
)

Headline = Literal["recall", "fpr", "both"]


@dataclass(frozen=True, kw_only=True)
class HubSource:
    """One data set, one configuration and the splits of it that play one role."""

    name: str  # the source's name in the project; of a benchmark, its name in the table of benchmarks
    repo: str
    revision: str | None  # a commit; None: the newest one, resolved when it is read and recorded in the manifest
    splits: tuple[str, ...]
    role: Literal["train", "payloads", "benchmark"]
    licence: str
    text: tuple[str, ...]  # columns, joined by an empty line
    label_of: Callable[[Row, str], Target]
    columns: tuple[str, ...] = ()  # the other columns that `label_of` reads
    config: str | None = None
    # What is downloaded besides README.md, whose header says which file is which split.
    files: tuple[str, ...] = ("*.parquet", "*.csv", "*.json", "*.jsonl")
    split_files: Mapping[str, str] = field(default_factory=dict)  # file of each split, where README.md does not say it
    kind: str | None = None  # column with the set's own category; "multilingual" in it: language unknown
    group: str | None = None  # column with the group of a row; None, or no value in it: each text is its own group
    lang: str = "en"
    lang_column: str | None = None  # column with the language; a value in it overrides `lang`
    rows: int | None = None  # published number of rows of these splits; None: unknown
    gated: bool = False
    required: bool = False  # verify_hf_access fails without it
    # Benchmarks only: the policy of their labels ("full": plain harmful requests are attacks) and the headline metric.
    policy: Policy | None = None
    headline: Headline | None = None

    @property
    def page(self) -> str:
        return f"https://huggingface.co/datasets/{self.repo}"

    @property
    def all_columns(self) -> list[str]:
        """Every column that is read, without repetitions."""
        optional = [column for column in (self.kind, self.group, self.lang_column) if column is not None]
        return list(dict.fromkeys([*self.text, *self.columns, *optional]))

    @property
    def patterns(self) -> list[str]:
        """Path patterns of the files that are downloaded from the repository."""
        return ["README.md", *(self.split_files.values() or self.files)]


_JBB = "d8d87b8fdcb7806e3b4e45fffb2bc24aa6b17f32"
_WILDGUARD = "d29c47f41c8b51348b5c8e8c81c039b3132b66d1"
_TOXIC_CHAT = "3e0319203c7162b9c9f8015b594441f979c199bc"
_DEEPSET = "4f61ecb038e9c3fb77e21034b22511b523772cdd"
_IN_THE_WILD = "a10aab8eff1c73165a442d4464dce192bd28b9c5"
_TENSOR_TRUST = "4de2b2fe01ba0cb6fbf7cbb9f1a3fabaf8157372"
_GANDALF = "04737b65e90a6794ec227012e4a255a7def6344b"

HUB_SOURCES: tuple[HubSource, ...] = (
    # Attacks, with or without benign rows beside them.
    HubSource(
        name="wildguardmix",
        repo="allenai/wildguardmix",
        revision=_WILDGUARD,
        config="wildguardtrain",
        splits=("train",),
        role="train",
        licence="ODC-BY",
        gated=True,
        required=True,
        text=("prompt",),
        columns=("adversarial", "prompt_harm_label"),
        label_of=wildguard_label,
        rows=86_759,
    ),
    HubSource(
        name="toxic_chat",
        repo="lmsys/toxic-chat",
        revision=_TOXIC_CHAT,
        config="toxicchat0124",
        splits=("train",),
        role="train",
        licence="CC-BY-NC-4.0",
        required=True,
        text=("user_input",),
        columns=("toxicity", "jailbreaking"),
        label_of=toxic_chat_label,
        lang="und",
        rows=5_082,
    ),
    HubSource(
        name="deepset",
        repo="deepset/prompt-injections",
        revision=_DEEPSET,
        splits=("train",),
        role="train",
        licence="Apache-2.0",
        required=True,
        text=("text",),
        columns=("label",),
        label_of=deepset_label,
        lang="und",
        rows=546,
    ),
    HubSource(
        name="gandalf",
        repo="Lakera/gandalf_ignore_instructions",
        revision=_GANDALF,
        splits=("train", "validation"),
        role="train",
        licence="MIT",
        text=("text",),
        label_of=always(INJECTION),
        rows=888,
    ),
    HubSource(
        name="inthewild_jailbreaks",
        repo="TrustAIRLab/in-the-wild-jailbreak-prompts",
        revision=_IN_THE_WILD,
        config="jailbreak_2023_12_25",
        splits=("train",),
        role="train",
        licence="MIT",
        text=("prompt",),
        columns=("jailbreak",),
        label_of=in_the_wild_label,
        group="community_id",
        rows=1_405,
    ),
    HubSource(
        name="inthewild_regular",
        repo="TrustAIRLab/in-the-wild-jailbreak-prompts",
        revision=_IN_THE_WILD,
        config="regular_2023_12_25",
        splits=("train",),
        role="train",
        licence="MIT",
        text=("prompt",),
        columns=("jailbreak",),
        label_of=in_the_wild_label,
        rows=13_735,
    ),
    # Extraction attacks are recognisable by their text, so they train. The hijacking attacks are the benchmark: many are token
    # noise or a bare password, which would only be wrong labels in training.
    HubSource(
        name="tensor_trust_extraction",
        repo="qxcv/tensor-trust",
        revision=_TENSOR_TRUST,
        splits=("extraction",),
        split_files={"extraction": "benchmarks/extraction-robustness/v1/extraction_robustness_dataset.jsonl"},
        role="train",
        licence="not stated",
        text=("attack",),
        label_of=always(EXTRACTION),
        rows=569,
    ),
    HubSource(
        name="advbench",
        repo="walledai/AdvBench",
        revision="9d4730540082fa4017450b65ca1c0e1d8d30446e",
        splits=("train",),
        role="payloads",
        licence="MIT",
        gated=True,
        text=("prompt",),
        label_of=always(HARMFUL_REQUEST),
        rows=520,
    ),
    # Benign text.
    HubSource(
        name="dolly",
        repo="databricks/databricks-dolly-15k",
        revision="bdd27f4d94b9c1f951818a7da7fd7aeea5dbff1a",
        splits=("train",),
        role="train",
        licence="CC-BY-SA-3.0",
        text=("instruction", "context"),
        label_of=always(BENIGN),
        rows=15_011,
    ),
    HubSource(
        name="alpaca",
        repo="tatsu-lab/alpaca",
        revision="dce01c9b08f87459cf36a430d809084718273017",
        splits=("train",),
        role="train",
        licence="CC-BY-NC-4.0",
        text=("instruction", "input"),
        label_of=always(BENIGN),
        rows=52_002,
    ),
    HubSource(
        name="oasst1",
        repo="OpenAssistant/oasst1",
        revision="fdf72ae0827c1cda404aff25b6603abec9e3399b",
        splits=("train",),
        files=("data/*.parquet",),
        role="train",
        licence="Apache-2.0",
        text=("text",),
        columns=("role", "deleted", "labels"),
        label_of=oasst_label,
        group="message_tree_id",
        lang="und",
        lang_column="lang",
        rows=84_437,
    ),
    HubSource(
        name="aya",
        repo="CohereLabs/aya_dataset",
        revision="f9ea04583f02a8f86404ff6c58bf75fe637df8a2",
        config="default",
        splits=("train",),
        role="train",
        licence="Apache-2.0",
        text=("inputs",),
        label_of=always(BENIGN),
        lang="und",
        lang_column="language_code",
        rows=202_362,
    ),
    # Benchmarks.
    HubSource(
        name="jailbreakbench",
        repo="JailbreakBench/JBB-Behaviors",
        revision=_JBB,
        config="behaviors",
        splits=("harmful", "benign"),
        role="benchmark",
        licence="MIT",
        required=True,
        text=("Goal",),
        label_of=jailbreakbench_label,
        group="Behavior",
        rows=200,
        policy="full",
        headline="both",
    ),
    HubSource(
        name="wildguardtest",
        repo="allenai/wildguardmix",
        revision=_WILDGUARD,
        config="wildguardtest",
        splits=("test",),
        role="benchmark",
        licence="ODC-BY",
        gated=True,
        required=True,
        text=("prompt",),
        columns=("adversarial", "prompt_harm_label"),
        label_of=wildguard_label,
        rows=1_725,
        policy="full",
        headline="both",
    ),
    HubSource(
        name="toxicchat",
        repo="lmsys/toxic-chat",
        revision=_TOXIC_CHAT,
        config="toxicchat0124",
        splits=("test",),
        role="benchmark",
        licence="CC-BY-NC-4.0",
        required=True,
        text=("user_input",),
        columns=("toxicity", "jailbreaking"),
        label_of=toxic_chat_label,
        lang="und",
        rows=5_083,
        policy="override",
        headline="both",
    ),
    HubSource(
        name="deepset_test",
        repo="deepset/prompt-injections",
        revision=_DEEPSET,
        splits=("test",),
        role="benchmark",
        licence="Apache-2.0",
        required=True,
        text=("text",),
        columns=("label",),
        label_of=deepset_label,
        lang="und",
        rows=116,
        policy="override",
        headline="both",
    ),
    HubSource(
        name="gandalf_test",
        repo="Lakera/gandalf_ignore_instructions",
        revision=_GANDALF,
        splits=("test",),
        role="benchmark",
        licence="MIT",
        text=("text",),
        label_of=always(INJECTION),
        rows=112,
        policy="override",
        headline="recall",
    ),
    HubSource(
        name="tensor_trust_hijacking",
        repo="qxcv/tensor-trust",
        revision=_TENSOR_TRUST,
        splits=("hijacking",),
        split_files={"hijacking": "benchmarks/hijacking-robustness/v1/hijacking_robustness_dataset.jsonl"},
        role="benchmark",
        licence="not stated",
        text=("attack",),
        label_of=always(INJECTION),
        rows=775,
        policy="override",
        headline="recall",
    ),
    HubSource(
        name="qualifire",
        repo="rogue-security/prompt-injections-benchmark",
        splits=("test",),
        revision="9ef1aa46a7e5eedb096be0481be8011ede1e72e8",
        split_files={"test": "data/test-00000-of-00001.parquet"},
        role="benchmark",
        licence="CC-BY-NC-4.0",
        gated=True,
        text=("text",),
        columns=("label",),
        label_of=qualifire_label,
        rows=5_000,
        policy="override",
        headline="both",
    ),
    HubSource(
        name="notinject",
        repo="leolee99/NotInject",
        revision="847ae76cf8fea5ed325429e569ae8cfef022d2e0",
        splits=("NotInject_one", "NotInject_two", "NotInject_three"),
        role="benchmark",
        licence="MIT",
        text=("prompt",),
        kind="category",
        label_of=always(BENIGN),
        rows=339,
        policy="override",
        headline="fpr",
    ),
    HubSource(
        name="xstest",
        repo="walledai/XSTest",
        revision="f1d713187c61b6ae64e602d74f0b3d812cc2e8e8",
        splits=("test",),
        role="benchmark",
        licence="CC-BY-4.0",
        gated=True,
        text=("prompt",),
        columns=("label",),
        label_of=xstest_label,
        rows=450,
        policy="full",
        headline="both",
    ),
    # `standard` only: `contextual` asks about a document, `copyright` asks for a book's text, which is no harmful request.
    HubSource(
        name="harmbench",
        repo="walledai/HarmBench",
        revision="fb6c2afd5a2a943d701d6db3efab87d077e81be5",
        config="standard",
        splits=("train",),
        role="benchmark",
        licence="MIT",
        gated=True,
        text=("prompt",),
        label_of=always(HARMFUL_REQUEST),
        rows=200,
        policy="full",
        headline="recall",
    ),
    HubSource(
        name="strongreject",
        repo="walledai/StrongREJECT",
        revision="df54272b395ce9e584d2f8140519935425d8549f",
        splits=("train",),
        role="benchmark",
        licence="MIT",
        text=("prompt",),
        label_of=always(HARMFUL_REQUEST),
        rows=313,
        policy="full",
        headline="recall",
    ),
)
