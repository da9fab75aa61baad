"""Errors that a user, a file or the network can cause. Scripts print only the message and exit with status 1.

A message says what was expected, what was found and what to do. Anything else is a bug and keeps its traceback.
"""

import errno
import sys
from collections.abc import Callable, Iterable


class GuardrailError(Exception):
    """Base of every error whose message is meant for the user."""


class ConfigError(GuardrailError):
    """A configuration value, key or file cannot be used."""


class DataError(GuardrailError):
    """A data source is missing, unreadable, malformed or too small for what was asked of it."""


class CheckpointError(GuardrailError):
    """A checkpoint is missing, truncated, written by another schema, or could not be written."""


class ArtifactError(GuardrailError):
    """An exported directory or model file is missing, incomplete or does not match its checksums."""


class TrainingError(GuardrailError):
    """Training cannot go on: such as a loss that is not finite or a run directory that belongs to another run."""


class DivergenceError(TrainingError):
    """A loss or gradient is not finite."""


class GateError(GuardrailError):
    """A stage ran, but its measured result does not reach the required quality."""


class BaselineUnavailable(GuardrailError):
    """A baseline cannot be run here (gated, offline, no such directory, needs remote code): reported with this reason."""


def did_you_mean(name: str, candidates: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> str:
    """The hint for an unknown name: "did you mean 'flip' or 'flap'?"; "" where no candidate is similar.

    Names at most `most` candidates, the most similar first; `cutoff` is the least similarity (difflib's ratio, 0 to 1).
    """
    import difflib  # needed for rare messages only, and commands must start quickly

    matches = difflib.get_close_matches(name, candidates, n=most, cutoff=cutoff)
    return f"did you mean {' or '.join(map(repr, matches))}?" if matches else ""


DISK_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_ADVICE = dict.fromkeys(
    DISK_FULL_ERRNOS, "free some space there, or choose another directory, and run the same command again"
) | {
    errno.EROFS: "make the file system writable, or choose another directory",
    errno.EIO: "the disk may be broken: choose another directory",
}


def machine_message(error: Exception) -> str | None:
    """The message for an error caused by the machine: a full, read-only or broken disk, or too little memory.

    Returns None for any other error, which is a bug.
    """
    if isinstance(error, OSError) and error.errno in DISK_ADVICE:
        return f"cannot write {error.filename or 'a file'}: {error.strerror}; {DISK_ADVICE[error.errno]}"
    phrases = ("not enough memory", "can't allocate memory", "bad_alloc", "out of memory", "Failed to allocate memory")
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and any(phrase in str(error) for phrase in phrases)):
        lines = str(error).strip().splitlines() or ["no more could be had"]
        return (
            f"the memory of this process is not enough ({lines[0]}); end other programs, raise its limit, or lower "
            "train.batch_size, model.max_tokens or the number of rows, and run the same command again"
        )
    return None


def run_main(main: Callable[[], None], *, status: int = 1) -> None:
    """Run a script's main(): errors of the user and of the machine are printed without a traceback and exit with `status`,
    Ctrl-C with 130."""
    try:
        main()
    except GuardrailError as error:
        sys.stderr.write(f"{'configuration error' if isinstance(error, ConfigError) else 'error'}: {error}\n")
        sys.exit(status)
    except (OSError, MemoryError, RuntimeError) as error:
        message = machine_message(error)
        if message is None:
            raise
        sys.stderr.write(f"error: {message}\n")
        sys.exit(status)
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted: run the same command again; what was finished and kept is not done twice\n")
        sys.exit(130)
