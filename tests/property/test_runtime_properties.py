"""Whatever the text, the guard returns a verdict that agrees with itself, or names what is wrong with a line."""

import io
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.labels import Family, Label
from src.runtime import Guard, canaries
from src.runtime.bulk import score_stream
from src.text.view_decoders import DECODERS
from src.text.views import MAX_SEARCHED_CHARS

HARD = st.text(st.characters(codec=None), max_size=60)  # lone surrogates and unassigned characters included
INVISIBLE = st.text("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\ufe0f\u3164\U000e0041\U000e007f \t\n\x00", max_size=40)
NOTATION = st.text("ABCDEFabcdef0123456789+/=%\\x&#;.-_ \u0456\u0430", max_size=120)
TEXTS = st.lists(st.one_of(HARD, INVISIBLE, NOTATION, st.sampled_from([*canaries.ATTACKS, "[SEP]", "}{"])), max_size=4).map(
    "".join
)
few = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir, max_chars=150)


@pytest.fixture(scope="module")
def tight_guards(exported_dir):
    """Guards by the most windows that they read."""
    return {limit: Guard.load(exported_dir, max_windows=limit) for limit in (None, *range(1, 7))}


@few
@given(text=TEXTS)
def test_every_text_has_a_verdict_that_agrees_with_its_code(guard, text):
    verdict = guard(text)
    code = Guard.decode(verdict.code)
    assert 0 <= verdict.p_attack <= 1 + 1e-9 and verdict.threat == (verdict.p_attack >= verdict.threshold)
    assert (code.threat, code.label, code.family) == (verdict.threat, verdict.label, verdict.family)
    assert verdict.coverage == (min(len(text), 150) / len(text) if text else 1)
    assert verdict.truncated == (len(text) > 150) and verdict.views_truncated == (len(text) > MAX_SEARCHED_CHARS)
    assert 1 <= verdict.windows_read == verdict.windows and 0 <= verdict.unreadable <= 1
    assert (verdict.family == Family.NONE) == (not verdict.threat and verdict.label == Label.BENIGN)
    assert all(view.p_attack <= 1 and view.trace.split(" > ")[0] in dict(DECODERS) for view in verdict.views)
    assert guard(text) == verdict  # no state is carried from one text to the next
    assert json.loads(json.dumps(verdict.to_dict()))["code"] == verdict.code


@few
@given(parts=st.lists(TEXTS, min_size=1, max_size=3), repeat=st.integers(1, 60), limit=st.integers(1, 6), seed=st.integers(0, 9))
def test_the_limit_of_windows_holds_for_every_text(tight_guards, parts, repeat, limit, seed):
    pieces = parts * repeat
    random.Random(seed).shuffle(pieces)
    text, guard = " ".join(pieces), tight_guards[limit]
    verdict = guard(text)
    assert 1 <= verdict.windows_read <= min(limit, verdict.windows) and 0 <= verdict.coverage <= 1
    assert verdict.truncated == (verdict.windows_read < verdict.windows or len(text) > MAX_SEARCHED_CHARS)
    assert guard.batch([text, "a", text]) == [verdict, guard("a"), verdict]
    if not verdict.truncated:
        assert verdict == tight_guards[None](text)


@few
@given(lines=st.lists(st.one_of(st.binary(max_size=30), TEXTS.map(json.dumps).map(str.encode)), max_size=5))
def test_every_line_has_one_row(guard, lines):
    lines = [line.replace(b"\n", b" ") + b"\n" for line in lines]
    output = io.BytesIO()
    bad = score_stream(lines, output, guard, 0.5)
    rows = [json.loads(row) for row in output.getvalue().splitlines()]
    assert [row["line"] for row in rows] == [number for number, line in enumerate(lines, start=1) if line.strip()]
    assert bad == [row["line"] for row in rows if "error" in row]
