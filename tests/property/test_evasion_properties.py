"""Laws of the disguises: any text can be disguised, and only what carries the payload passes for recoverable."""

import random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from src.data.attacks.wrappers import COVERS
from src.evaluation.evasion import MOVES, Disguise, moves_by_family
from src.evaluation.recoverable import MIN_EDITED_WORD_LETTERS, Move, edit_distance, is_one_edit, is_recoverable

SEEDS = st.integers(0, 2**32 - 1)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=60)
LONG_WORDS = ("harbour", "lantern", "copper", "window", "marble", "orchard", "thunder", "velvet", "kingdom", "pepper", "saddle")
OTHER_WORDS = (
    "bicycle",
    "galaxy",
    "mustard",
    "flannel",
    "cricket",
    "tobacco",
    "glacier",
    "whistle",
    "jigsaw",
    "zodiac",
    "quiver",
)
PAYLOAD = st.lists(st.sampled_from(LONG_WORDS), min_size=4, max_size=10).map(" ".join)
OTHER = st.lists(st.sampled_from(OTHER_WORDS), min_size=4, max_size=10).map(" ".join)
AROUND = [name for name in MOVES if name.startswith(("pad/", "route/", "wrap/"))]
CHAIN = st.lists(st.sampled_from(sorted(MOVES)), min_size=1, max_size=5)
FILLERS = COVERS["evaluation"].texts


def disguised(text: str, chain: list[str], seed: int) -> Disguise:
    found, rng = Disguise.of(text), random.Random(seed)
    for name in chain:
        found = MOVES[name](found, rng, FILLERS) or found
    return found


@pytest.mark.parametrize("family", sorted(moves_by_family()))
@settings(max_examples=25, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS, data=st.data())
@example(text="\ud800 \U000e0041", seed=1, data=None)
@example(text=" \n", seed=1, data=None)
def test_moves_are_pure_and_take_any_text(family, text, seed, data):
    names = moves_by_family()[family] if data is None else [data.draw(st.sampled_from(moves_by_family()[family]))]
    for name in names:
        state = random.getstate()
        found = disguised(text, [name, "edit/case", name], seed)
        assert found == disguised(text, [name, "edit/case", name], seed)
        assert random.getstate() == state
        assert isinstance(is_recoverable(text, found.text, found.moves), bool)


@settings(max_examples=150, deadline=None)
@given(text=PAYLOAD, other=OTHER, chain=CHAIN, seed=SEEDS)
def test_no_disguise_carries_another_payload(text, other, chain, seed):
    found = disguised(text, chain, seed)
    assert not is_recoverable(other, found.text, found.moves)


@settings(max_examples=150, deadline=None)
@given(text=PAYLOAD, chain=CHAIN, seed=SEEDS)
def test_without_its_last_third_a_payload_is_lost(text, chain, seed):
    found = disguised(text, chain, seed)
    before, after = ("".join(part) for part in ([m.before for m in reversed(found.around)], [m.after for m in found.around]))
    cut = found.coded[: len(found.coded) * 2 // 3]
    assert not is_recoverable(text, before + cut + after, found.moves)


@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT, seed=SEEDS, chain=st.lists(st.sampled_from(AROUND)))
def test_what_is_only_put_around_keeps_any_text(text, seed, chain):
    found = disguised(text, chain, seed)
    assert text in found.text and is_recoverable(text, found.text, found.moves)
    assert found.edit_size == 0 and found.added_chars == len(found.text) - len(text)


@settings(max_examples=60, deadline=None)
@given(text=PAYLOAD, seed=SEEDS, chain=st.lists(st.sampled_from([*AROUND, "edit/case"]), max_size=2))
def test_a_split_payload_has_harmless_text_between_its_halves(text, seed, chain):
    found = disguised(text, [*chain, "split/middle"], seed)
    assert found.split is not None and found.coded not in found.text and found.split.between in found.text
    assert is_recoverable(text, found.text, found.moves)
    assert not is_recoverable(text, found.text, [move for move in found.moves if move.name != "split/middle"])


@settings(max_examples=100, deadline=None)
@given(text=PAYLOAD, seed=SEEDS, data=st.data())
def test_one_edit_a_word_within_the_share_is_kept_and_two_in_a_word_are_not(text, seed, data):
    rng, words = random.Random(seed), text.split()
    place = data.draw(st.integers(0, len(words) - 1))
    letter = rng.randrange(len(words[place]))
    word = words[place][:letter] + words[place][letter + 1 :]
    once = [*words[:place], word, *words[place + 1 :]]
    assert is_recoverable(text, " ".join(once), [Move("edit/delete")])
    twice = [*words[:place], f"q{word}z", *words[place + 1 :]]
    assert not is_recoverable(text, " ".join(twice), [Move("edit/insert")])


@settings(max_examples=100, deadline=None)
@given(text=PAYLOAD, data=st.data())
def test_short_words_stay_as_they_are(text, data):
    short = data.draw(st.sampled_from(["not", "car", "gun"]))
    assert len(short) < MIN_EDITED_WORD_LETTERS
    assert not is_recoverable(f"{text} {short}", f"{text} {short[:-1]}", [Move("edit/delete")])


@settings(max_examples=100, deadline=None)
@given(a=st.text("abc", max_size=7), b=st.text("abc", max_size=7))
@example(a="ab", b="ba")
def test_edit_distances_are_right(a, b):
    rows = [[max(i, j) if not (i and j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
    assert edit_distance(a, b) == rows[-1][-1]
    is_swap = any(a[:i] + a[i + 1 : i + 2] + a[i : i + 1] + a[i + 2 :] == b for i in range(len(a) - 1))
    assume(a != b)
    assert is_one_edit(a, b) == (rows[-1][-1] == 1 or is_swap)
