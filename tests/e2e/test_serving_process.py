"""The HTTP service as a process: it starts, answers in every dialect, ends without losing a request, and says why it cannot."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from src.runtime import Guard, canaries

ROOT = Path(__file__).resolve().parents[2]
ATTACK, HARMLESS = canaries.ATTACKS[0], canaries.BENIGN[0]
PATIENCE = 120  # seconds; the machine may be busy
MODULE = [sys.executable, "-m", "src.serving"]


def environment(**settings: object) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("TINYGUARDRAIL_", "PROMETHEUS_"))}
    return others | {f"TINYGUARDRAIL_{name}": str(value) for name, value in settings.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, path: str, body: object = None, **headers: str) -> tuple[int, dict, dict[str, str]]:
    """Status, body and headers of an answer; POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    names = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, names)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, json.loads(answer.read()), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), dict(error.headers)


def metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        return answer.read().decode()


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def serving(command: list[object], log: Path, port: int, **settings: object) -> Iterator[subprocess.Popen]:
    """A process that is ready; ended where the test did not."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [*map(str, command)], cwd=ROOT, env=environment(**settings), stdout=output, stderr=subprocess.STDOUT
        )

    def is_ready() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return ask(port, "/readyz")[0] == 200
        except OSError:
            return False

    try:
        until(is_ready)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)


@pytest.fixture(scope="module")
def guard(exported_dir):
    return Guard.load(exported_dir)


def test_every_dialect_answers_with_the_verdict_of_the_runtime(exported_dir, guard, tmp_path):
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "uvicorn", "api:app", "--host", "127.0.0.1", "--port", port]
    with serving(command, log, port, MODEL=exported_dir, API_KEY="correct-key"):
        key = {"X_API_Key": "correct-key"}
        assert ask(port, "/guard", {"text": ATTACK})[0] == 401
        assert ask(port, "/guard", {"text": ATTACK}, **key)[1] == json.loads(json.dumps(guard(ATTACK).to_dict()))
        for text in (ATTACK, HARMLESS):
            verdict = guard(text)
            dialects = {
                "/v1/moderations": ({"input": text}, lambda body: body["results"][0]["flagged"]),
                "/beta/litellm_basic_guardrail_api": (
                    {"texts": [text], "request_data": {}, "input_type": "request"},
                    lambda body: body["action"] == "BLOCKED",
                ),
                "/analyze/prompt": ({"prompt": text}, lambda body: not body["is_valid"]),
                "/scan/prompt": ({"prompt": text}, lambda body: not body["is_valid"]),
                "/contentsafety/text:shieldPrompt?api-version=2024-09-01": (
                    {"userPrompt": text, "documents": []},
                    lambda body: body["userPromptAnalysis"]["attackDetected"],
                ),
            }
            for path, (request, is_threat) in dialects.items():
                status, body, headers = ask(port, path, request, Authorization="Bearer correct-key")
                assert (status, is_threat(body)) == (200, verdict.threat), path
                assert {name.lower(): value for name, value in headers.items()}["x-guardrail-codes"] == str(verdict.code)
        status, body, _ = ask(port, "/guard", {"text": "a" * 5_000_000}, **key)
        assert status == 413 and body["error"]["code"] == "body_too_large"
    assert ATTACK not in log.read_text() and "Traceback" not in log.read_text()


def test_sigterm_loses_no_request_that_has_begun(exported_dir, guard, tmp_path):
    port, requests, texts = free_port(), 8, ["hello " * 2_000] * 32
    settings = {"MODEL": exported_dir, "MAX_BATCH": 1, "QUEUE": requests * len(texts)}
    settings |= {"MAX_WAIT_MS": 1000 * PATIENCE, "TIMEOUT_MS": 1000 * PATIENCE}
    with (
        serving([*MODULE, "--port", port], tmp_path / "log", port, **settings) as process,
        ThreadPoolExecutor(requests) as pool,
    ):
        begun = [pool.submit(ask, port, "/guard/batch", {"texts": texts}) for _ in range(requests)]
        queue = re.compile(r"^tinyguardrail_queue_length (\S+)$", re.M)
        until(lambda: float(queue.search(metrics(port))[1]) > (requests - 1) * len(texts))  # every request is in it
        process.send_signal(signal.SIGTERM)
        until(lambda: is_turned_away(port))
        assert process.poll() is None and not all(each.done() for each in begun)  # it ends when they are answered
        code = guard(texts[0]).code
        for status, body, _ in (each.result() for each in begun):
            assert status == 200 and [each["code"] for each in body["verdicts"]] == [code] * len(texts)
        assert process.wait(PATIENCE) == -signal.SIGTERM
    assert "Traceback" not in (tmp_path / "log").read_text()


def is_turned_away(port: int) -> bool:
    try:
        return ask(port, "/guard", {"text": HARMLESS})[0] == 503
    except OSError:  # the server closes the door soon after
        return True


def test_several_processes_share_a_port_and_their_metrics(exported_dir, guard, tmp_path):
    port = free_port()
    command = [*MODULE, "--model", exported_dir, "--port", port, "--workers", 2]
    with serving(command, tmp_path / "log", port) as process:
        until(lambda: ready_workers(port) == 2)
        workers = workers_of(process)
        for paused in workers:  # so that each of the two answers
            paused.suspend()
            for _ in range(3):
                assert ask(port, "/guard", {"text": ATTACK})[1]["code"] == guard(ATTACK).code
            paused.resume()
        assert 'tinyguardrail_requests_total{endpoint="/guard",status="200"} 6.0' in metrics(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def workers_of(process: subprocess.Popen) -> list[psutil.Process]:
    """Those that serve, of two; the youngest waits beside them."""
    loaders = [each for each in psutil.Process(process.pid).children() if "spawn_main" in " ".join(each.cmdline())]
    return sorted(loaders, key=psutil.Process.create_time)[:2]


def ready_workers(port: int) -> float:
    return float(re.search(r"^tinyguardrail_ready_workers (\S+)$", metrics(port), re.M)[1])


def test_a_killed_worker_is_replaced_and_what_it_had_waiting_is_forgotten(exported_dir, guard, tmp_path):
    port, log = free_port(), tmp_path / "log"
    with serving([*MODULE, "--model", exported_dir, "--port", port, "--workers", 2], log, port) as process:
        until(lambda: ready_workers(port) == 2)
        victim, survivor = workers_of(process)
        survivor.suspend()
        assert ask(port, "/guard", {"text": ATTACK})[0] == 200
        with ThreadPoolExecutor(1) as pool:
            accepted = pool.submit(ask, port, "/guard/batch", {"texts": ["hello " * 2_000] * 80})
            until(lambda: "tinyguardrail_queue_length 0.0" not in metrics(port))
            victim.kill()
            with pytest.raises(OSError):  # the connection is closed: no status, no verdict
                accepted.result()
        survivor.resume()
        until(lambda: not victim.is_running())  # nor is it counted any more
        until(lambda: ready_workers(port) == 2)
        assert {each.pid for each in workers_of(process)} > {survivor.pid} and len(workers_of(process)) == 2
        assert 'tinyguardrail_requests_total{endpoint="/guard",status="200"} 1.0' in metrics(port)  # of the killed one
        assert ask(port, "/guard", {"text": ATTACK})[1]["code"] == guard(ATTACK).code


@pytest.mark.parametrize("workers", [1, 2])
def test_a_hangup_reloads_the_model_in_every_process(exported_dir, tmp_path, workers):
    """config.json is damaged, then mended: the first is refused, the second served, and nobody notices either."""
    port, log, model = free_port(), tmp_path / "log", shutil.copytree(exported_dir, tmp_path / "model")
    config = (model / "config.json").read_bytes()
    with serving([*MODULE, "--model", model, "--port", port, "--workers", workers], log, port) as process:
        until(lambda: ready_workers(port) == workers)
        pids = {each.pid for each in workers_of(process)}
        for content, outcome in ((b"{", "refused"), (config, "served")):
            (model / "config.json").write_bytes(content)
            process.send_signal(signal.SIGHUP)
            until(lambda outcome=outcome: f'tinyguardrail_reloads_total{{outcome="{outcome}"}} {workers}.0' in metrics(port))
            assert ask(port, "/guard", {"text": ATTACK})[0] == 200
        assert {each.pid for each in workers_of(process)} == pids
    assert log.read_text().count("reloaded: serving model_int8.onnx") == workers


def test_a_worker_that_dies_beside_a_broken_directory_leaves_the_others(exported_dir, tmp_path):
    port, log, model = free_port(), tmp_path / "log", shutil.copytree(exported_dir, tmp_path / "model")
    config = (model / "config.json").read_bytes()
    with serving([*MODULE, "--model", model, "--port", port, "--workers", 2], log, port) as process:
        until(lambda: ready_workers(port) == 2)
        (model / "config.json").write_bytes(b"{")
        workers_of(process)[0].kill()
        until(lambda: "another process tries again" in log.read_text())
        assert ask(port, "/guard", {"text": ATTACK})[0] == 200
        (model / "config.json").write_bytes(config)
        until(lambda: ready_workers(port) == 2)


def half_sent(port: int, head: str, body: bytes) -> socket.socket:
    """A connection over which a request was begun."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(f"POST /guard HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{head}\r\n\r\n".encode() + body)
    return connection


