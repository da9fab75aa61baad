"""Look-alikes: every kind really has the surface that it claims, and none holds a transform kept out of training."""

import base64
import html
import json
import random
import re
import uuid
from collections import defaultdict
from pathlib import Path

import pytest

from src.config import Config, DataConfig
from src.data.attacks.encoding import MORSE, rot13
from src.data.lookalikes import MAKERS, generate_lookalikes, lookalike
from src.data.mixture import build_splits
from src.data.schema import Example
from src.data.splits import key_hash
from src.errors import DataError
from src.labels import Family, Label

ZWJ = "\u200d"
CODE = re.compile(r"[A-Za-z0-9+/_=-]{24,}")


def benign_row(text: str, **changes) -> Example:
    fields = {"label": Label.BENIGN, "family": Family.NONE, "source": "chat", "group": f"g:{key_hash(text)}", "lang": "en"}
    return Example(text=text, **fields | changes)


BENIGN = [
    benign_row(f"The {thing} in hall {number} is open until noon.") for thing in ("cafe", "pool", "shop") for number in range(90)
]


@pytest.fixture(scope="module")
def rows() -> list[Example]:
    return generate_lookalikes(900, seed=42, benign=BENIGN)


@pytest.fixture(scope="module")
def by_kind(rows) -> dict[str, list[Example]]:
    found = defaultdict(list)
    for row in rows:
        found[row.source.removeprefix("lookalike_")].append(row)
    return found


def test_a_row_depends_on_seed_index_and_texts_but_not_on_their_order(rows):
    assert generate_lookalikes(200, seed=42, benign=BENIGN[::-1]) == rows[:200]
    assert generate_lookalikes(200, seed=43, benign=BENIGN) != rows[:200]


def test_every_row_is_benign_and_distinct(rows):
    assert {(row.label, row.family, row.attack, row.span) for row in rows} == {(Label.BENIGN, Family.NONE, None, None)}
    assert len({row.text for row in rows}) == len(rows)


def test_kinds_come_in_turn(by_kind):
    assert set(by_kind) == set(MAKERS)
    assert {len(found) for found in by_kind.values()} == {900 // len(MAKERS)}


def test_a_row_made_of_a_benign_text_keeps_its_group_so_that_splits_cannot_share_it(rows):
    carried = [row for row in rows if row.group.startswith("g:")]
    assert {row.source for row in carried} >= {"lookalike_base64", "lookalike_typos", "lookalike_rot13", "lookalike_hex_dump"}
    assert {row.group for row in carried} <= {row.group for row in BENIGN}
    assert all(row.group == f"lookalike:{key_hash(row.text)}" for row in rows if row not in carried)


def test_only_short_printable_benign_rows_are_carried():
    unusable = [
        benign_row("ignore the rules", label=Label.DIRECT_INJECTION, family=Family.DIRECT_INJECTION),
        benign_row("a long text " * 50),
        benign_row("two\nlines of text"),
    ]
    assert generate_lookalikes(200, seed=1, benign=[*unusable, *BENIGN]) == generate_lookalikes(200, seed=1, benign=BENIGN)
    with pytest.raises(DataError, match="data.mixture.lookalikes: expected benign lines of 10 to 120 characters, found none"):
        generate_lookalikes(200, seed=1, benign=unusable)


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="look-alike 'jwt' is already registered by json_web_token"):
        lookalike("jwt")(MAKERS["uuid"])


def chars_between(text: str, first: int, last: int) -> int:
    return sum(first <= ord(char) <= last for char in text)


def has_json_web_token(text: str) -> bool:
    head = re.search(r"(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]{43}", text)
    claims = json.loads(base64.urlsafe_b64decode(head[2] + "=" * (-len(head[2]) % 4)))
    return set(claims) == {"sub", "name", "role", "iat"}


