"""Chat messages: which of their texts are judged, under which policy, and how the verdict on a conversation follows.

A message is a mapping with a role and content: a str, None in the model's place, or a list of parts. Parts with text are
joined by line breaks and judged as one text, because an attack may be split over them. Titles of a part are read, and nested
content, as in tool results of some interfaces, like the content of a message; parts without text, such as images, are counted by
type.

- The user's and the model's messages are judged under the guard's policy. System messages and tool results are documents:
  the model reads them, but they are not requests. They are judged under DOCUMENT_POLICY (src/policy.py).
- A conversation is a threat if one of the judged messages is. The deciding message is the one with the largest
  p_attack - threshold; of equal ones the last.
- A message with nothing but white space has no text and is not judged.
- Messages are judged one by one: an instruction that is spread over several messages is not assembled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from ..text.chars import is_blank

if TYPE_CHECKING:
    from .guard import Verdict

SPEAKERS = ("user", "assistant")
DOCUMENTS = ("system", "developer", "tool", "function")
ROLES = (*SPEAKERS, *DOCUMENTS)
# Of a message of the model, beside its content or in its place.
UNREAD_KEYS = ("tool_calls", "function_call", "refusal", "reasoning_content", "audio")
TEXT_KEYS = ("title", "source", "context", "text")  # of a part: what a model reads of it, beside nested parts
BODY_KEYS = {"text", "data"}  # a part with neither, and without nested parts, holds something else than text
MAX_NESTING = 8  # levels of parts inside parts


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one message."""

    index: int  # in the list that was passed
    role: str
    text: str | None  # None: it has no text, or only white space
    unread: dict[str, int]  # parts that hold no text, by their type

    @property
    def is_document(self) -> bool:
        return self.role in DOCUMENTS


@dataclass(frozen=True, slots=True)
class MessageVerdict:
    """The guard's verdict on one message."""

    index: int  # in the list that was passed
    role: str
    verdict: Verdict | None  # None: it has no text, or only white space
    unread: dict[str, int]  # its parts that were not judged, by their type: {"image_url": 1}

    def to_dict(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"verdict": None if self.verdict is None else self.verdict.to_dict()}


@dataclass(frozen=True, slots=True)
class ConversationVerdict:
    """The guard's verdict on a conversation."""

    threat: bool  # any judged message is a threat
    decided_by: int | None  # index of the deciding message; None: no message has text
    messages: tuple[MessageVerdict, ...]  # of the judged messages, in order
    unread: dict[str, int]  # parts of all messages that were not judged, by type

    @classmethod
    def of(cls, messages: Sequence[MessageVerdict]) -> Self:
        """The verdict that follows from those on the messages."""
        judged = [(each.verdict.p_attack - each.verdict.threshold, each.index) for each in messages if each.verdict is not None]
        return cls(
            threat=any(each.verdict.threat for each in messages if each.verdict is not None),
            decided_by=max(judged)[1] if judged else None,
            messages=tuple(messages),
            unread=dict(sum((Counter(each.unread) for each in messages), Counter())),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"messages": [each.to_dict() for each in self.messages]}


def read_messages(messages: object) -> list[Message]:
    """The texts of a list of messages. Raises TypeError or ValueError that names the message and what is wrong with it."""
    if isinstance(messages, (str, bytes, bytearray, Mapping)) or not isinstance(messages, Iterable):
        raise TypeError(
            f'expected a list of messages such as {{"role": "user", "content": "..."}}, found {type(messages).__name__}'
        )
    read = [_read_message(index, message) for index, message in enumerate(messages)]
    if not read:
        raise ValueError("expected at least one message, found an empty list")
    return read


def turns_to_judge(messages: Sequence[Message]) -> range:
    """Indices of the messages after the model's last message, which it answers next; its own message if that is the last."""
    by_model = [index for index, message in enumerate(messages) if message.role == "assistant"]
    return range(min(by_model[-1] + 1, len(messages) - 1) if by_model else 0, len(messages))


def _read_message(index: int, message: object) -> Message:
    what = f"message {index}"
    if not isinstance(message, Mapping):
        raise TypeError(f'expected {what} to be a mapping with "role" and "content", found {type(message).__name__}')
    unread = Counter({key: _count(message[key]) for key in UNREAD_KEYS if message.get(key)})
    missing = {"role", "content"} - message.keys()
    if "role" in missing or ("content" in missing and not unread):
        raise ValueError(f'expected {what} to have "role" and "content", found the keys {sorted(map(str, message))}')
    role, content = message["role"], message.get("content")
    if role not in ROLES:
        raise ValueError(f"expected the role of {what} to be one of {ROLES}, found {role!r}")
    if content is None and (unread or role == "assistant"):
        return Message(index, role, None, dict(unread))
    if isinstance(content, str):
        return Message(index, role, None if is_blank(content) else content, dict(unread))
    if isinstance(content, Mapping) or not isinstance(content, Sequence) or isinstance(content, (bytes, bytearray)):
        raise TypeError(f"expected the content of {what} to be a str or a list of parts, found {type(content).__name__}")
    text = "\n".join(_texts_of(content, what, unread, MAX_NESTING))
    return Message(index, role, None if is_blank(text) else text, dict(unread))


def _texts_of(parts: Sequence[object], what: str, unread: Counter[str], depth: int) -> list[str]:
    """The texts of the parts of `what` and of nested parts down to `depth`; counts what holds no text in `unread`."""
    texts: list[str] = []
    for place, part in enumerate(parts):
        name = f"part {place} of {what}"
        if isinstance(part, str):
            texts.append(part)
            continue
        if not isinstance(part, Mapping):
            raise TypeError(f'expected {name} to be a str or a mapping with "type", found {type(part).__name__}')
        own = _own_texts(part, name)
        texts += own.values()
        nested = part.get("content")
        if isinstance(nested, str):
            texts.append(nested)
        elif depth and isinstance(nested, Sequence) and not isinstance(nested, (bytes, bytearray)):
            texts += _texts_of(nested, name, unread, depth - 1)
        elif nested is not None or not BODY_KEYS & own.keys():
            unread[str(part.get("type", "unknown"))] += 1
    return texts


def _own_texts(part: Mapping[Any, Any], what: str) -> dict[str, str]:
    """The texts of a part by key, without those of nested parts."""
    if "text" in part and not isinstance(part["text"], str):
        raise TypeError(f'expected "text" of {what} to be a str, found {type(part["text"]).__name__}')
    if "text" not in part and part.get("type") == "text":
        raise ValueError(f'expected {what}, of type "text", to have "text", found the keys {sorted(map(str, part))}')
    texts = {key: part[key] for key in TEXT_KEYS if isinstance(part.get(key), str)}
    source = part.get("source")  # of a document: {"type": "text", "data": "..."}
    if isinstance(source, Mapping) and source.get("type") == "text" and isinstance(source.get("data"), str):
        texts["data"] = source["data"]
    return texts


def _count(calls: object) -> int:
    return len(calls) if isinstance(calls, Sequence) and not isinstance(calls, str) else 1
