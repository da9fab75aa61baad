"""The guard's text front end as a tokenizer of the transformers library, with the characters that the network reads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from transformers import BatchEncoding, PreTrainedTokenizerFast
from transformers.tokenization_utils_base import TruncationStrategy
from transformers.utils import PaddingStrategy

from ..errors import ArtifactError
from ..text.chars import CHAR_VOCAB_SIZE
from ..text.tokenization import GuardTokenizer

SPECIAL_TOKEN_KEYS = ("pad_token", "cls_token", "sep_token", "unk_token")  # in the order of GuardTokenizer.special_tokens
FRONT_END_KEYS = ("window_overlap", "chars_per_token", "char_vocab_size")  # kept in tokenizer_config.json
# Options of a call that are not supported for a single text of wordpieces and characters.
UNSUPPORTED = ("is_split_into_words", "return_token_type_ids", "return_special_tokens_mask", "return_offsets_mapping")


class TinyGuardrailTokenizer(PreTrainedTokenizerFast):
    """`GuardTokenizer` behind transformers' interface: input_ids, attention_mask (B, T) and char_ids (B, T, C).

    The tokenizers library gives other ids from the same tokenizer.json: the guard reads "[SEP]" and "</s>" as text, gives
    characters that the normaliser drops tokens of their own, and cuts words of more than 100 characters that WordPiece does
    not know.
    `truncation=True` reads the beginning of a text; with `return_overflowing_tokens=True` it reads every window, and
    `overflow_to_sample_mapping` holds the text index of each (overlap: `stride`, or the guard's own when that is 0).
    """

    model_input_names = ["input_ids", "attention_mask", "char_ids"]
    # No __init__: transformers would then rebuild the backend from its vocabulary alone and lose the normaliser.

    @classmethod
    def of(cls, tokenizer: GuardTokenizer, tokenizer_file: Path) -> TinyGuardrailTokenizer:
        """The same front end; `tokenizer_file` is the tokenizer.json that `tokenizer` was read from."""
        return cls(
            tokenizer_file=str(tokenizer_file),
            model_max_length=tokenizer.max_tokens,
            window_overlap=tokenizer.window_overlap,
            chars_per_token=tokenizer.chars_per_token,
            char_vocab_size=CHAR_VOCAB_SIZE,
            split_special_tokens=True,
            **dict(zip(SPECIAL_TOKEN_KEYS, tokenizer.special_tokens, strict=True)),
        )

    def front_end(self, max_tokens: int, window_overlap: int = 0) -> GuardTokenizer:
        """The guard's tokenizer for windows of that size. Raises ArtifactError for a foreign tokenizer_config.json."""
        missing = [key for key in FRONT_END_KEYS if key not in self.init_kwargs]
        if missing:
            raise ArtifactError(
                f"tokenizer_config.json of {self.name_or_path!r} lacks {', '.join(missing)}; it is not the tokenizer of a guard: "
                "write the directory again with scripts/save_pretrained.py"
            )
        return GuardTokenizer(
            self.backend_tokenizer,
            max_tokens=max_tokens,
            window_overlap=window_overlap,
            chars_per_token=self.init_kwargs["chars_per_token"],
            char_vocab_size=self.init_kwargs["char_vocab_size"],
        )

    def tokenize(self, text: str, pair: str | None = None, add_special_tokens: bool = False, **kwargs: Any) -> list[str]:
        """The wordpieces of one text as strings."""
        input_ids = self(text, pair, add_special_tokens=add_special_tokens, **kwargs)["input_ids"]
        return cast("list[str]", self.convert_ids_to_tokens(input_ids))

    def _encode_plus(  # type: ignore[override]  # the two base classes of transformers disagree about it
        self,
        text: str | Sequence[str],
        text_pair: object = None,
        add_special_tokens: bool = True,
        padding_strategy: PaddingStrategy = PaddingStrategy.DO_NOT_PAD,
        truncation_strategy: TruncationStrategy = TruncationStrategy.DO_NOT_TRUNCATE,
        max_length: int | None = None,
        stride: int = 0,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_tensors: str | None = None,
        return_attention_mask: bool | None = None,
        return_overflowing_tokens: bool = False,
        **kwargs: Any,
    ) -> BatchEncoding:
        """The implementation of `__call__` and `encode`. Raises ValueError for anything but a text or a sequence of texts."""
        texts = [text] if isinstance(text, str) else list(text)
        unsupported = [name for name in UNSUPPORTED if kwargs.get(name)] + ["text_pair"] * (text_pair is not None)
        if unsupported or not all(isinstance(one, str) for one in texts):
            raise ValueError(
                f"expected a text or a list of texts, found {type(text).__name__} with {unsupported or 'no other options'}; the "
                "guard reads one text at a time, as a str"
            )
        num_special = 2  # [CLS] and [SEP]
        size = sys.maxsize
        if truncation_strategy != TruncationStrategy.DO_NOT_TRUNCATE and max_length is not None:
            size = max_length if add_special_tokens else max_length + num_special
        overlap = (stride or self.init_kwargs.get("window_overlap", 0)) if return_overflowing_tokens else 0
        windows = self.front_end(size, overlap).windows(texts)
        if not return_overflowing_tokens:
            windows = [next(group) for _, group in groupby(windows, key=attrgetter("text_index"))]
        inner = slice(None) if add_special_tokens else slice(1, -1)
        encoded = {
            "input_ids": [window.input_ids[inner].tolist() for window in windows],
            "char_ids": [window.char_ids[inner].tolist() for window in windows],
        }
        if return_overflowing_tokens:
            encoded["overflow_to_sample_mapping"] = [window.text_index for window in windows]
        padded = self.pad(
            encoded,
            padding=padding_strategy,
            max_length=max_length,
            pad_to_multiple_of=pad_to_multiple_of,
            padding_side=padding_side,
            return_attention_mask=return_attention_mask,
            return_tensors=return_tensors,
        )
        if isinstance(text, str) and return_tensors is None and not return_overflowing_tokens:
            return BatchEncoding({name: rows[0] for name, rows in padded.items()})
        return padded

    def _pad(
        self,
        encoded_inputs: Any,
        max_length: int | None = None,
        padding_strategy: PaddingStrategy = PaddingStrategy.DO_NOT_PAD,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_attention_mask: bool | None = None,
    ) -> Any:
        """One row, padded on the right: positions count from the first token. Characters follow their tokens."""
        if (padding_side or self.padding_side) != "right":
            raise ValueError("expected padding_side='right', found 'left'; the network counts positions from the first token")
        padded = super()._pad(
            encoded_inputs, max_length, padding_strategy, pad_to_multiple_of, padding_side, return_attention_mask
        )
        if "char_ids" in padded:
            rows = padded["char_ids"]
            no_characters = [0] * self.init_kwargs["chars_per_token"]
            padded["char_ids"] = list(rows) + [no_characters] * (len(padded["input_ids"]) - len(rows))
        return padded
