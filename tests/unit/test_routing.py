"""Routers compared on the same windows: what each share of texts sent deep is worth."""

import numpy as np
import pytest

from src.data.schema import Example
from src.evaluation.routing import DEEP_SHARES, combine_branches, deferral_curves, drop_views, route_share_deep
from src.labels import Family, Label
from src.runtime.scores import WindowScores

N = 40


def example(attack: bool, number: int) -> Example:
    label, family = (Label.DIRECT_INJECTION, Family.DIRECT_INJECTION) if attack else (Label.BENIGN, Family.NONE)
    return Example(text=str(number), label=label, family=family, source="attacks" if attack else "chat", group=str(number))


def scores(p_attack: np.ndarray, p_deep: np.ndarray, is_deep: bool) -> WindowScores:
    """One window a text whose injection logit is the log-odds of p_attack."""
    logits = np.zeros((N, 4))
    logits[:, Label.DIRECT_INJECTION] = np.log(p_attack / (1 - p_attack))
    logits[:, [Label.JAILBREAK, Label.OBFUSCATION]] = -30.0
    return WindowScores(
        text_index=np.arange(N),
        tokens=np.arange(N) % 7 + 3,
        logits=logits,
        family_logits=np.zeros((N, 16)),
        p_deep=p_deep,
        is_deep=np.full(N, is_deep),
        view_index=np.full(N, -1),
        view_family=np.full(N, int(Family.NONE)),
    )


@pytest.fixture
def branches():
    """20 benign texts, then 20 attacks. The fast branch misses every second attack, the deep one none; the router knows."""
    attack = np.arange(N) >= N // 2
    missed = attack & (np.arange(N) % 2 == 0)
    p_deep = np.where(missed, 0.9, 0.1) + 1e-4 * np.arange(N)
    fast = scores(np.where(attack & ~missed, 0.9, 0.1) - 1e-4 * np.arange(N), p_deep, is_deep=False)
    deep = scores(np.where(attack, 0.9, 0.1) - 1e-4 * np.arange(N), p_deep, is_deep=True)
    return fast, deep, [example(bool(each), number) for number, each in enumerate(attack)]


def test_a_share_sends_the_most_complex_texts_deep(branches):
    fast, deep, _ = branches
    at = route_share_deep(fast, deep, fast.p_deep, 0.25)
    assert at.is_deep.sum() == N // 4 and at.is_deep[fast.p_deep > 0.5].all()
    np.testing.assert_array_equal(at.logits[at.is_deep], deep.logits[at.is_deep])
    np.testing.assert_array_equal(at.logits[~at.is_deep], fast.logits[~at.is_deep])


def test_a_router_that_knows_beats_chance_and_length_between_the_ends(branches):
    fast, deep, examples = branches
    curves = deferral_curves(fast, deep, examples, budget=0.05, seed=0)
    assert set(curves) == {"learned", "length", "random"}
    by_share = {name: dict(zip(DEEP_SHARES, curve, strict=True)) for name, curve in curves.items()}
    for name in curves:
        assert by_share[name][0.0]["recall"] == 0.5 and by_share[name][0.0]["measured_share"] == 0
        assert by_share[name][1.0]["recall"] == 1.0 and by_share[name][1.0]["measured_share"] == 1
    assert by_share["learned"][0.3]["recall"] == 1.0
    assert by_share["random"][0.3]["recall"] < 0.9 and by_share["length"][0.3]["recall"] < 0.9


def test_views_can_be_left_out(branches):
    fast, deep, _ = branches
    with_views = combine_branches(fast, deep, np.zeros(N, dtype=bool))
    with_views.view_index[1] = 0
    with_views.text_index[1] = 0
    left = drop_views(with_views)
    assert len(left.logits) == N - 1 and (left.view_index < 0).all()
