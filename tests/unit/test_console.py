"""The console command: what it prints, its exit status, and one message for everything that a user can mend."""

import base64
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from src.console import main as module
from src.console.main import ERROR, THREAT, main, run
from src.console.show import describe_explanation
from src.files import read_json
from src.runtime import Guard, canaries

ROOT = Path(__file__).resolve().parents[2]
ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
ENCODED = base64.b64encode(ATTACK.encode()).decode()
PARAGRAPH = f"How do you make the table? {ATTACK} What is the wea\u200bther today?"


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


@pytest.fixture
def ask(exported_dir, monkeypatch, capsys):
    """Runs the command with the model; returns its status, standard output and standard error."""

    def call(*arguments: object, model: object = exported_dir, stdin: bytes = b""):
        monkeypatch.setattr(sys, "argv", ["tinyguardrail", *map(str, arguments), "--model", str(model)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = 0
        try:
            run()
        except SystemExit as end:
            status = end.code or 0
        return status, *capsys.readouterr()

    return call


def as_json(value):
    return json.loads(json.dumps(value))


def write_lines(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


# check


def test_the_status_says_what_the_text_is(ask):
    status, out, err = ask("check", ATTACK)
    assert (status, err) == (THREAT, "") and out.startswith("threat: p_attack 0.9") and "label direct_injection" in out
    status, out, err = ask("check", HARMLESS)
    assert (status, err) == (0, "") and out.startswith("no threat: p_attack ")


def test_a_text_comes_from_the_command_line_a_file_or_standard_input(ask, tmp_path):
    file = tmp_path / "page.txt"
    file.write_bytes(b"\xef\xbb\xbf" + ATTACK.encode())
    status, out, _ = ask("check", HARMLESS, file, "-", stdin=HARMLESS.encode())
    assert status == THREAT
    titles = [line for line in out.splitlines() if line.endswith(":")]
    assert titles == ["text 1:", f"{file}:", "-:"]
    assert [line.split(":")[0] for line in out.splitlines() if "p_attack" in line] == ["no threat", "threat", "no threat"]


def test_verdicts_as_json_are_those_of_the_guard(ask, exported_dir, guard, tmp_path):
    file = tmp_path / "page.txt"
    file.write_text(ATTACK)
    _, out, _ = ask("check", ATTACK, file, "--json")
    first, second = map(json.loads, out.splitlines())
    assert first == {"source": None} | as_json(guard(ATTACK).to_dict())
    assert second == first | {"source": str(file)}
    _, out, _ = ask("check", HARMLESS, "--json", "--threshold", "0.01", "--policy", "full")
    expected = Guard.load(exported_dir, policy="full")(HARMLESS, threshold=0.01).to_dict()
    assert json.loads(out) == {"source": None} | as_json(expected)


def test_a_document_shows_what_in_it_attacks(ask, guard):
    status, out, _ = ask("check", PARAGRAPH, "--documents")
    start = PARAGRAPH.index(ATTACK)
    assert status == THREAT
    assert out.splitlines()[-1] == f"span: characters {start} to {start + len(ATTACK)}: {ATTACK}"
    _, out, _ = ask("check", PARAGRAPH, HARMLESS, "--documents", "--json")
    first, second = map(json.loads, out.splitlines())
    assert first["span"] == {"start": start, "end": start + len(ATTACK), "text": ATTACK, "view": None}
    assert second["span"] is None and not second["threat"]


def test_what_attacks_in_a_view_of_a_document_is_shown_decoded(ask):
    _, out, _ = ask("check", ENCODED, "--documents", "--json", "--threshold", "0.2")
    span = json.loads(out)["span"]
    assert span["view"] == "base64" and ATTACK[span["start"] : span["end"]] == span["text"]
    assert " of view base64: " in ask("check", ENCODED, "--documents", "--threshold", "0.2")[1]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("environment", "has_colours"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_are_for_terminals(exported_dir, monkeypatch, environment, has_colours):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(SystemExit):
        main(["check", ATTACK, "--model", str(exported_dir)])
    assert sys.stdout.getvalue().startswith("\x1b[1;31mthreat\x1b[0m: " if has_colours else "threat: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "the following arguments are required: TEXT|-|FILE"),
        (["check", ""], "expected a text to judge, found nothing in the argument but white space"),
        (["check", "-"], "found nothing in standard input but white space"),
        (["check", "-", "-"], "standard input (-) can be read once"),
        (["check", "no_such_page.html"], "'no_such_page.html', which looks like a file and there is none; correct its name"),
        (["check", ROOT], f"cannot read {ROOT}: Is a directory"),
        (["check", "a", "--policy", "none"], "invalid choice: 'none' (choose from"),
        (["check", "a", "--policy", "full", "--documents"], "--documents are judged under policy override, found --policy full"),
        (["check", "a", "--documents", "--budget_ms", "5"], "--budget_ms does not go with --documents"),
        (["check", "a", "--fpr_budget", "0.002"], "FPR budget of 0.002, found budgets ['0.01', '0.05']; fit one with"),
        (["check", "a", "--fpr_budget", "1"], "fpr_budget must be a number in (0, 1)"),
        (["check", "a", "--threshold", "2"], "threshold must be a number in [0, 1]"),
        (["check", "a", "--threads", "0"], "num_threads must be"),
        (["check", "a", "--max_windows", "0"], "max_windows must be"),
        (["check", "a", "--budget_ms", "-1"], "budget_ms must be"),
        (["check", "a", "--precision", "int4"], "no model at"),
        (["explain", " "], "found nothing in the argument"),
        (["scan", "--input", "/no/such/file"], "cannot read /no/such/file: No such file"),
        (["scan", "--input", "/no/such/file.csv"], "/no/such/file.csv cannot be read"),
        (["scan", "--input", "a.jsonl", "--output", "b.csv"], "verdicts are written as JSON lines, found the name b.csv"),
        (["calibrate", "--benign", "/no/such/file"], "expected a file of benign texts at /no/such/file, found none"),
        (["calibrate", "--benign", __file__], "unknown format '.py'; expected one of .csv"),
        (["calibrate", "--benign", __file__, "--target_fpr", "100"], "--target_fpr is a percentage in (0, 100), got 100"),
        (["serve", "--host", ""], "--host: expected an address, found an empty value"),
        (["serve", "--port", "99999"], "--port: expected a number in [0, 65535], found 99999"),
    ],
)
def test_an_error_is_one_message_and_status_2(ask, arguments, message):
    status, out, err = ask(*arguments)
    assert (status, out) == (ERROR, "") and message in err and "Traceback" not in err


def test_a_file_that_is_no_text_is_an_error(ask, tmp_path):
    file = tmp_path / "page.pdf"
    file.write_bytes(b"%PDF\xff\xfe")
    status, _, err = ask("check", file)
    assert status == ERROR and f"{file}: expected UTF-8, found invalid start byte at byte 4" in err


def test_a_model_that_is_missing_or_damaged_is_an_error(ask, exported_dir, tmp_path):
    status, _, err = ask("check", ATTACK, model=tmp_path / "none")
    assert status == ERROR and f"no exported directory at {tmp_path / 'none'}" in err
    copied = tmp_path / "copied"
    shutil.copytree(exported_dir, copied)
    model = copied / "model_int8.onnx"
    model.write_bytes(model.read_bytes()[:-1])
    traffic = write_lines(tmp_path / "a.jsonl", [{"text": "a"}])
    for command in (["check", ATTACK], ["info"], ["explain", ATTACK], ["calibrate", "--benign", traffic]):
        status, _, err = ask(*command, model=copied)
        assert status == ERROR and f"{model}: expected SHA-256" in err and "damaged" in err


def test_a_bug_is_no_verdict(ask, monkeypatch):
    def fail(*_, **__):
        raise KeyError("a bug")

    monkeypatch.setattr(module, "load_guard", fail)
    status, _, err = ask("check", ATTACK)
    assert status == ERROR and "Traceback" in err and "a bug" in err


# explain


def test_the_sentence_that_carries_the_verdict_is_said(ask, guard):
    status, out, _ = ask("explain", PARAGRAPH)
    carrier, lines = guard.explain(PARAGRAPH).carrier, out.splitlines()
    assert status == THREAT
    assert lines[0].startswith("threat: ") and any(line.startswith("explained: characters 0 to ") for line in lines)
    assert f"carried by characters {carrier.start} to {carrier.end}: {ATTACK}" in lines
    drops = [line for line in lines if line.startswith("without characters")]
    assert len(drops) == 3 and drops[0].startswith(f"without characters {carrier.start} to {carrier.end}: change -0.")
    assert f"  {PARAGRAPH.index(chr(0x200B))}: U+200B ZERO WIDTH SPACE" in lines and "wea<U+200B>ther" in out


def test_an_explanation_says_of_which_view_and_that_nothing_carries(ask, guard):
    assert "of view base64, p_attack" in ask("explain", ENCODED)[1]
    assert "no sentence carries it" in describe_explanation(guard.explain(""))
    status, out, _ = ask("explain", ENCODED, "--json", "--threshold", "0.2")
    assert json.loads(out) == as_json(guard.explain(ENCODED, threshold=0.2).to_dict())
    assert status == THREAT


# scan


def test_files_and_streams_are_scored_alike_and_gone_on_with(ask, tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f'{{"id": 7, "text": "{ATTACK}"}}\n\n"hello"\n\n{{"text": ""}}', encoding="utf-8-sig")
    assert ask("scan", "--input", source, "--output", target) == (0, "", "")
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(row["line"], row["id"], row["threat"]) for row in rows] == [(1, 7, True), (3, None, False), (5, None, False)]
    assert ask("scan", "--input", "-", stdin=source.read_bytes()) == (0, target.read_text(), "")
    whole = target.read_bytes()
    (tmp_path / "out.jsonl.partial").write_bytes(whole.splitlines(keepends=True)[0])
    target.unlink()
    assert ask("scan", "--input", source, "--output", target)[0] == 0 and target.read_bytes() == whole


def test_lines_that_cannot_be_scored_are_named_and_an_error(ask):
    status, out, err = ask("scan", "--input", "-", stdin=b'"fine"\nnot json\n')
    assert status == ERROR and "1 of the lines could not be scored, their rows say why: 2" in err
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".json", ".parquet", ".jsonl"])
def test_tables_are_scored_by_the_names_of_their_columns(ask, tmp_path, suffix):
    pandas = pytest.importorskip("pandas")
    source, target = tmp_path / f"in{suffix}", tmp_path / "out.jsonl"
    frame = pandas.DataFrame({"number": ["a1", "b2"], "prompt": [HARMLESS, f"{ATTACK}\nSecond, line"]})
    write = {
        ".csv": lambda: frame.to_csv(source, index=False),
        ".tsv": lambda: frame.to_csv(source, index=False, sep="\t"),
        ".json": lambda: frame.to_json(source, orient="records"),
        ".jsonl": lambda: frame.to_json(source, orient="records", lines=True),
        ".parquet": lambda: frame.to_parquet(source),
    }
    write[suffix]()
    names = ["--text_column", "prompt", "--id_column", "number"]
    assert ask("scan", "--input", source, "--output", target, *names)[0] == 0
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(row["line"], row["id"], row["threat"]) for row in rows] == [(1, "a1", False), (2, "b2", True)]
    assert ask("scan", "--input", source, "--output", target, *names)[0] == 0  # nothing is left to score
    status, _, err = ask("scan", "--input", source, "--output", tmp_path / "other.jsonl")
    assert status == ERROR and ("which `--text_column` names" in err or "could not be scored" in err)


