"""Scores are computed once for the same identity and texts, and kept files are never trusted for others."""

import pytest

from src.errors import DataError
from src.evaluation.score_cache import ScoreCache, scores_key
from src.files import read_json, write_json


def test_the_key_depends_on_the_identity_and_on_every_text_and_their_order():
    texts = ["a", "b\ud83d", "c"]
    others = [
        scores_key("weights 2", texts),
        scores_key("weights 1", texts[::-1]),
        scores_key("weights 1", texts[:2]),
        scores_key("weights 1", ["ab\ud83d", "c"]),
        scores_key("weights 1a", texts[1:]),
    ]
    assert len({scores_key("weights 1", texts), *others}) == 6
    assert scores_key("weights 1", tuple(texts)) == scores_key("weights 1", texts)


def test_what_is_kept_is_read_and_not_computed_again(tmp_path):
    cache = ScoreCache(tmp_path / "kept", ".json", read_json, write_json)
    assert cache.read_or_compute("a", lambda: [0.5]) == [0.5]
    assert cache.read_or_compute("a", lambda: pytest.fail("computed twice")) == [0.5]
    assert cache.read_or_compute("b", lambda: [0.7]) == [0.7]
    assert sorted(file.name for file in (tmp_path / "kept").iterdir()) == ["a.json", "b.json"]


def test_without_a_directory_nothing_is_kept_and_a_failed_computation_leaves_no_file(tmp_path):
    asked = []
    nowhere = ScoreCache(None, ".json", read_json, write_json)
    for _ in range(2):
        nowhere.read_or_compute("a", lambda: asked.append(1))
    assert len(asked) == 2

    def fail():
        raise DataError("no scores")

    with pytest.raises(DataError, match="no scores"):
        ScoreCache(tmp_path, ".json", read_json, write_json).read_or_compute("a", fail)
    assert not list(tmp_path.iterdir())
