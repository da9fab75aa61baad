"""Guards in packages: what their process may do, what is taken from it, what is made of scores. The packages are stubs."""

import json
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from src.data.schema import Example
from src.errors import BaselineUnavailable, ConfigError, DataError
from src.evaluation.peers import adapters
from src.evaluation.peers.catalogue import PEERS, REQUIREMENTS, Peer, find_peers
from src.evaluation.peers.comparison import Contestant, compare_peers, load_files
from src.evaluation.peers.process import GuardScorer, PeerScorer, Scored
from src.labels import Family, Label
from src.reporting.peer_table import peers_markdown
from tests.benchmark_rows import WordPredictor

ROOT = Path(__file__).resolve().parents[2]
STUB = Peer(
    name="stub",
    package="Stub_Guard",
    adapter="stub_guard:load",
    about="a stub",
    licence="MIT",
    threshold=0.5,
    long_texts="whole",
    trained_on="nothing",
    in_distribution=("attacks",),
)


@pytest.fixture
def packages(tmp_path):
    """A directory as `pip install --target` leaves it; `stub` writes the module of the stub."""
    directory = tmp_path / "packages"
    metadata = directory / "stub_guard-1.2.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: stub-guard\nVersion: 1.2\n", encoding="utf-8")
    return directory


def stub(packages: Path, code: str) -> PeerScorer:
    (packages / "stub_guard.py").write_text(code, encoding="utf-8")
    return PeerScorer(STUB, packages, timeout_s=60)


def scores_of(scorer: PeerScorer, texts: list[str]) -> Scored:
    try:
        return scorer.score(texts)
    except BaselineUnavailable as error:
        if "this system does not allow" in str(error) or "needs Linux" in str(error):
            pytest.skip(str(error))
        raise


def test_a_package_is_asked_in_its_process_and_may_print(packages):
    scorer = stub(packages, "import sys\nprint('loaded')\ndef load():\n    return lambda text: print(text) or len(text) / 10\n")
    assert scorer.identity == "Stub_Guard==1.2"
    found = scores_of(scorer, ["abc", "x é", ""])
    assert found.scores == [0.3, 0.3, 0.0]
    assert len(found.ms) == 3 and min(found.ms) >= 0


PROBES = {
    "network": "socket.create_connection(('127.0.0.1', port), 1)",
    "file": "open(os.path.join(os.path.dirname(__file__), 'left_behind'), 'w')",
    "removal": "os.remove(__file__)",
    "mount": "(_ for _ in ()).throw(OSError()) if ctypes.CDLL(None).mount(b'none', b'/', None, 4128, None) else None",
    "memory": "mmap.mmap(-1, 12 << 30)",
}


@pytest.mark.parametrize("probe", PROBES)
def test_a_package_cannot_reach_out(packages, probe):
    """Of what must fail the score is 1 when it fails, in the process that answers; the scratch directory can be written."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        code = f"""
import ctypes, mmap, os, socket, tempfile
port = {listener.getsockname()[1]}
def load():
    return attempt
def attempt(text):
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    try:
        {PROBES[probe]}
    except (OSError, MemoryError):
        return 1.0
    return 0.0
