"""The hint that ends a message about an unknown name."""

from src.errors import did_you_mean

KNOWN = ["flip", "flap", "homoglyph"]


def test_the_nearest_names_are_asked_about_first_and_no_more_than_wanted():
    assert did_you_mean("flipp", KNOWN) == "did you mean 'flip'?"
    assert did_you_mean("flipp", KNOWN, most=3) == "did you mean 'flip' or 'flap'?"
    assert did_you_mean("flipp", {"flip": 1}) == "did you mean 'flip'?"


def test_nothing_is_said_where_no_name_is_near_enough():
    assert did_you_mean("padding", KNOWN) == did_you_mean("flip", []) == ""
    assert did_you_mean("glyph", KNOWN, cutoff=0.8) == ""
    assert did_you_mean("glyph", KNOWN, cutoff=0.7) == "did you mean 'homoglyph'?"
