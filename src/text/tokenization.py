"""Text to model input, the same for training, evaluation, the exported graph and the server. Torch-free.

A token is a piece of the encoder's vocabulary with the raw characters that it covers. Two kinds of vocabulary are supported:
WordPiece (bert-base-uncased lower-cases, strips accents and deletes zero-width, tag and variation-selector characters) and
Unigram (XLM-R's keeps case and accents, folds compatibility forms and deletes some invisible characters). `char_ids` come
from the raw text through the offsets, so the character CNN still sees characters that the vocabulary's normaliser drops. Dropped
characters belong to the token before them (at the start of a text, to the one after); characters beyond C continue in
additional unknown tokens. ASCII white space has no character id. Shapes: B windows, T tokens, C characters per token, N tokens
of a text; [CLS], [SEP], [PAD] and [UNK] are <s>, </s>, <pad> and <unk> in a Unigram vocabulary.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Self, cast

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from ..errors import ArtifactError
from .chars import CHAR_VOCAB_SIZE, NUM_CODE_POINTS, char_ids_of, code_points_of, replace_lone_surrogates

LENGTH_MULTIPLE = 8  # padded batches have a multiple of this many tokens
# WordPiece turns a word of more than 100 characters into one [UNK]. Such a word is cut into pieces of this many raw
# characters; a Hangul syllable counts as three once it is decomposed, so a piece stays below the limit.
MAX_WORD_CHARS = 32
# Longer texts are tokenised piece by piece, cut at white space, so that memory stays bounded.
MAX_PIECE_CHARS = 1 << 16
# Padding, start, end and unknown token, as WordPiece and as Unigram vocabularies call them.
SPECIAL_TOKENS = (("[PAD]", "[CLS]", "[SEP]", "[UNK]"), ("<pad>", "<s>", "</s>", "<unk>"))
SPECIAL_TOKEN_SCORE = -1000.0  # log probability in a Unigram vocabulary; ordinary pieces have -4 to -21
_UNKNOWN = -1  # in `_is_dropped`: not looked up yet

# Indexed by character id. ASCII ids are one to one, so no other character shares the id of an ASCII white space.
_HAS_CHARACTER = np.ones(CHAR_VOCAB_SIZE, dtype=bool)
_HAS_CHARACTER[char_ids_of(np.array([9, 10, 11, 12, 13, 32]))] = False


@dataclass(frozen=True)
class Window:
    """A piece of one text that the network reads at once, [CLS] and [SEP] included."""

    text_index: int
    input_ids: np.ndarray  # (n,) int32
    char_ids: np.ndarray  # (n, C) int16, 0 = no character
    start: int  # characters [start, end) of the raw text
    end: int
    unreadable: float  # share of the characters of the whole text, without white space, that no known token covers


@dataclass(frozen=True)
class Encoding:
    """A padded batch, named as the inputs of the network."""

    input_ids: np.ndarray  # (B, T) int64
    attention_mask: np.ndarray  # (B, T) int64, 1 = real token
    char_ids: np.ndarray  # (B, T, C) int64

    def feeds(self) -> dict[str, np.ndarray]:
        """The inputs of an ONNX Runtime session."""
        return {"input_ids": self.input_ids, "attention_mask": self.attention_mask, "char_ids": self.char_ids}


@dataclass(frozen=True)
class _Tokens:
    """The tokens of one text without [CLS] and [SEP]."""

    ids: np.ndarray  # (N,) int32
    char_ids: np.ndarray  # (N, C) int16
    starts: np.ndarray  # (N,) first character of each token; the next token's start ends it
    characters: int  # characters of the text, without white space
    unreadable: int  # number of them that are dropped or in unknown tokens

    @property
    def unreadable_share(self) -> float:
        return self.unreadable / max(self.characters, 1)


class GuardTokenizer:
    """Ids of a WordPiece or Unigram vocabulary with the raw characters of every token."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        *,
        max_tokens: int = 256,
        window_overlap: int = 64,
        chars_per_token: int = 20,
        char_vocab_size: int = CHAR_VOCAB_SIZE,
    ) -> None:
        if char_vocab_size != CHAR_VOCAB_SIZE:
            raise ArtifactError(
                f"expected a model over the {CHAR_VOCAB_SIZE} ids of this version's character table, found one over"
                f" {char_vocab_size}; set model.char_vocab_size={CHAR_VOCAB_SIZE} or use the version that trained it"
            )
        if not 0 <= window_overlap < max_tokens - 2:
            raise ValueError(f"window_overlap must be in [0, {max_tokens - 2}), got {window_overlap}")
        # A packaged tokenizer may pad and truncate; truncation would hide text from the guard.
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer = _with_typed_special_tokens_as_text(tokenizer)
        self.max_tokens, self.window_overlap, self.chars_per_token = max_tokens, window_overlap, chars_per_token
        self.vocab_size = tokenizer.get_vocab_size()
        self._is_dropped = np.full(NUM_CODE_POINTS, _UNKNOWN, dtype=np.int8)  # code point -> cached result of `_drops`
        self._is_unigram = isinstance(tokenizer.model, Unigram)
        self.special_tokens = SPECIAL_TOKENS[self._is_unigram]
        self.pad_id, self._cls, self._sep, self._unk = _special_ids(tokenizer, self.special_tokens)

    @classmethod
    def from_file(
        cls,
        path: Path,
        *,
        max_tokens: int = 256,
        window_overlap: int = 64,
        chars_per_token: int = 20,
        char_vocab_size: int = CHAR_VOCAB_SIZE,
    ) -> Self:
        """A `tokenizer.json` in the format of the tokenizers library. Raises ArtifactError if it cannot be used."""
        path = Path(path)
        if not path.is_file():
            raise ArtifactError(f"no tokenizer at {path}; expected a tokenizer.json, as every exported directory has")
        problem = f"{path} is not a tokenizer.json of the tokenizers library; copy it again from the encoder"
        try:
            content = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ArtifactError(f"{problem}: {error}") from error
        try:
            tokenizer = Tokenizer.from_str(content)
        except Exception as error:
            if type(error) is not Exception:  # the library raises the bare class for JSON that it cannot use
                raise
            raise ArtifactError(f"{problem}: {error}") from error
        return cls(
            tokenizer,
            max_tokens=max_tokens,
            window_overlap=window_overlap,
            chars_per_token=chars_per_token,
            char_vocab_size=char_vocab_size,
        )

    def save(self, path: Path) -> None:
        """Write a tokenizer.json that `from_file` reads back."""
        Path(path).write_text(self._tokenizer.to_str(pretty=False), encoding="utf-8")

    def encode(self, texts: Sequence[str]) -> Encoding:
        """One window per text, padded together. Raises ValueError when a text needs more: nothing is truncated silently."""
        windows = self.windows(texts)
        if len(windows) > len(texts):
            long = next(a.text_index for a, b in pairwise(windows) if a.text_index == b.text_index)
            raise ValueError(
                f"expected texts of at most {self.max_tokens} tokens, found that text {long} needs more; cut it with"
                " windows() and pad the windows with collate()"
            )
        return self.collate(windows)

    def windows(self, texts: Sequence[str]) -> list[Window]:
        """Every text as overlapping windows of at most `max_tokens` tokens, in order; at least one per text."""
        return [window for index, text in enumerate(texts) for window in self._windows_of(index, text)]

    def tokens_of(self, window: Window) -> list[str]:
        """The tokens of a window as the vocabulary spells them, [CLS] and [SEP] included."""
        return cast("list[str]", [self._tokenizer.id_to_token(int(token)) for token in window.input_ids])

    def dropped_characters(self, text: str) -> Counter[str]:
        """Characters of a text, without white space, that the normaliser deletes; only `char_ids` contain them."""
        counts = Counter(replace_lone_surrogates(text))
        return Counter({char: n for char, n in counts.items() if not char.isspace() and self._drops(char)})

    def _drops(self, char: str) -> bool:
        normalizer = self._tokenizer.normalizer
        return normalizer is not None and not normalizer.normalize_str(char)

    def _drop_mask(self, code_points: np.ndarray) -> np.ndarray:
        """Which characters the normaliser deletes, (N,) code points -> (N,) bool; results are cached."""
        is_dropped = self._is_dropped.take(code_points)
        if (is_dropped == _UNKNOWN).any():
            for code in np.unique(code_points[is_dropped == _UNKNOWN]).tolist():
                self._is_dropped[code] = self._drops(chr(code))
            is_dropped = self._is_dropped.take(code_points)
        return is_dropped == 1

    def collate(self, windows: Sequence[Window]) -> Encoding:
        """Pad windows to the longest one, rounded up to a multiple of 8. Raises ValueError when there is none.

        A single window is not padded: INT8 activation ranges would include the padding, and a text that is served alone
        must be scored as in training.
        """
        if not windows:
            raise ValueError("expected at least one window to collate, got none")
        longest = max(len(window.input_ids) for window in windows)
        T = longest if len(windows) == 1 else -(-longest // LENGTH_MULTIPLE) * LENGTH_MULTIPLE
        input_ids = np.full((len(windows), T), self.pad_id, dtype=np.int64)
        attention_mask = np.zeros((len(windows), T), dtype=np.int64)
        char_ids = np.zeros((len(windows), T, self.chars_per_token), dtype=np.int64)
        for row, window in enumerate(windows):
            n = len(window.input_ids)
            input_ids[row, :n], attention_mask[row, :n], char_ids[row, :n] = window.input_ids, 1, window.char_ids
        return Encoding(input_ids, attention_mask, char_ids)

    def _windows_of(self, index: int, text: str) -> list[Window]:
        tokens, size = self._tokenize(text), self.max_tokens - 2
        count, step = len(tokens.ids), size - self.window_overlap
        starts = range(0, max(count - size, 0) + step, step)
        return [self._window(index, text, tokens, start, min(start + size, count)) for start in starts]

    def _window(self, index: int, text: str, tokens: _Tokens, first: int, last: int) -> Window:
        """The tokens [first, last) between [CLS] and [SEP]."""
        n = last - first + 2
        input_ids = np.empty(n, dtype=np.int32)
        char_ids = np.zeros((n, self.chars_per_token), dtype=np.int16)
        input_ids[0], input_ids[1:-1], input_ids[-1] = self._cls, tokens.ids[first:last], self._sep
        char_ids[1:-1] = tokens.char_ids[first:last]
        start = int(tokens.starts[first]) if first else 0
        end = int(tokens.starts[last]) if last < len(tokens.ids) else len(text)
        return Window(index, input_ids, char_ids, start, end, tokens.unreadable_share)

    def _tokenize(self, text: str) -> _Tokens:
        text = replace_lone_surrogates(text)
        if len(text) <= MAX_PIECE_CHARS:
            return self._tokenize_piece(text, 0)
        pieces = [self._tokenize_piece(text[a:b], a) for a, b in _piece_bounds(text)]
        return _Tokens(
            ids=np.concatenate([piece.ids for piece in pieces]),
            char_ids=np.concatenate([piece.char_ids for piece in pieces]),
            starts=np.concatenate([piece.starts for piece in pieces]),
            characters=sum(piece.characters for piece in pieces),
            unreadable=sum(piece.unreadable for piece in pieces),
        )

    def _tokenize_piece(self, text: str, offset: int) -> _Tokens:
        code_points = code_points_of(text)
        all_chars = char_ids_of(code_points)
        positions = _HAS_CHARACTER.take(all_chars).nonzero()[0]  # (P,) positions of characters that need a token
        ids, starts = self._attach_leading(*self._pieces(text, positions), positions)

        # Each token owns the characters from its start to the next token's start, so dropped ones go to the token before them.
        # Of tokens that stand for one character (jamo of a Hangul syllable, digits of a fraction) the last one owns it and the
        # others copy it.
        N, C = len(ids), self.chars_per_token
        owner = np.searchsorted(starts, positions, side="right") - 1
        owned = np.bincount(owner, minlength=N)  # (N,) characters of each token
        place = np.arange(len(positions)) + (C * np.arange(N) - np.cumsum(owned) + owned).take(
            owner
        )  # C * token + rank in the token
        if not N or owned.max() <= C:
            all_ids, all_starts, first = ids, starts, np.arange(N)
        else:  # characters beyond C get additional unknown tokens
            copies = np.maximum(-(-owned // C), 1)
            first = np.cumsum(copies) - copies
            all_ids = np.full(int(copies.sum()), self._unk, dtype=np.int32)
            all_ids[first] = ids
            all_starts = np.repeat(starts, copies)
            place += (C * (first - np.arange(N))).take(owner)
            continued = (place % C == 0) & (place > C * first.take(owner))
            all_starts[place[continued] // C] = positions[continued]
        char_ids = np.zeros((len(all_ids), C), dtype=np.int16)
        char_ids.reshape(-1)[place] = all_chars.take(positions)
        empty = (owned == 0).nonzero()[0]
        if len(empty):
            owners = owned.nonzero()[0]
            char_ids[first[empty]] = char_ids[first[owners[np.searchsorted(owners, empty)]]]
        is_unreadable = (ids.take(owner) == self._unk) | self._drop_mask(code_points.take(positions))
        return _Tokens(all_ids, char_ids, all_starts + offset, len(positions), int(np.count_nonzero(is_unreadable)))

    def _pieces(self, text: str, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ids (N,) and the first raw character of each token (N,), ascending; dropped characters have no token."""
        ids, starts, ends = self._encode(text)
        if self._is_unigram:  # words of any length have pieces, and white space has pieces too
            has_characters = np.searchsorted(positions, starts) < np.searchsorted(positions, ends)
            return ids[has_characters], starts[has_characters]
        is_long = (ids == self._unk) & (ends - starts > MAX_WORD_CHARS)
        if is_long.any():
            spans = zip(starts[is_long], ends[is_long], strict=True)
            breaks = np.concatenate([np.arange(start + MAX_WORD_CHARS, end, MAX_WORD_CHARS) for start, end in spans])
            spaced = np.insert(code_points_of(text), breaks, ord(" ")).tobytes().decode("utf-32-le")
            raw_index = np.insert(np.arange(len(text)), breaks, breaks)
            ids, starts, _ = self._encode(spaced)
            starts = raw_index[starts]
        return ids, starts

    def _encode(self, text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Ids, starts and ends (N,) of the library's tokens, in code points; starts never descend."""
        skipped = self._count_leading_dropped(text) if self._is_unigram else 0
        encoding = self._tokenizer.encode(text[skipped:], add_special_tokens=False)
        ids = np.array(encoding.ids, dtype=np.int32)
        offsets = np.fromiter(chain.from_iterable(encoding.offsets), dtype=np.int64, count=2 * len(ids)) + skipped
        return ids, offsets[::2], offsets[1::2]

    def _count_leading_dropped(self, text: str) -> int:
        """Dropped characters at the start of a text: the library's Precompiled normaliser counts offsets without them."""
        if not self._drop_mask(code_points_of(text[:1])).any():
            return 0
        is_kept = ~self._drop_mask(code_points_of(text))
        return int(is_kept.argmax()) if is_kept.any() else len(text)

    def _attach_leading(self, ids: np.ndarray, starts: np.ndarray, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give dropped characters at the start of a text to the first token, or to an [UNK] if they do not fit."""
        leading = int(np.searchsorted(positions, starts[0])) if len(ids) else len(positions)
        if not leading:
            return ids, starts
        num_first = int(np.searchsorted(starts, starts[0], side="right")) if len(ids) else 0  # tokens with the first start
        num_chars = int(np.searchsorted(positions, starts[num_first])) if num_first < len(ids) else len(positions)
        if len(ids) and num_chars <= self.chars_per_token:
            starts = starts.copy()
            starts[:num_first] = positions[0]
            return ids, starts
        return np.insert(ids, 0, self._unk), np.insert(starts, 0, positions[0])


def _special_ids(tokenizer: Tokenizer, tokens: Sequence[str]) -> list[int]:
    ids = {token: tokenizer.token_to_id(token) for token in tokens}
    missing = [token for token, index in ids.items() if index is None]
    if missing:
        raise ArtifactError(
            f"expected a vocabulary with {', '.join(tokens)}, found none of {', '.join(missing)}; use the encoder's"
            " tokenizer.json"
        )
    return [index for index in ids.values() if index is not None]


def _with_typed_special_tokens_as_text(tokenizer: Tokenizer) -> Tokenizer:
    """A tokenizer that reads "[SEP]" or "</s>" typed by a user as ordinary characters, not as a special token.

    A Unigram model has the special tokens among its pieces, with the highest score of all, and so matches them in any text.
    """
    tokenizer.encode_special_tokens = True
    special = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    typed = {token for token in special if token in tokenizer.encode(token, add_special_tokens=False).tokens}
    if typed and isinstance(tokenizer.model, Unigram):
        content = json.loads(tokenizer.to_str())
        content["model"]["vocab"] = [
            [piece, SPECIAL_TOKEN_SCORE if piece in typed else score] for piece, score in content["model"]["vocab"]
        ]
        tokenizer = Tokenizer.from_str(json.dumps(content))
        tokenizer.encode_special_tokens = True
    return tokenizer


def _piece_bounds(text: str) -> list[tuple[int, int]]:
    """Cut a text into pieces of at most MAX_PIECE_CHARS characters, after white space where there is any."""
    bounds, start = [], 0
    while start < len(text):
        end = min(start + MAX_PIECE_CHARS, len(text))
        if end < len(text):
            spaces = [text.rfind(space, start + MAX_PIECE_CHARS // 2, end) for space in " \n\t"]
            end = max(spaces) + 1 if max(spaces) >= 0 else end
        bounds.append((start, end))
        start = end
    return bounds
