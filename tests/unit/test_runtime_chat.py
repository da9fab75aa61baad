"""Chat messages: every text in them is judged, under the policy of who wrote it, and nothing is dropped unseen."""

import base64
import json

import pytest

from src.policy import DOCUMENT_POLICY, POLICIES
from src.runtime import Guard, canaries
from src.runtime.chat import DOCUMENTS, ROLES, SPEAKERS

ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}}
CALLS = [{"id": "1", "type": "function", "function": {"name": "read", "arguments": "{}"}}] * 2


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture(scope="module")
def full_guard(exported_dir):
    return Guard.load(exported_dir, policy="full", fpr_budget=0.05)


def said(role, content):
    return {"role": role, "content": content}


def test_each_message_has_the_verdict_of_its_text_and_the_conversation_the_worst(guard):
    texts = [HARMLESS, canaries.BENIGN[1], ATTACK, HARMLESS]
    found = guard.messages([said(role, text) for role, text in zip(("system", "user", "tool", "assistant"), texts, strict=True)])
    assert [each.verdict for each in found.messages] == [guard(text) for text in texts]
    assert [(each.index, each.role) for each in found.messages] == [(0, "system"), (1, "user"), (2, "tool"), (3, "assistant")]
    assert found.threat and found.decided_by == 2 and found.unread == {}
    harmless = guard.messages([said("user", HARMLESS)])
    assert not harmless.threat and harmless.decided_by == 0
    assert guard.messages([said("user", ATTACK)] * 2).decided_by == 1


def test_documents_are_judged_under_their_own_policy_at_the_same_budget(full_guard, exported_dir):
    found = full_guard.messages([said(role, HARMLESS) for role in ROLES])
    by_policy = {policy: Guard.load(exported_dir, policy=policy, fpr_budget=0.05)(HARMLESS) for policy in POLICIES}
    assert by_policy["full"] != by_policy[DOCUMENT_POLICY]
    assert {*SPEAKERS, *DOCUMENTS} == {"user", "assistant", "system", "developer", "tool", "function"}
    for each in found.messages:
        assert each.verdict == by_policy[DOCUMENT_POLICY if each.role in DOCUMENTS else "full"]
        assert each.verdict.threshold == 0.4
    assert {each.verdict.threshold for each in full_guard.messages([said(r, "a") for r in ROLES], fpr_budget=0.01).messages} == {
        0.6
    }
    assert {each.verdict.threshold for each in full_guard.messages([said(r, "a") for r in ROLES], threshold=0.7).messages} == {
        0.7
    }


def test_the_message_that_exceeds_its_own_threshold_by_most_decides(guard, monkeypatch):
    thresholds = dict(guard._network.calibration.thresholds)
    full = Guard(guard._network, policy="full", file=guard.file, model_id=guard.model_id)
    monkeypatch.setitem(guard._network.calibration.thresholds, "full", {"0.01": 0.99})
    found = full.messages([said("tool", ATTACK), said("user", ATTACK)])
    assert found.messages[1].verdict.p_attack >= found.messages[0].verdict.p_attack
    assert found.decided_by == 0 and found.threat and thresholds["override"] == {"0.01": 0.6, "0.05": 0.4}


@pytest.mark.parametrize(
    ("roles", "last"),
    [
        (["system", "user"], [0, 1]),
        (["system", "user", "assistant", "user"], [3]),
        (["user", "assistant", "tool", "tool", "user"], [2, 3, 4]),
        (["user", "assistant", "user", "assistant"], [3]),
        (["assistant"], [0]),
    ],
)
def test_the_last_turn_is_what_the_model_answers_next(guard, roles, last):
    messages = [said(role, ATTACK) for role in roles]
    assert [each.index for each in guard.messages(messages, last_turn=True).messages] == last
    messages = [said(role, HARMLESS if index in last else ATTACK) for index, role in enumerate(roles)]
    assert not guard.messages(messages, last_turn=True).threat
    assert guard.messages(messages).threat == (len(last) < len(roles))


def test_the_text_of_parts_is_judged_together_and_other_parts_are_counted(guard):
    start, end = ATTACK[:30], ATTACK[30:]
    parts = [
        {"type": "text", "text": start},
        IMAGE,
        {"type": "input_text", "text": end},
        IMAGE,
        {"type": "input_audio"},
        "bye",
        {},
    ]
    found = guard.messages([said("user", parts), said("user", [IMAGE])])
    first, second = found.messages
    assert first.verdict == guard(f"{start}\n{end}\nbye") and second.verdict is None
    assert first.unread == {"image_url": 2, "input_audio": 1, "unknown": 1} and second.unread == {"image_url": 1}
    assert found.unread == {"image_url": 3, "input_audio": 1, "unknown": 1} and found.decided_by == 0
    alone = guard.messages([said("user", [IMAGE])])
    assert not alone.threat and alone.decided_by is None