def test_parquet_without_pyarrow_says_what_to_do(ask, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    status, _, err = ask("scan", "--input", tmp_path / "in.parquet")
    assert status == ERROR and "pyarrow reads parquet, and it is not installed; pip install pyarrow, or write" in err


def test_a_reader_that_stops_early_is_one_message(exported_dir, tmp_path):
    write_lines(tmp_path / "in.jsonl", ["a text"] * 2000)
    command = f"{sys.executable} -m src scan --model {exported_dir} --input {tmp_path}/in.jsonl | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert json.loads(done.stdout)["line"] == 1
    assert "standard output was closed" in done.stderr and "Traceback" not in done.stderr and "Exception" not in done.stderr


# calibrate


def test_own_traffic_sets_the_thresholds_of_an_exported_directory(ask, exported_dir, tmp_path):
    copied = tmp_path / "copied"
    shutil.copytree(exported_dir, copied)
    texts = [f"what is {n} plus {n}" for n in range(200)]
    status, out, _ = ask(
        "calibrate",
        "--benign",
        write_lines(tmp_path / "my_traffic.jsonl", [{"text": text} for text in texts]),
        "--target-fpr",
        "2",
        model=copied,
    )
    assert status == 0 and "override: threshold 0." in out and "for an FPR of 2%: 2.00% of 200 benign rows" in out
    before, after = Guard.load(exported_dir), Guard.load(copied)  # whose checksums hold
    assert sum(verdict.threat for verdict in after.batch(texts)) == 4  # 2% of 200
    assert after.network.calibration.sources == {"my_traffic": 200} and after.network.calibration.fpr_budget == 0.02
    assert after.network.calibration.temperature == before.network.calibration.temperature
    assert {"0.001", "0.005", "0.01", "0.02", "0.05"} == set(after.network.calibration.thresholds["full"])
    assert f"| override | 0.02 | {after.threshold:.4f} |" in (copied / "README.md").read_text()
    assert "FPR budget 0.01," not in (copied / "README.md").read_text()
    assert read_json(copied / "config.json")["files"] == read_json(exported_dir / "config.json")["files"]
    assert "in force: 0.02" in ask("info", model=copied)[1]


@pytest.mark.parametrize(
    ("rows", "message"),
    [([], "expected benign texts to set thresholds on, found no rows"), ([{"text": 5}], "'text' must hold text, found 5")],
)
def test_traffic_that_cannot_be_used_changes_nothing(ask, exported_dir, tmp_path, rows, message):
    before = (exported_dir / "config.json").read_bytes()
    status, _, err = ask("calibrate", "--benign", write_lines(tmp_path / "a.jsonl", rows))
    assert status == ERROR and message in err and (exported_dir / "config.json").read_bytes() == before


def test_a_directory_that_cannot_be_written_is_an_error(ask, exported_dir, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("src.runtime.recalibration.write_text", refuse)
    status, _, err = ask("calibrate", "--benign", write_lines(tmp_path / "a.jsonl", [{"text": "a"}]))
    assert status == ERROR and f"cannot write thresholds to {exported_dir}: Read-only file system; copy the directory" in err


# serve, info


def test_serve_without_a_server_says_what_to_install(ask, monkeypatch):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "src.serving.__main__", raising=False)
    status, _, err = ask("serve")
    assert status == ERROR and "found no package uvicorn; pip install 'tinyguardrail[serve]'" in err


def test_serve_serves_with_the_settings_of_the_service(ask, monkeypatch):
    found = []
    monkeypatch.setattr("src.serving.__main__.serve", found.append)
    assert ask("serve", "--port", "0")[0] == 0 and found[0].port == 0 and found[0].workers == 1
    assert found[0].host == "127.0.0.1"  # nobody else's machine reaches it unless its user asks for that


def test_info_says_what_is_served(ask, guard, exported_dir):
    _, out, _ = ask("info")
    assert f"model_int8.onnx, 0.1 MB, id {guard.model_id}" in out and "  override  0.01: 0.6000  0.05: 0.4000" in out
    found = json.loads(ask("info", "--json")[1])
    assert found["directory"] == str(exported_dir) and found["thresholds"] == guard.network.calibration.thresholds
    assert set(found["versions"]) == {"python", "tinyguardrail", "onnxruntime", "tokenizers", "numpy"}


def test_a_terminal_without_these_letters_gets_escapes(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", terminal)
    module._print("\u00dcber \ud83d")
    terminal.flush()
    assert terminal.buffer.getvalue() == b"\\xdcber \\ud83d\n"
