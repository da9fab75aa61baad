"""What the labels and language codes of Hub data sets mean to the project, one function a publisher's scheme.

A row that is none of the four classes is None: left out, and counted in the manifest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..labels import Family, Label

Verdict = tuple[Label, Family] | None
Row = Mapping[str, Any]

BENIGN: Verdict = (Label.BENIGN, Family.NONE)
INJECTION: Verdict = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION)
EXTRACTION: Verdict = (Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION)
PERSONA: Verdict = (Label.JAILBREAK, Family.JAILBREAK_PERSONA)
FRAMED: Verdict = (Label.JAILBREAK, Family.UNKNOWN)  # a frame around a request, but its kind is not told
HARMFUL_REQUEST: Verdict = (Label.JAILBREAK, Family.HARMFUL_REQUEST)
LEFT_OUT: Verdict = None

# "Please ignore all previous instructions" is how many shared prompts for ordinary tasks begin.
OVERRIDE = re.compile(r"\b(?:ignore|disregard|forget)(?: \w+){0,3} (?:previous|prior|above|earlier|preceding)\b", re.I)

# Kinds of reviewers' labels of oasst1 from which on a prompt is not taken for benign; shares of reviewers in [0, 1].
OASST_REFUSED = {"not_appropriate": 0.5, "hate_speech": 0.5, "sexual_content": 0.5, "spam": 0.5}

# ISO 639-3 codes of aya as the two letters that all other sources write. A language without two letters keeps three.
TWO_LETTERS = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        amh=am arb=ar ben=bn ceb=ceb cym=cy dan=da deu=de ell=el eng=en eus=eu fin=fi fra=fr gle=ga guj=gu hat=ht hau=ha
        hin=hi hun=hu ibo=ig ind=id ita=it jav=jv jpn=ja kan=kn kir=ky kor=ko lit=lt mal=ml mar=mr mlg=mg mya=my nld=nl npi=ne
        nya=ny pan=pa pbt=ps pes=fa plt=mg pol=pl por=pt rus=ru sin=si sna=sn snd=sd som=so spa=es sqi=sq srp=sr sun=su swe=sv
        swh=sw tam=ta tel=te tha=th tur=tr ukr=uk urd=ur vie=vi wol=wo xho=xh yor=yo zho=zh zsm=ms zul=zu
        """,
    )
)


def jailbreakbench_label(row: Row, split: str) -> Verdict:
    """The goals are plain requests without any framing; the benign split mirrors them topic by topic."""
    return HARMFUL_REQUEST if split == "harmful" else BENIGN


def wildguard_label(row: Row, split: str) -> Verdict:
    """Harm of the prompt, not of the response. An adversarial harmful prompt is framed, but how is not said."""
    if row["prompt_harm_label"] == "unharmful":
        return BENIGN
    if row["prompt_harm_label"] == "harmful":
        return FRAMED if row["adversarial"] else HARMFUL_REQUEST
    return LEFT_OUT  # annotators did not agree


def toxic_chat_label(row: Row, split: str) -> Verdict:
    """Toxic text without a jailbreak is rude or sexual as often as it is a harmful request: neither attack nor benign."""
    if row["jailbreaking"] == 1:
        return FRAMED
    return BENIGN if row["toxicity"] == 0 else LEFT_OUT


def deepset_label(row: Row, split: str) -> Verdict:
    return INJECTION if row["label"] == 1 else BENIGN


def xstest_label(row: Row, split: str) -> Verdict:
    """Safe prompts only sound harmful; the unsafe ones contrast them as plain harmful requests."""
    return {"safe": BENIGN, "unsafe": HARMFUL_REQUEST}.get(row["label"], LEFT_OUT)


def in_the_wild_label(row: Row, split: str) -> Verdict:
    """Prompts shared on the web. Jailbreaks are nearly all personas and invented worlds; the others are ordinary prompts,
    role-play without a bypass among them. One that overrides earlier instructions for a harmless task is left out: its
    publisher only says that it is no jailbreak."""
    if row["jailbreak"]:
        return PERSONA
    return LEFT_OUT if OVERRIDE.search(row["prompt"] or "") else BENIGN


def qualifire_label(row: Row, split: str) -> Verdict:
    """Its `jailbreak` covers injections and frames alike, so the family stays unknown."""
    return {"benign": BENIGN, "jailbreak": FRAMED}.get(row["label"], LEFT_OUT)


def oasst_label(row: Row, split: str) -> Verdict:
    """Prompts that reviewers kept and did not find improper. Improper ones are left out: they are no attacks either."""
    if row["role"] != "prompter" or row["deleted"]:
        return LEFT_OUT
    labels = row["labels"] or {"name": [], "value": []}
    shares = dict(zip(labels["name"], labels["value"], strict=True))
    return LEFT_OUT if any(shares.get(name, 0) >= share for name, share in OASST_REFUSED.items()) else BENIGN


def always(verdict: Verdict) -> Callable[[Row, str], Verdict]:
    """The mapping of a set whose rows are all of one class."""
    return lambda row, split: verdict


def language(code: str | None) -> str:
    """Two letters where there are any: `pt-BR` and `por` are both `pt`; an unknown language is `und`."""
    short = (code or "und").replace("_", "-").split("-")[0].lower()
    return TWO_LETTERS.get(short, short)
