"""The one table from raw rows to (Label, Family).

A row of the local format says `benign`, `direct_injection`, `jailbreak` or `harmful_goal`; its source and category often
say more. The first rule that matches decides; an attack that no rule matches keeps the default of its raw label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..labels import Family, Label

RAW_LABELS: dict[str, tuple[Label, Family]] = {
    "benign": (Label.BENIGN, Family.NONE),
    "direct_injection": (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION),
    "jailbreak": (Label.JAILBREAK, Family.JAILBREAK_PERSONA),
    "harmful_goal": (Label.JAILBREAK, Family.HARMFUL_REQUEST),
}


@dataclass(frozen=True)
class Rule:
    """Attack rows whose source and category match get this family, and this label if there is one.

    Both patterns are regular expressions, matched from the start and without regard to case.
    """

    source: str
    category: str
    family: Family
    label: Label | None = None


OBFUSCATED = Label.OBFUSCATION
RULES: tuple[Rule, ...] = (
    # neuralchemy_attacks names its disguises after "|obf:", several joined by "+"; the strongest one names the family.
    Rule(r"neuralchemy_", r".*\|obf:.*base64", Family.ENCODING, OBFUSCATED),
    Rule(r"neuralchemy_", r".*\|obf:.*(homoglyph|fullwidth)", Family.HOMOGLYPH, OBFUSCATED),
    Rule(r"neuralchemy_", r".*\|obf:.*(zero_width|spacing)", Family.CHAR_INJECTION, OBFUSCATED),
    Rule(r"neuralchemy_", r".*\|obf:.*leet", Family.TYPOGLYCEMIA, OBFUSCATED),
    Rule(r"neuralchemy_", r".*\|obf:", Family.UNKNOWN, OBFUSCATED),
    Rule(r"neuralchemy_", r"ENCODING", Family.ENCODING, OBFUSCATED),
    Rule(r"neuralchemy_", r"TOKEN_SMUGGLING", Family.UNKNOWN, OBFUSCATED),
    Rule(r"neuralchemy_", r"(SYSTEM|PROMPT)_(EXTRACTION|LEAK)", Family.PROMPT_EXTRACTION),
    Rule(r"neuralchemy_", r"(INDIRECT_INJECTION|RAG_POISONING)", Family.INDIRECT_INJECTION),
    # The project's own corpus says kind/sub.
    Rule(r"written_", r"(indirect|agentic)/", Family.INDIRECT_INJECTION),
    Rule(r"written_", r"extraction/", Family.PROMPT_EXTRACTION),
    # Instructions that stand inside a document, a table, a mail or a tool's answer.
    Rule(r".*", r"indirect:", Family.INDIRECT_INJECTION),
    Rule(r"bipia_indirect|tasktracker_injections$", r".*", Family.INDIRECT_INJECTION),
    # Attempts to read the system prompt or a secret in it.
    Rule(r"(tensor_trust|garak_sysprompt)_extraction$", r".*", Family.PROMPT_EXTRACTION),
    Rule(r".*", r"(llamator:leakage|tensor_trust:extraction|sysprompt)", Family.PROMPT_EXTRACTION),
    # Attacks found by a search over tokens or populations, not written by hand.
    Rule(r".*", r"(seed:attack/)?autodan", Family.JAILBREAK_OPTIMIZED),
    Rule(r"jbb_artifacts$", r"(GCG|DSN|prompt_with_random_search)", Family.JAILBREAK_OPTIMIZED),
    # A request hidden in a data structure of code: none of the sixteen families.
    Rule(r".*", r"codeattack:", Family.UNKNOWN),
)
_COMPILED = [(re.compile(rule.source, re.I), re.compile(rule.category, re.I), rule) for rule in RULES]


def map_label(raw_label: str, source: str, category: str) -> tuple[Label, Family]:
    """(Label, Family) of a row of the local format. Raises ValueError for an unknown raw label."""
    if raw_label not in RAW_LABELS:
        raise ValueError(f"unknown label {raw_label!r}; expected one of {sorted(RAW_LABELS)}")
    label, family = RAW_LABELS[raw_label]
    if raw_label in ("benign", "harmful_goal"):
        return label, family  # no source or category makes a benign row an attack, or a plain request a framed one
    for source_pattern, category_pattern, rule in _COMPILED:
        if source_pattern.match(source) and category_pattern.match(category):
            return rule.label if rule.label is not None else label, rule.family
    return label, family
