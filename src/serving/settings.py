"""Settings of the service, from environment variables: TINYGUARDRAIL_ and the name of a field in capitals."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from ..errors import ConfigError, did_you_mean
from ..policy import DEFAULT_POLICY, POLICIES, Policy
from ..runtime.artifact import RELEASE

log = logging.getLogger(__name__)

PREFIX = "TINYGUARDRAIL_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The model and the limits of one process."""

    model: Path = RELEASE  # an exported directory, or a run that has one
    policy: Policy = DEFAULT_POLICY  # of requests that name none
    fpr_budget: float | None = None  # None: the budget in force when the model was exported
    allow_dry_run: bool = False
    api_key: str | None = field(default=None, repr=False)  # None: every request is answered
    max_body_bytes: int = 1_048_576
    max_texts: int = 256  # of a request; the messages of a chat count as texts
    max_batch: int = 16  # texts of one request that are read together
    queue: int = 256  # texts that wait for the guard; a request that finds no room is sent away
    max_wait_ms: int = 100  # a request is sent away, too, where those before it will take longer than this
    timeout_ms: int = 10_000  # from the moment a request is in the queue to its verdict
    log_prompts: bool = False  # one line per judged text and its verdict, on standard error
    otel: bool = False  # a span per request for OpenTelemetry

    def __post_init__(self) -> None:
        if self.max_texts > self.queue:
            raise ConfigError(
                f"expected {PREFIX}MAX_TEXTS to be at most {PREFIX}QUEUE, or the largest request would never find room; "
                f"found {self.max_texts} and {self.queue}"
            )

    @property
    def timeout(self) -> float:
        """Seconds."""
        return self.timeout_ms / 1000

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """The settings in an environment. Raises ConfigError that names the variable, what was expected and what was found."""
        names = {PREFIX + each.name.upper(): each.name for each in fields(cls)}
        for unknown_name in sorted(name for name in environment if name.startswith(PREFIX) and name not in names):
            hint = did_you_mean(unknown_name, names)
            # An orchestrator may set such a name for a service called like this one, so it is no error.
            log.warning("%s is no setting and is ignored%s", unknown_name, hint and f"; {hint}")
        return cls(**{key: _PARSERS[key](name, environment[name]) for name, key in names.items() if name in environment})


def _parse_directory(name: str, value: str) -> Path:
    if not value:
        raise ConfigError(f"expected {name} to be a directory, found an empty value; unset it to serve {RELEASE}")
    return Path(value)


def _parse_policy(name: str, value: str) -> str:
    if value not in POLICIES:
        raise ConfigError(f"expected {name} to be one of {POLICIES}, found {value!r}")
    return value


def _parse_fraction(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < 1:
        raise ConfigError(f"expected {name} to be a number in (0, 1), such as 0.01 for 1% false alarms, found {value!r}")
    return number


def _parse_switch(name: str, value: str) -> bool:
    values = {"1": True, "true": True, "0": False, "false": False}
    if value.lower() not in values:
        raise ConfigError(f"expected {name} to be true or false, found {value!r}")
    return values[value.lower()]


def _parse_key(name: str, value: str) -> str:
    """An empty key would look like protection and be none. The value is not repeated: it may be a secret with a typing error."""
    if not value or not all("!" <= character <= "~" for character in value):
        content = "an empty value" if not value else "a value with others"
        raise ConfigError(
            f"expected {name} to be printable ASCII characters without blanks, found {content}; unset it for no key"
        )
    return value


def _parse_whole_number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) >= 1):
        raise ConfigError(f"expected {name} to be a whole number of at least 1, found {value!r}")
    return int(value)


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "model": _parse_directory,
    "policy": _parse_policy,
    "fpr_budget": _parse_fraction,
    "allow_dry_run": _parse_switch,
    "api_key": _parse_key,
    "max_body_bytes": _parse_whole_number,
    "max_texts": _parse_whole_number,
    "max_batch": _parse_whole_number,
    "queue": _parse_whole_number,
    "max_wait_ms": _parse_whole_number,
    "timeout_ms": _parse_whole_number,
    "log_prompts": _parse_switch,
    "otel": _parse_switch,
}