def answer_over(connection: socket.socket) -> tuple[int, dict]:
    """Status and body of an answer behind which the server closes."""
    received = b""
    with connection:
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def test_clients_that_are_slow_broken_or_send_too_much_cost_little_and_are_told_why(exported_dir, tmp_path):
    port, mib = free_port(), 1 << 20
    settings = {"MODEL": exported_dir, "TIMEOUT_MS": 3000, "MAX_BODY_BYTES": mib}
    with serving([*MODULE, "--port", port], tmp_path / "log", port, **settings) as process:
        assert ask(port, "/guard", {"text": ATTACK})[0] == 200
        memory = psutil.Process(process.pid).memory_info
        before = memory().rss
        slow = [half_sent(port, f"Content-Length: {mib}", b'{"text": "' + b"a" * (mib // 2)) for _ in range(120)]
        gone = [half_sent(port, f"Content-Length: {mib}", b'{"text": "') for _ in range(40)]
        for connection in gone:
            connection.close()
        assert ask(port, "/guard", {"text": ATTACK})[0] == 200  # beside them
        bodies = [json.dumps({"text": "a" * size}) for size in (mib - len('{"text": ""}'), 10 * mib)]
        assert [len(body) for body in bodies] == [mib, 10 * mib + 12]
        assert ask(port, "/guard", json.loads(bodies[0]))[0] == 200
        announced, in_chunks = (
            half_sent(port, "Connection: close\r\n" + head, body)
            for head, body in (
                (f"Content-Length: {len(bodies[1])}", bodies[1].encode()),
                ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(bodies[1]), bodies[1].encode())),
            )
        )
        for connection in (announced, in_chunks):
            status, body = answer_over(connection)
            assert (status, body["error"]["code"]) == (413, "body_too_large")
        status, body = answer_over(half_sent(port, "Connection: close\r\nContent-Length: 13", b'{"text": "\xff"}'))
        assert (status, body["error"]["code"]) == (422, "invalid_request")
        answers = [answer_over(connection) for connection in slow]
        assert {(status, body["error"]["code"]) for status, body in answers} <= {(408, "body_not_received"), (429, "queue_full")}
        assert memory().rss - before < 200 * mib
        assert ask(port, "/guard", {"text": ATTACK})[0] == 200
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("arguments", "settings", "reason"),
    [
        ([], {}, "error: port {port} of 127.0.0.1 is in use; choose another with --port"),
        (["--host", "256.0.0.1", "--port", 0], {}, "cannot listen on port 0 of 256.0.0.1"),
        (["--port", 0], {"QUEUE": "many"}, "expected TINYGUARDRAIL_QUEUE to be a whole number of at least 1, found 'many'"),
        (["--port", 0], {"MODEL": "nowhere"}, "nowhere"),
        (["--port", 0, "--workers", 2], {"MODEL": "nowhere"}, "nowhere"),
    ],
)
def test_what_a_user_can_mend_is_said_in_one_line(exported_dir, arguments, settings, reason):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        command = [*MODULE, *(arguments or ["--port", port])]
        done = subprocess.run(
            [*map(str, command)],
            cwd=ROOT,
            env=environment(**{"MODEL": exported_dir} | settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    assert done.returncode == 1 and reason.format(port=port) in done.stderr
    assert len(done.stderr.splitlines()) == 1 and done.stdout == ""


def test_an_application_that_cannot_be_made_ends_its_server_with_one_line(tmp_path):
    command = [sys.executable, "-m", "uvicorn", "api:app", "--host", "127.0.0.1", "--port", "0"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(MODEL=tmp_path), capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode != 0 and done.stderr.startswith("error: ") and len(done.stderr.splitlines()) == 1
    assert str(tmp_path) in done.stderr


class Collector(BaseHTTPRequestHandler):
    """Takes spans as OpenTelemetry's collector does."""

    def do_POST(self):
        self.server.received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_prompts_are_logged_and_spans_sent_where_that_is_wanted(exported_dir, guard, tmp_path, monkeypatch):
    port, log = free_port(), tmp_path / "log"
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        collector.received = []
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        with serving([*MODULE, "--port", port], log, port, MODEL=exported_dir, LOG_PROMPTS="true", OTEL="true") as process:
            assert ask(port, "/guard", {"text": ATTACK})[0] == 200
            process.terminate()
            process.wait(PATIENCE)
        collector.shutdown()
    assert {path for path, _ in collector.received} == {"/v1/traces"}
    spans = b"".join(body for _, body in collector.received)
    assert b"tinyguardrail.codes" in spans and b"/guard" in spans and ATTACK.encode() not in spans
    (line,) = [line for line in log.read_text().splitlines() if ATTACK in line]
    assert line.startswith("threat: label ") and line.endswith(f"code {guard(ATTACK).code}, text: {ATTACK}")
