import numpy as np
import pytest

from src.labels import NUM_FAMILIES, NUM_LABELS, Family, Label
from src.policy import family_of, is_counted, p_attack


def test_the_order_of_classes_and_families_is_fixed():
    assert Label.names() == ["benign", "direct_injection", "jailbreak", "obfuscation"]
    assert (Family.NONE, Family.HARMFUL_REQUEST, Family.FLIP, Family.OTHER_CIPHER, Family.UNKNOWN) == (0, 6, 7, 13, 15)
    assert (NUM_LABELS, NUM_FAMILIES) == (4, 16)


def test_an_unknown_name_lists_the_known_ones():
    assert Label.parse("Jailbreak") is Label.JAILBREAK
    with pytest.raises(ValueError, match="unknown label 'evil'; expected one of .*'obfuscation'"):
        Label.parse("evil")


def test_a_plain_harmful_request_counts_under_full_only():
    class_probs = np.array([[0.1, 0.1, 0.7, 0.1]])
    family_probs = np.zeros((1, NUM_FAMILIES))
    family_probs[0, Family.HARMFUL_REQUEST] = 1.0
    assert p_attack(class_probs, family_probs, "full")[0] == pytest.approx(0.9)
    assert p_attack(class_probs, family_probs, "override")[0] == pytest.approx(0.2)
    assert p_attack(class_probs, np.zeros((1, NUM_FAMILIES)), "override")[0] == pytest.approx(0.9)


def test_rows_of_plain_harm_are_left_out_of_override():
    labels = np.array([Label.BENIGN, Label.JAILBREAK, Label.JAILBREAK])
    families = np.array([Family.NONE, Family.HARMFUL_REQUEST, Family.JAILBREAK_PERSONA])
    assert is_counted(labels, families, "override").tolist() == [True, False, True]
    assert is_counted(labels, families, "full").all()


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="unknown policy"):
        p_attack(np.ones((1, 4)), np.ones((1, 16)), "strict")  # type: ignore[arg-type]


def test_an_attack_has_the_best_family_but_none_and_other_text_has_none():
    family_probs = np.zeros((3, NUM_FAMILIES))
    family_probs[:, Family.NONE], family_probs[:, Family.ENCODING] = 0.6, 0.3
    family_probs[2, [Family.NONE, Family.UNKNOWN]] = 0.1, 0.5
    found = family_of(np.array([True, False, True]), family_probs)
    assert found.tolist() == [Family.ENCODING, Family.NONE, Family.UNKNOWN]
    assert family_of(True, family_probs[0]) == Family.ENCODING and family_of(False, family_probs[0]) == Family.NONE
