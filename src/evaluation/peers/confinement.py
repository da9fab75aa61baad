"""Confine this process to what an untrusted package needs to score a text. Linux only; standard library only.

Weights that are pickles can run any code when they are loaded. These limits hold for such code:
    no network, not even the loopback device (a network namespace without one)
    no file can be written, created or removed (every mount is read-only, and the capability to change that is dropped)
        except in a scratch directory in memory, which ends with the process
    memory and open files are limited, and no core is dumped; the parent process limits the
        time, since under RLIMIT_CPU Linux counts processor time in ticks, too coarse for the reported times
It can still read the files that its user can read, and signal that user's processes. Its answer comes back through a pipe to
a reader that accepts numbers only.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 8 << 30  # limit of the address space, of which PyTorch reserves several times what it uses
OPEN_FILES = 256
SCRATCH_BYTES = 64 << 20

_NEW_MOUNTS, _NEW_USER, _NEW_NETWORK = 0x00020000, 0x10000000, 0x40000000  # linux/sched.h
_MOUNT_SETATTR, _AT_FDCWD, _RECURSIVE = 442, -100, 0x8000  # one number on every architecture since Linux 5.12
_READ_ONLY, _PRIVATE = 0x1, 1 << 18  # as mount attribute and as propagation
_NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_NO_NEW_PRIVILEGES = 38
_CAPABILITY_VERSION = 0x20080522


class ConfinementError(OSError):
    """This system does not allow a process to be confined."""


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user_namespace")]


def confine(scratch: str) -> None:
    """Confine this process for good; `scratch` is the empty directory that it alone will see as one to write to.

    Raises ConfinementError where the system does not allow every part of it.

    To be called while the process has one thread, and before anything of the package is imported.
    """
    if not sys.platform.startswith("linux"):
        raise ConfinementError(f"confining a process needs Linux, this is {sys.platform}")
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (allowed, allowed))
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if user:  # without root these namespaces need a user namespace around them, with the same user and group ids
        _check(libc.unshare(_NEW_USER), "a namespace of users")
        for file, line in (("uid_map", f"{user} {user} 1"), ("setgroups", "deny"), ("gid_map", f"{group} {group} 1")):
            Path("/proc/self", file).write_text(line)
    _check(libc.unshare(_NEW_NETWORK | _NEW_MOUNTS), "a process without network")
    attributes = _MountAttributes(set=_READ_ONLY, propagation=_PRIVATE)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    status = libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, b"/", _RECURSIVE, ctypes.byref(attributes), size)
    _check(status, "a read-only view of the files")
    flags = ctypes.c_ulong(_NO_SETUID | _NO_DEVICES | _NO_PROGRAMS)
    _check(libc.mount(b"none", scratch.encode(), b"tmpfs", flags, f"size={SCRATCH_BYTES}".encode()), "a directory in memory")
    _check(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "to rule out new privileges")
    header, no_capabilities = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    _check(libc.capset(header, no_capabilities), "to give up capabilities")


def _check(result: int, what: str) -> None:
    if result:
        raise ConfinementError(f"this system does not allow {what}: {os.strerror(ctypes.get_errno())}")