@pytest.mark.parametrize("content", [ATTACK, [ATTACK], [{"type": "text", "text": ATTACK}, IMAGE]])
def test_the_content_of_a_part_is_judged(guard, content):
    found = guard.messages([said("user", [{"type": "tool_result", "tool_use_id": "1", "content": content}])])
    assert found.threat and found.messages[0].verdict == guard(ATTACK)
    assert found.unread == ({"image_url": 1} if len(content) == 2 else {})


@pytest.mark.parametrize(
    "part",
    [
        {"type": "tool_result", "text": "", "content": [{"type": "text", "text": ATTACK}]},
        {"type": "text", "text": "", "content": ATTACK},
        {"type": "search_result", "title": ATTACK, "content": []},
        {"type": "search_result", "source": ATTACK, "title": "", "content": []},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": ATTACK}},
        {"type": "document", "context": ATTACK, "source": {"type": "text", "data": ""}},
    ],
)
def test_every_text_of_a_part_is_judged(guard, part):
    found = guard.messages([said("user", [part])])
    assert found.threat and found.unread == {}


def test_what_stands_beside_a_text_and_is_none_is_counted(guard):
    parts = [{"type": "image", "title": "a map", "source": {"type": "base64", "data": "aGVsbG8="}}]
    spoken = {
        "role": "assistant",
        "content": "hello",
        "reasoning_content": "They want a greeting.",
        "audio": {"transcript": "hi"},
    }
    assert guard.messages([said("user", parts), spoken]).unread == {"image": 1, "reasoning_content": 1, "audio": 1}


def test_calls_of_tools_need_no_content_and_are_counted(guard):
    messages = [
        {"role": "assistant", "content": None, "tool_calls": CALLS},
        {"role": "assistant", "function_call": {"name": "f"}},
    ]
    found = guard.messages([*messages, {"role": "assistant", "content": HARMLESS, "tool_calls": CALLS[:1]}])
    assert [each.unread for each in found.messages] == [{"tool_calls": 2}, {"function_call": 1}, {"tool_calls": 1}]
    assert [each.verdict is None for each in found.messages] == [True, True, False]


def test_hidden_text_and_a_limit_of_time_work_as_in_single_calls(guard):
    encoded = base64.b64encode(ATTACK.encode()).decode()
    found = guard.messages(iter([said("tool", encoded)]), budget_ms=10_000)
    assert found.threat and found.messages[0].verdict == guard(encoded)
    with pytest.raises(ValueError, match="budget_ms must be"):
        guard.messages([said("user", "a")], budget_ms=0)


def test_a_conversation_is_plain_json(guard):
    found = guard.messages([said("user", ATTACK), said("user", [IMAGE])])
    values = json.loads(json.dumps(found.to_dict()))
    assert values["threat"] is True and values["decided_by"] == 0 and values["unread"] == {"image_url": 1}
    assert values["messages"][0]["verdict"] == json.loads(json.dumps(guard(ATTACK).to_dict()))
    assert values["messages"][1] == {"index": 1, "role": "user", "verdict": None, "unread": {"image_url": 1}}


@pytest.mark.parametrize(
    ("messages", "error", "said_so"),
    [
        ("hello", TypeError, "expected a list of messages such as .* found str"),
        (said("user", "a"), TypeError, "expected a list of messages such as .* found dict"),
        (None, TypeError, "found NoneType"),
        ([], ValueError, "at least one message, found an empty list"),
        (["hello"], TypeError, 'message 0 to be a mapping with "role" and "content", found str'),
        ([said("user", "a"), {"content": "b"}], ValueError, r"message 1 to have .*, found the keys \['content'\]"),
        ([{"role": "user"}], ValueError, r"found the keys \['role'\]"),
        ([said("usr", "a")], ValueError, r"role of message 0 to be one of \('user', .*\), found 'usr'"),
        ([said(None, "a")], ValueError, "found None"),
        ([said(["user"], "a")], ValueError, r"found \['user'\]"),
        ([said("user", None)], TypeError, "content of message 0 to be a str or a list of parts, found NoneType"),
        ([said("user", b"a")], TypeError, "found bytes"),
        ([said("user", {"type": "text", "text": "a"})], TypeError, "found dict"),
        ([said("user", ["a", 3])], TypeError, "part 1 of message 0 to be a str or a mapping .* found int"),
        ([said("user", [{"type": "text"}])], ValueError, r'part 0 of message 0, of type "text", to have "text"'),
        ([said("user", [{"type": "text", "text": 3}])], TypeError, '"text" of part 0 of message 0 to be a str, found int'),
    ],
)
def test_what_is_no_list_of_messages_is_named(guard, messages, error, said_so):
    with pytest.raises(error, match=said_so):
        guard.messages(messages)


def test_a_message_of_the_model_may_have_no_content(guard):
    found = guard.messages([said("user", "hello"), {"role": "assistant", "content": None, "refusal": "I cannot."}])
    assert found.messages[1].verdict is None and found.unread == {"refusal": 1}


def test_parts_nested_without_end_are_counted(guard):
    content = "hello"
    for _ in range(5000):
        content = [{"type": "tool_result", "content": content}]
    (message,) = guard.messages([{"role": "tool", "content": content}]).messages
    assert message.verdict is None and message.unread == {"tool_result": 1}
