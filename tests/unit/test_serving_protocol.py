"""What a connection may send beside bodies is bounded with the parser in C too."""

import socket
import threading
import time

import pytest
import uvicorn

from src.serving import protocol
from src.serving.protocol import MAX_BESIDE_BODY, PROTOCOL


async def echo_length(scope, receive, send):
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    body = str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(echo_length, http=PROTOCOL, lifespan="off", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(60)


def received(port, *pieces):
    """All that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        found = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while piece := connection.recv(65536):
                found += piece
        except (ConnectionResetError, BrokenPipeError):  # closed while more was on its way
            pass
        return found


def test_a_header_without_end_is_refused(port):
    flood = [b"GET / HTTP/1.1\r\nHost: a\r\nX: ", *[b"a" * 16_384] * 64]
    answer = received(port, *flood)
    assert b" 200 " not in answer and (not answer or answer.startswith(b"HTTP/1.1 400"))


def test_trailers_without_end_are_refused(port):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    assert b" 200 " not in received(port, head, *[b"X: " + b"a" * 16_384 + b"\r\n"] * 64)


def test_bodies_and_one_request_after_the_other_are_not_counted(port):
    body = b"a" * (4 * MAX_BESIDE_BODY)
    plain = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n" % len(body)
    chunk = b"%x\r\n%s\r\n" % (len(body) // 4, body[: len(body) // 4])
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
    padding = b"X: %s\r\n" % (b"a" * (MAX_BESIDE_BODY // 2))
    requests = [plain + padding + b"\r\n" + body, chunked + padding + b"\r\n" + 4 * chunk + b"0\r\n\r\n"] * 2
    last = plain + b"Connection: close\r\n\r\n" + body
    answer = received(port, *requests, last)
    assert answer.count(b"HTTP/1.1 200") == 5 and answer.count(b"%d" % len(body)) == 5


def test_the_parser_in_c_is_the_bounded_one():
    pytest.importorskip("httptools")
    assert protocol.PROTOCOL is protocol.BoundedProtocol