"""
        assert scores_of(stub(packages, code), ["x"]).scores == [1.0]
    assert {path.name for path in packages.iterdir()} == {"stub_guard-1.2.dist-info", "stub_guard.py"}


def test_a_package_sees_no_token(packages, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    scorer = stub(packages, "import os\ndef load():\n    return lambda text: float('secret' in os.environ.values())\n")
    assert scores_of(scorer, ["x"]).scores == [0.0]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def load():\n    raise ValueError('weights are gone')\n", "ValueError: weights are gone"),
        ("import no_such_module\n", "No module named 'no_such_module'"),
        ("import os\ndef load():\n    os._exit(3)\n", "its process ended with status 3"),
        ("def load():\n    return lambda text: 1.5\n", "expected 2 numbers from 0 to 1, its process sent something else"),
        ("def load():\n    return lambda text: float('nan')\n", "expected 2 numbers from 0 to 1"),
    ],
)
def test_a_package_that_fails_is_a_reason(packages, code, reason):
    with pytest.raises(BaselineUnavailable, match=reason):
        scores_of(stub(packages, code), ["a", "b"])


def test_a_package_that_hangs_is_ended(packages):
    scorer = stub(packages, "import time\ndef load():\n    time.sleep(600)\n")
    scorer.timeout_s = 1
    with pytest.raises(BaselineUnavailable, match="no answer about 1 texts in 1 s"):
        scorer.score(["x"])


def test_a_missing_package_says_how_to_install_it(tmp_path):
    with pytest.raises(BaselineUnavailable, match=rf"pip install --no-deps --target {tmp_path} -r {REQUIREMENTS}; then get a f"):
        PeerScorer(replace(STUB, also_needs="a file"), tmp_path)


def test_every_peer_is_pinned_and_has_an_adapter():
    pinned = re.findall(r"^([\w-]+)==", (ROOT / REQUIREMENTS).read_text(encoding="utf-8"), flags=re.M)
    assert PEERS and {peer.package for peer in PEERS.values()} <= set(pinned)
    for peer in PEERS.values():
        module, function = peer.adapter.split(":")
        assert module == adapters.__name__ and callable(getattr(adapters, function))


def test_peers_are_found_by_name():
    assert [peer.name for peer in find_peers([])] == list(PEERS)
    assert [peer.name for peer in find_peers(["picket", "stackone", "picket"])] == ["picket", "stackone"]
    with pytest.raises(ConfigError, match="unknown peer 'stackon'.*did you mean 'stackone'"):
        find_peers(["stackon"])


def rows(label: Label, *scores: float) -> list[Example]:
    family = Family.NONE if label is Label.BENIGN else Family.DIRECT_INJECTION
    return [
        Example(text=f"text {index} {score}", label=label, family=family, source="s", group=str(index))
        for index, score in enumerate(scores)
    ]


FILES = {
    "attacks": rows(Label.DIRECT_INJECTION, 0.3, 0.6, 0.9, 1.0),
    "more": [*rows(Label.JAILBREAK, 0.7), *rows(Label.BENIGN, 0.2)],
    "chat": rows(Label.BENIGN, *[0.1] * 198, 0.55, 0.8),  # 1% of these are 2
    "other_chat": rows(Label.BENIGN, *[0.1] * 99, 0.95),  # and of both, 3
}
CHAT = ("chat", "other_chat")


class LastWord:
    """The score is the number at the end of the text."""

    def __init__(self, name: str = "ours", identity: str = "1") -> None:
        self.name, self.identity, self.asked = name, identity, []

    def score(self, texts):
        self.asked.append(len(texts))
        return Scored([float(text.split()[-1]) for text in texts], [float(index) for index in range(len(texts))])


class Failing(LastWord):
    def score(self, texts):
        super().score(texts)
        if len(self.asked) == 3:
            raise BaselineUnavailable("it cannot")
        return super().score(texts)


def test_both_thresholds_give_their_rates(tmp_path):
    record = compare_peers([Contestant(LastWord(), 0.5, {"licence": "MIT"})], {}, FILES, CHAT, tmp_path)
    json.dumps(record, allow_nan=False)
    ours = record["guards"]["ours"]
    assert record["n_chat"] == 300 and record["files"]["more"] == {"n": 2, "n_attack": 1, "n_benign": 1}
    assert ours["recall"]["own"] == {"attacks": 0.75, "more": 1.0} and ours["mean_recall"]["own"] == 0.875
    assert ours["fpr"]["own"] == {"more": 0.0, "chat": 0.01, "other_chat": 0.01} and ours["chat_fpr"]["own"] == 0.01
    # All three alarms are within 1% of 300, and the threshold may go down to the scores of the others.
    assert 0.1 < ours["threshold"]["matched"] < 0.1001 and ours["chat_fpr"]["matched"] == 0.01
    assert ours["recall"]["matched"] == {"attacks": 1.0, "more": 1.0}
    assert ours["ms"] == pytest.approx(50, abs=25) and len(ours["ms_cpus"]) == 1


def test_scores_that_repeat_cannot_be_set_to_every_rate(tmp_path):
    files = FILES | {"chat": rows(Label.BENIGN, *[0.0] * 90, *[1.0] * 10)}
    found = compare_peers([Contestant(LastWord(), 0.5)], {}, files, ("chat",), tmp_path)["guards"]["ours"]
    assert found["threshold"]["matched"] > 1 and found["chat_fpr"]["matched"] == 0.0 and found["mean_recall"]["matched"] == 0.0


def test_scores_are_kept_by_guard_version_and_texts(tmp_path):
    first, again, newer, failing = LastWord(), LastWord(), LastWord(identity="2"), Failing("peer")
    records = [compare_peers([Contestant(each, 0.5)], {}, FILES, CHAT, tmp_path) for each in (first, again, newer)]
    assert (len(first.asked), len(again.asked), len(newer.asked)) == (4, 0, 4)
    assert records[0]["guards"] == records[1]["guards"]
    other = {**FILES, "more": FILES["more"][:1]}
    compare_peers([Contestant(again, 0.5)], {}, other, CHAT, tmp_path)
    assert again.asked == [1]
    broken = compare_peers([Contestant(failing, 0.5)], {}, FILES, CHAT, tmp_path)["guards"]["peer"]
    assert (broken["status"], broken["reason"]) == ("not run", "it cannot")
    resumed = LastWord("peer")
    compare_peers([Contestant(resumed, 0.5)], {}, FILES, CHAT, tmp_path)
    assert len(resumed.asked) == 3  # the first file was through


def test_the_guard_is_a_scorer_of_the_default_policy():
    found = GuardScorer(WordPredictor(shift=0.1), "id").score(["a 0.2", "b 0.7"])
    assert found.scores == pytest.approx([0.3, 0.8]) and len(found.ms) == 2


def test_the_same_rows_are_drawn_every_time_and_plain_harm_is_left_out(tmp_path):
    lines = [
        {"text": f"row {i}", "label": label, "source": "s", "category": None, "lang": "en", "group": None}
        for i, label in enumerate(["benign", "direct_injection", "harmful_goal"] * 20)
    ]
    (tmp_path / "mixed.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "goals.jsonl").write_text("\n".join(map(json.dumps, lines[2::3])), encoding="utf-8")
    drawn = load_files(tmp_path, ["mixed", "mixed"], 10)["mixed"]
    assert len(drawn) == 10 and drawn == load_files(tmp_path, ["mixed"], 10)["mixed"]
    everything = load_files(tmp_path, ["mixed"], 0)["mixed"]
    assert len(everything) == 40 and all(row.family != Family.HARMFUL_REQUEST for row in everything)
    with pytest.raises(DataError, match="goals.jsonl: every row is a plain harmful request"):
        load_files(tmp_path, ["goals"], 10)


def test_the_table_marks_what_was_trained_on_and_what_was_not_run(tmp_path):
    about = {"in_distribution": ("attacks",), "licence": "MIT", "version": "1.2", "trained_on": "a|b"}
    missing = {"absent": ("not in DIR; pip install", {"licence": "ISC"})}
    contestants = [Contestant(LastWord(), 0.5), Contestant(LastWord("stub"), 0.5, about)]
    record = compare_peers(contestants, missing, FILES, CHAT, tmp_path)
    text = peers_markdown(json.loads(json.dumps(record)))
    stub_row = next(line for line in text.splitlines() if line.startswith("| stub | own, 0.5 |"))
    assert stub_row == "| stub | own, 0.5 | 87.5% | 75.0%† | 100.0% |"
    assert "| guard | threshold | mean | attacks (4) | more (1) |" in text
    assert "| absent | n/a |  |  | ISC |" in text and "- absent: not in DIR; pip install" in text
    assert "a/b" in text and "above 0" not in text
    widths = [line.count("|") for line in text.splitlines() if line.startswith("| ") and "own" in line]
    assert set(widths) == {6, 7}


def test_a_chat_without_benign_rows_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected benign rows in attacks, found none"):
        compare_peers([], {}, FILES, ("attacks",), tmp_path)


def test_nothing_is_left_in_the_directory_for_temporary_files(packages, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    scores_of(stub(packages, "import tempfile\ndef load():\n    tempfile.mkstemp()\n    return lambda text: 0.5\n"), ["x"])
    assert list((tmp_path / "scratch").iterdir()) == []
