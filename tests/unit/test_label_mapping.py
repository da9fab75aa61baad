"""The table from raw rows to labels and families."""

import pytest

from src.data.label_mapping import RAW_LABELS, RULES, map_label
from src.labels import Family, Label


@pytest.mark.parametrize(
    ("raw", "source", "category", "label", "family"),
    [
        ("benign", "any", "", Label.BENIGN, Family.NONE),
        ("harmful_goal", "any", "standard|illegal", Label.JAILBREAK, Family.HARMFUL_REQUEST),
        ("direct_injection", "any", "", Label.DIRECT_INJECTION, Family.DIRECT_INJECTION),
        ("jailbreak", "any", "", Label.JAILBREAK, Family.JAILBREAK_PERSONA),
        ("direct_injection", "bipia_indirect_train", "indirect:table:x:end", Label.DIRECT_INJECTION, Family.INDIRECT_INJECTION),
        ("direct_injection", "notes", "indirect:mail", Label.DIRECT_INJECTION, Family.INDIRECT_INJECTION),
        ("direct_injection", "tensor_trust_extraction", "x", Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION),
        ("direct_injection", "tensor_trust_hijacking", "tensor_trust:hijacking", Label.DIRECT_INJECTION, Family.DIRECT_INJECTION),
        ("direct_injection", "llamator_ru_en", "llamator:leakage", Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION),
        ("jailbreak", "llamator_ru_en", "llamator:ru_dan", Label.JAILBREAK, Family.JAILBREAK_PERSONA),
        ("jailbreak", "jbb_artifacts", "GCG|white_box", Label.JAILBREAK, Family.JAILBREAK_OPTIMIZED),
        ("jailbreak", "jbb_artifacts", "PAIR|black_box", Label.JAILBREAK, Family.JAILBREAK_PERSONA),
        ("jailbreak", "jbb_artifacts", "JBC|manual", Label.JAILBREAK, Family.JAILBREAK_PERSONA),
        ("jailbreak", "easyjailbreak_seeds", "seed:attack/AutoDAN-a", Label.JAILBREAK, Family.JAILBREAK_OPTIMIZED),
        ("jailbreak", "codeattack", "codeattack:python_list_full", Label.JAILBREAK, Family.UNKNOWN),
        ("direct_injection", "neuralchemy_attacks", "DIRECT_INJECTION|plain", Label.DIRECT_INJECTION, Family.DIRECT_INJECTION),
        ("direct_injection", "neuralchemy_attacks", "DIRECT_INJECTION|obf:leet", Label.OBFUSCATION, Family.TYPOGLYCEMIA),
        ("direct_injection", "neuralchemy_attacks", "ENCODING|obf:homoglyph+leet", Label.OBFUSCATION, Family.HOMOGLYPH),
        ("direct_injection", "neuralchemy_attacks", "X|obf:leet+base64ish", Label.OBFUSCATION, Family.ENCODING),
        ("direct_injection", "neuralchemy_attacks", "X|obf:spacing", Label.OBFUSCATION, Family.CHAR_INJECTION),
        ("direct_injection", "neuralchemy_attacks", "X|obf:something_new", Label.OBFUSCATION, Family.UNKNOWN),
        ("direct_injection", "neuralchemy_attacks", "ENCODING|plain", Label.OBFUSCATION, Family.ENCODING),
        ("direct_injection", "neuralchemy_attacks", "PROMPT_LEAK|plain", Label.DIRECT_INJECTION, Family.PROMPT_EXTRACTION),
    ],
)
def test_source_and_category_refine_the_raw_label(raw, source, category, label, family):
    assert map_label(raw, source, category) == (label, family)


def test_no_category_turns_a_benign_row_or_a_plain_request_into_a_framed_attack():
    for rule_category in ("indirect:mail", "ENCODING|obf:base64", "GCG"):
        for source in ("neuralchemy_attacks", "jbb_artifacts"):
            assert map_label("benign", source, rule_category)[0] is Label.BENIGN
            assert map_label("harmful_goal", source, rule_category)[1] is Family.HARMFUL_REQUEST


def test_an_unknown_label_names_the_known_ones():
    with pytest.raises(ValueError, match="unknown label 'evil'.*direct_injection"):
        map_label("evil", "any", "")


def test_rules_never_change_an_attack_into_a_benign_row():
    assert RULES and RAW_LABELS
    for rule in RULES:
        assert rule.label is not Label.BENIGN and rule.family is not Family.NONE