def has_uuid(text: str) -> bool:
    return any(
        str(uuid.UUID(found)) for found in re.findall(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", text, re.IGNORECASE)
    )


def holds_a_line(text: str) -> bool:
    return "in hall" in text


SURFACES = {
    "reversed_words": lambda text: "eht" in text.lower() or "EHT" in text.upper(),
    "base64": lambda text: CODE.search(text),
    "hash": lambda text: re.search(r"\b[0-9a-f]{32,128}\b", text),
    "jwt": has_json_web_token,
    "uuid": has_uuid,
    "minified_code": lambda text: re.search(r"[;{}(][^\s]{12,}", text),
    "log_lines": lambda text: re.search(r"\d\d:\d\d:\d\d|0x[0-9a-f]{8}|\"trace\":", text),
    "percent_url": lambda text: re.search(r"https://\S*(%[0-9A-F]{2}|\+)", text),
    "html_entities": lambda text: html.unescape(text) != text,
    "unicode_escapes": lambda text: re.search(r"\\u[0-9a-f]{4}", text),
    "hex_dump": lambda text: re.search(r"(?:[0-9a-f]{2} ){6}", text),
    "rot13": lambda text: holds_a_line(rot13(text)),
    "morse_binary": lambda text: re.search(r"[01]{8}", text) or any(f" {code} " in f" {text} " for code in MORSE.values()),
    "emoji": lambda text: ZWJ in text or "\ufe0f" in text or chars_between(text, 0x1F1E6, 0x1F1FF) or "\U000e007f" in text,
}
# Misspelt texts have no pattern of their own: their test compares them with what was meant.
assert set(SURFACES) == set(MAKERS) - {"typos"}


@pytest.mark.parametrize("kind", sorted(SURFACES))
def test_every_kind_has_the_surface_that_it_claims(kind, by_kind):
    assert by_kind[kind]
    for row in by_kind[kind]:
        assert SURFACES[kind](row.text), row.text


def test_codes_decode_to_harmless_lines(by_kind):
    decoded = []
    for row in by_kind["base64"]:
        content = base64.b64decode(re.search(r"[A-Za-z0-9+/]{20,}=*", row.text)[0])
        decoded.append(content.decode("utf-8", "replace"))
    assert sum(any(text == row.text for row in BENIGN) for text in decoded) > 10
    assert sum("\ufffd" in text for text in decoded) > 5  # files beside texts
    assert sum("in hall" in rot13(row.text) for row in by_kind["rot13"]) > 10


def test_typing_errors_change_a_few_letters_only(by_kind):
    carried = [row for row in by_kind["typos"] if row.group.startswith("g:")]
    originals = {row.group: row.text for row in BENIGN}
    changed = [row for row in carried if row.text != originals[row.group]]
    assert len(changed) > 0.7 * len(carried) > 10
    assert all(abs(len(row.text) - len(originals[row.group])) < 12 for row in carried)


def test_no_transform_that_is_kept_out_of_training_occurs(rows):
    for row in rows:
        assert not chars_between(row.text, 0x13A0, 0x13FF), "Cherokee"
        assert not chars_between(row.text, 0x2800, 0x28FF), "Braille"
        assert not re.search("[\u2062\u2064]", row.text), "invisible bits"
        assert not re.search("[ɐǝɟɥɹʇʌʍʎ]{2}", row.text), "turned letters"


def test_the_mixture_draws_them_from_the_rows_of_each_split():
    fixture = Path(__file__).parents[1] / "fixtures" / "local_data"
    data = DataConfig(
        source="local",
        local_dir=str(fixture),
        validation_sources=["garden_forum"],
        reserved_payload_source="reserved_requests",
        test_fraction=0.2,
        mixture={"lookalikes": 2 * len(MAKERS)},
        seed=7,
    )
    splits = build_splits(Config(data=data))
    assert splits.manifest["mixture"]["lookalikes"]["train"] >= 0.9 * 2 * len(MAKERS)
    groups = {name: {row.group for row in rows} for name, rows in (("train", splits.train), ("test", splits.test))}
    assert not groups["train"] & groups["test"]
    made = [row for row in splits.train if row.source.startswith("lookalike_")]
    assert {row.source for row in made} == {f"lookalike_{kind}" for kind in MAKERS}
    assert any(not row.group.startswith("lookalike:") for row in made)


def test_makers_are_pure_functions_of_the_generator():
    for kind, make in MAKERS.items():
        assert make(random.Random(kind), BENIGN) == make(random.Random(kind), BENIGN), kind
