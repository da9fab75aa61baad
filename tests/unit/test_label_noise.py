"""Label noise: planted wrong labels are found by models that never saw their group; results are kept by content."""

import random

import pytest

from src.data import label_noise
from src.data.label_noise import FOLDS, MAX_SUSPECTS_PER_SOURCE, find_suspects, fold_of
from src.data.schema import Example
from src.errors import DataError
from src.labels import Family, Label

BENIGN = ["bake", "bread", "garden", "river", "lamp", "school", "train", "weather"]
ATTACK = ["ignore", "rules", "reveal", "secret", "override", "system", "bypass", "obey"]


def rows(count: int = 300, wrong: int = 6) -> list[Example]:
    """Sentences of two vocabularies; the last `wrong` benign ones carry the label of an attack."""
    rng = random.Random(0)
    made = []
    for place in range(count):
        is_attack = place % 2 == 1
        text = " ".join(rng.choices(ATTACK if is_attack else BENIGN, k=8)) + f" {place}"
        label = Label.DIRECT_INJECTION if is_attack or place >= count - 2 * wrong else Label.BENIGN
        family = Family.NONE if label == Label.BENIGN else Family.DIRECT_INJECTION
        made.append(Example(text=text, label=label, family=family, source=f"s{place % 3}", group=f"g{place // 4}"))
    return made


def test_planted_wrong_labels_are_found():
    found = find_suspects(rows(), seed=1, cache_dir=None)
    planted = {str(place) for place in range(288, 300, 2)}
    assert {suspect.example.text.split()[-1] for suspect in found} == planted
    assert {(suspect.label, suspect.predicted) for suspect in found} == {("direct_injection", "benign")}
    assert all(0.5 <= suspect.probability <= 1 for suspect in found)
    assert [suspect.example.source for suspect in found] == sorted(suspect.example.source for suspect in found)


def test_rows_of_a_group_are_judged_by_one_model_that_saw_none_of_them():
    """A wrong label that its whole group shares would be learned, were the group split over the folds."""
    twins = [
        Example(
            text=f"unique marker words {copy}",
            label=Label.DIRECT_INJECTION,
            family=Family.DIRECT_INJECTION,
            source="s",
            group="same",
        )
        for copy in range(9)
    ]
    assert len({fold_of(row.group, 1) for row in twins}) == 1
    assert {fold_of(f"g{place}", 1) for place in range(100)} == set(range(FOLDS))


def test_a_source_shows_its_worst_rows_only():
    wrong = [
        Example(
            text=" ".join(random.Random(i).choices(BENIGN, k=8)),
            label=Label.DIRECT_INJECTION,
            family=Family.DIRECT_INJECTION,
            source="noisy",
            group=f"n{i}",
        )
        for i in range(MAX_SUSPECTS_PER_SOURCE + 30)
    ]
    found = [suspect for suspect in find_suspects([*rows(1000, 0), *wrong], seed=1, cache_dir=None)]
    noisy = [suspect.probability for suspect in found if suspect.example.source == "noisy"]
    assert len(noisy) == MAX_SUSPECTS_PER_SOURCE and noisy == sorted(noisy, reverse=True)


def test_probabilities_are_kept_by_content(tmp_path, monkeypatch):
    examples = rows()
    first = find_suspects(examples, seed=1, cache_dir=tmp_path)
    calls = []
    features = label_noise._vectorise
    monkeypatch.setattr(label_noise, "_vectorise", lambda texts: calls.append(1) or features(texts))
    assert find_suspects(examples, seed=1, cache_dir=tmp_path) == first and not calls
    flipped = [*examples[1:], examples[0]]
    for changed, seed in ((flipped, 1), (examples[:-1], 1), (examples, 2)):
        calls.clear()
        find_suspects(changed, seed=seed, cache_dir=tmp_path)
        assert calls


def test_one_class_is_refused():
    with pytest.raises(DataError, match="at least two classes"):
        find_suspects([row for row in rows() if row.label == Label.BENIGN], seed=1, cache_dir=None)
