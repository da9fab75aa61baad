import numpy as np
import pytest

from src.text.surface import scripts_of, surface_facts


def test_counts_by_hand():
    facts = surface_facts("Ab1 \u200b\u202e\U000e0041\ufe0fаé!")
    assert (facts.characters, facts.letters, facts.ascii_letters) == (11, 4, 2)
    assert (facts.digits, facts.spaces, facts.symbols) == (1, 1, 1)
    assert (facts.invisible, facts.bidi_controls, facts.tags, facts.variation_selectors) == (1, 1, 1, 1)
    assert facts.scripts == 2 and facts.longest_word == 7


def test_separators_and_imitations():
    assert surface_facts("i-g-n-o-r-e").repeated_separators == 4
    assert surface_facts("ａｂ𝐜 x\u0301").imitations == 3
    assert surface_facts("ａｂ𝐜 x\u0301").combining_marks == 1


@pytest.mark.parametrize("text", ["", "a", "\udc80", "\x00" * 10, "ن" * 1000])
def test_any_string_has_facts(text):
    shares = surface_facts(text).shares()
    assert shares.dtype == np.float32 and np.isfinite(shares).all()
    assert (shares >= 0).all() and (shares <= 1).all()


def test_scripts_are_counted_most_frequent_first():
    assert scripts_of("Привет, world! Дом") == {"cyrillic": 9, "latin": 5}
    assert scripts_of("123") == {}
