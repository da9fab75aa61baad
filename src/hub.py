"""Downloads from the Hugging Face Hub that end: no request waits for a silent server for longer than HF_HUB_ETAG_TIMEOUT seconds.

huggingface_hub limits the wait for the bytes and the checksum of a file. It sets none on the questions that come first (which
commit, which files), so a server that accepts a connection and is silent would stop a run for ever.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from huggingface_hub import HfApi


def download_snapshot(repository: str, allow_patterns: Sequence[str], **options: Any) -> Path:
    """The directory in the Hub's cache with the files of a repository that match.

    options and errors: those of `huggingface_hub.snapshot_download`; a silent server raises LocalEntryNotFoundError.
    """
    from huggingface_hub import snapshot_download

    limit_waiting()
    return Path(snapshot_download(repository, allow_patterns=list(allow_patterns), **options))


def open_api(token: str) -> HfApi:
    """The Hub's interface for questions; a silent server raises an HTTPError of huggingface_hub."""
    from huggingface_hub import HfApi

    limit_waiting()
    return HfApi(token=token)


@functools.cache
def limit_waiting() -> None:
    """Give every request of this process that has no time limit that of HF_HUB_ETAG_TIMEOUT (10 s unless it is set)."""
    from huggingface_hub import constants, get_session, set_client_factory

    def set_limit(request: Any) -> None:
        limits = request.extensions.get("timeout", {})
        request.extensions["timeout"] = {
            phase: constants.HF_HUB_ETAG_TIMEOUT if seconds is None else seconds for phase, seconds in limits.items()
        }

    # A limit of the client would not help: the calls pass None on, which replaces it. A hook sees the final request.
    default = get_session()
    hooks = {**default.event_hooks, "request": [*default.event_hooks["request"], set_limit]}
    set_client_factory(lambda: type(default)(event_hooks=hooks, follow_redirects=default.follow_redirects))
