"""Atomic writes of files and directories: written beside the target, flushed to disk, then renamed over it. Checks of files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np

# Exceptions that zipfile raises for a bad table, name or compression, or for an entry that is marked as encrypted.
ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same directory; on success it replaces `path`, on failure it is removed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        if error.filename in (None, str(partial)):  # a failed write names no file
            error.filename = str(path)
        raise
    except RuntimeError as error:
        if isinstance(error.__context__, OSError):  # torch reports a failed write as an error of its archive
            raise OSError(error.__context__.errno, error.__context__.strerror, str(path)) from error
        raise
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_directory(path: Path) -> Iterator[Path]:
    """Yield an empty directory beside `path`; on success it replaces `path` and what was in it, on failure it is removed.

    Killed between the two renames of a replacement, it leaves `path` absent and the earlier directory beside it.
    """
    path = Path(path).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, replaced = (path.with_name(f".{path.name}.{os.getpid()}.{state}") for state in ("partial", "replaced"))
    shutil.rmtree(partial, ignore_errors=True)  # left by a killed process with the same id
    partial.mkdir()
    try:
        yield partial
        for file in partial.rglob("*"):
            if file.is_file():
                with file.open("rb+") as stream:
                    os.fsync(stream.fileno())
        if path.exists():
            path.rename(replaced)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(replaced, ignore_errors=True)


def write_text(path: Path, text: str) -> None:
    with atomic_write(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write indented UTF-8 JSON. Raises ValueError for NaN and infinity: write an undefined number as None."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """Raises DataError for a file that is not JSON: this project writes whole files, so it was damaged or edited."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not valid JSON ({error}); delete it and run the stage that writes it again") from error


def find_archive_damage(path: Path) -> str | None:
    """What is wrong with a zip archive, such as an .npz file or a checkpoint; None when every member matches its checksum.

    Neither torch nor numpy checks this: torch ignores checksums, numpy compares one only when it reads a member to its end.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            bad_member = archive.testzip()
    except ARCHIVE_ERRORS as error:
        return str(error) or type(error).__name__
    return None if bad_member is None else f"{bad_member} in it does not have its checksum"


def load_arrays(path: Path, advice: str) -> dict[str, np.ndarray]:
    """The arrays of an .npz file, each compared with its checksum; `advice` is what to do about a damaged file.

    Raises FileNotFoundError, and DataError for a file that is damaged or holds no arrays.
    """
    import numpy as np  # imported here, because the command that checks one text reads no arrays

    if not Path(path).exists():
        raise FileNotFoundError(path)
    damage = find_archive_damage(path)
    if damage is None:
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return dict(arrays)
        except ARCHIVE_ERRORS as error:
            damage = str(error)
    raise DataError(f"{path} is damaged or holds no arrays ({damage}); {advice}")


def check_output_file(path: Path, flag: str) -> None:
    """Raise ConfigError, which names the flag, unless a file can be written to `path`. Called before the work, not after it."""
    if path.is_dir():
        raise ConfigError(f"{flag}: expected the name of a file, found the directory {path}; add a name to it")
    check_output_directory(path.parent, flag)


def check_output_directory(path: Path, flag: str) -> None:
    """Raise ConfigError, which names the flag, unless files can be written to the directory. Creates it if it is absent."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):  # permissions are not enough: the file system may be read-only
            pass
    except OSError as error:
        raise ConfigError(
            f"{flag}: expected a directory that can be written at {path}, found: {error.strerror or error}; choose another place"
        ) from error


def first_non_utf8_line(path: Path) -> int | None:
    """The number (from 1) of the first line that is not UTF-8. A decoder's own position cannot tell, because it reads ahead."""
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None


def not_utf8_message(path: Path, error: UnicodeDecodeError) -> str:
    """The message for a user's file whose reading ended with `error`."""
    return f"{path}, line {first_non_utf8_line(path)}: expected UTF-8, found: {error.reason}; save the file as UTF-8"


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
