"""The front end under any Unicode string, lone surrogates and invisible characters included."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.text.chars import char_ids_of, code_points_of, replace_lone_surrogates
from src.text.tokenization import GuardTokenizer

# Ordinary words, what WordPiece drops, what it decomposes, what it does not know, and any code point at all.
INVISIBLE = "\u200b\u200d\u202e\u2066\u00ad\ufeff\ufe0f\x00\x07\U000e0041\U000e0101\ud800\udfff\u0301\u302e"
PARTS = st.one_of(
    st.sampled_from(["[SEP]", "[PAD]", "</s>", "<mask>"]),
    st.sampled_from(["ignore", "the rules", " ", "\n", "a1b2", "\ud55c\uad6d", "\u0130", "\u043e"]),
    st.text(st.sampled_from(INVISIBLE), min_size=1, max_size=30),
    st.builds("".join, st.lists(st.characters(exclude_categories=()), max_size=12)),
    st.builds(lambda c, n: c * n, st.sampled_from(["x", "\u0436", "\ud55c", "\U0001f600", "Q1"]), st.integers(30, 140)),
)
TEXTS = st.lists(PARTS, max_size=8).map("".join)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ASCII_SPACE = " \t\n\r\x0b\x0c"


def reads(rows: np.ndarray, expected: list[int]) -> bool:
    """Whether the characters of the tokens (N, C) are the expected ones in order, but for tokens that repeat the last ones:
    tokens of one character share it."""
    read = {0}  # how many characters may have been read; a repeated token may be the first or the second of two
    for row in rows[1:-1]:
        chars = row[row > 0].tolist()
        read = {n + len(chars) for n in read if expected[n : n + len(chars)] == chars} | {
            n for n in read if expected[max(n - len(chars), 0) : n] == chars
        }
    return len(expected) in read


@SETTINGS
@given(text=TEXTS)
def test_windows_are_consistent_and_cover_the_text(either_tokenizer: GuardTokenizer, text: str) -> None:
    windows = either_tokenizer.windows([text])
    assert (windows[0].start, windows[-1].end) == (0, len(text))
    for window in windows:
        assert window.char_ids.shape == (len(window.input_ids), 20)
        assert 2 <= len(window.input_ids) <= either_tokenizer.max_tokens
        assert 0 <= window.start <= window.end <= len(text)
        assert ((window.input_ids >= 0) & (window.input_ids < either_tokenizer.vocab_size)).all()
        assert (window.char_ids[1:-1, 0] > 0).all(), "every token stands for at least one character"
        assert not window.char_ids[[0, -1]].any()
        filled = window.char_ids > 0
        assert (filled[:, :-1] >= filled[:, 1:]).all(), "characters come first, then padding"
    for before, after in zip(windows, windows[1:], strict=False):
        assert before.start <= after.start <= before.end <= after.end, "no characters between windows"
        assert len(after.input_ids) - 2 > either_tokenizer.window_overlap


@SETTINGS
@given(text=TEXTS)
def test_every_visible_and_invisible_character_reaches_the_network(either_tokenizer: GuardTokenizer, text: str) -> None:
    kept = "".join(char for char in text if char not in ASCII_SPACE)
    expected = char_ids_of(code_points_of(replace_lone_surrogates(kept)))
    (window,) = GuardTokenizer(either_tokenizer._tokenizer, max_tokens=4096, window_overlap=0).windows([text])
    assert (len(window.input_ids) == 2) == (kept == "")
    assert reads(window.char_ids, expected.tolist())


@SETTINGS
@given(text=TEXTS)
def test_no_text_holds_a_special_token(either_tokenizer: GuardTokenizer, text: str) -> None:
    special = {either_tokenizer.pad_id, *either_tokenizer.windows([""])[0].input_ids.tolist()}
    for window in either_tokenizer.windows([text]):
        assert not special.intersection(window.input_ids[1:-1].tolist())


@SETTINGS
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_tokens_do_not_depend_on_the_batch_or_the_call(either_tokenizer: GuardTokenizer, texts: list[str]) -> None:
    together = either_tokenizer.windows(texts)
    assert sorted({window.text_index for window in together}) == list(range(len(texts)))
    alone = [window for text in texts for window in either_tokenizer.windows([text])]
    assert len(together) == len(alone)
    batch = either_tokenizer.collate(together)
    assert batch.input_ids.shape[1] % 8 == 0 or len(together) == 1
    for row, (a, b) in enumerate(zip(together, alone, strict=True)):
        n = len(a.input_ids)
        assert np.array_equal(a.input_ids, b.input_ids) and np.array_equal(a.char_ids, b.char_ids)
        assert (a.start, a.end) == (b.start, b.end)
        assert np.array_equal(batch.input_ids[row, :n], a.input_ids)
        assert np.array_equal(batch.char_ids[row, :n], a.char_ids)
        assert batch.attention_mask[row].tolist() == [1] * n + [0] * (batch.input_ids.shape[1] - n)
