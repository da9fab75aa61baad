"""Serve the guard over HTTP.

    python -m src.serving --model outputs/production_final/optimized
    python -m src.serving --host 0.0.0.0 --port 8000 --workers 4
    uvicorn api:app --host 0.0.0.0 --port 8000 --http h11

The three serve the same application; `python api.py` is the first. Everything but these flags is set by environment variables:
TINYGUARDRAIL_MODEL, _POLICY, _FPR_BUDGET, _API_KEY, _MAX_BODY_BYTES, _MAX_TEXTS, _MAX_BATCH, _QUEUE, _MAX_WAIT_MS, _TIMEOUT_MS,
_ALLOW_DRY_RUN, _LOG_PROMPTS, _OTEL (src/serving/settings.py). One process serves best on one core: --workers is the number of
cores to use. SIGHUP loads the model directory again and serves what is in it from then on, or goes on as before where that is
refused.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import math
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn

from ..errors import ConfigError, run_main
from .app import create_app, freeze_loaded_objects
from .arguments import add_arguments, check_arguments
from .processes import serve_in_processes
from .protocol import PROTOCOL
from .service import load_guard
from .settings import PREFIX, Settings
from .tracing import create_provider

BACKLOG = 2048  # connections that wait to be accepted


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m src.serving", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_arguments(parser)
    args = parser.parse_args()
    check_arguments(parser, args)
    serve(args)


def serve(args: argparse.Namespace) -> None:
    """Until the process is asked to end. `args` as `add_arguments` describes them."""
    if args.model is not None:
        os.environ[f"{PREFIX}MODEL"] = args.model
    settings = Settings.read(os.environ)
    with listening(args.host, args.port) as listener:
        guard = load_guard(settings)  # with several processes, to end here if it cannot be
        sys.stderr.write(f"serving {guard.file} ({guard.model_id}) on http://{_address(listener)}\n")
        options: dict[str, Any] = {
            "timeout_graceful_shutdown": math.ceil(2 * settings.timeout) + 1,  # to send a body and to be judged
            "http": PROTOCOL,
            "access_log": False,  # a line costs as much as a refusal, and the metrics count every request
        }
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
            if args.workers == 1:
                app = create_app(guard, settings)
                freeze_loaded_objects()
                uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[listener])
            else:
                del guard
                if settings.otel:
                    create_provider().shutdown()  # to end here if a package is missing
                serve_in_processes(args.workers, listener, options)


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens already, so that a port in use is found before anything is loaded. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it every answer takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener:
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was served a moment ago is free
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConfigError(f"port {port} of {host} is in use; choose another with --port") from error
            raise ConfigError(f"cannot listen on port {port} of {host}: {error.strerror or error}") from error
        listener.set_inheritable(True)
        yield listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


if __name__ == "__main__":
    run_main(main)
