"""What verify_hf_access prints, and its exit status."""

import pytest

from src.data.real_benchmark_loader import HUB_SOURCES, verify_hf_access
from tests.hub_server import go_offline


def verified(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, str], str, object]:
    """The table's lines by the name of the set, all that is printed, and the exit status (0 without an exit)."""
    try:
        verify_hf_access()
        code: object = 0
    except SystemExit as stop:
        code = stop.code
    printed = capsys.readouterr().out
    return {line.split()[0]: line for line in printed.splitlines() if line.strip()}, printed, code


def test_verify_prints_a_line_per_set(hub, capsys):
    lines, printed, code = verified(capsys)
    assert code == 0 and printed.isascii()
    assert printed.splitlines()[0].split() == ["set", "access", "needed", "licence", "rows", "what", "to", "do"]
    for source in HUB_SOURCES:
        assert lines[source.name].split()[1:3] == ["yes", "yes" if source.required else "no"]
        assert source.licence in lines[source.name] and f"{source.rows:,}" in lines[source.name]
    assert hub.requests.count("GET /api/datasets/allenai/wildguardmix/auth-check") == 1


def test_verify_fails_for_a_required_set_and_says_what_to_click(hub, capsys):
    hub.gated.add("allenai/wildguardmix")
    lines, printed, code = verified(capsys)
    assert code == 1 and "required and not readable: wildguardmix, wildguardtest" in printed
    assert lines["wildguardtest"].split()[1] == "no"
    assert "open https://huggingface.co/datasets/allenai/wildguardmix" in lines["wildguardmix"]
    assert "click 'Agree and access repository'" in lines["wildguardmix"]
    assert lines["deepset"].split()[1] == "yes"


def test_verify_shows_other_sets_as_missing_and_passes(hub, capsys):
    hub.gated.add("walledai/XSTest")
    del hub.repos["CohereLabs/aya_dataset"]
    lines, _, code = verified(capsys)
    assert code == 0
    assert lines["xstest"].split()[1] == "no" and lines["aya"].split()[1] == "missing"
    assert "open https://huggingface.co/datasets/CohereLabs/aya_dataset: it is gone or renamed" in lines["aya"]


def test_verify_without_a_token_or_with_a_wrong_one_exits_with_the_way_on(hub, monkeypatch, capsys):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    _, printed, code = verified(capsys)
    assert code == 1 and "does not accept this HF_TOKEN" in printed and "huggingface.co/settings/tokens" in printed
    monkeypatch.delenv("HF_TOKEN")
    _, printed, code = verified(capsys)
    assert code == 1 and "export HF_TOKEN=" in printed


def test_verify_offline_says_so(hub, monkeypatch, capsys):
    go_offline(monkeypatch)
    lines, _, code = verified(capsys)
    assert code == 1 and "unset HF_HUB_OFFLINE" in lines["deepset"]
