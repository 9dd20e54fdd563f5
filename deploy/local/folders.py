"""Folders for private servers: ones that another user can reach, and ones whose path is short."""

import fcntl
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

from deploy.local.errors import AlreadyRunning

UNPRIVILEGED = "nobody"
"""As whom a program runs that refuses root. It exists on every system, so no account has to be made."""


def server_user() -> str | None:
    """The user for programs that refuse root, or None when we are not root and need no other."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def others_reach(path: Path) -> bool:
    """Whether a user without rights of their own can enter this folder and every folder above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def temporary_stand_in(folder: Path) -> Path:
    """A folder under the system's temporary folder that stands for ``folder``: short, and open to enter.

    ``folder`` remembers it, so the next run finds it again, while a new checkout at the same path does not.
    """
    memory = folder / "stand-in"
    if memory.exists():
        stand_in = Path(memory.read_text())
        if stand_in.is_dir() and not stand_in.is_symlink() and stand_in.stat().st_uid == os.geteuid():
            return stand_in
    stand_in = Path(tempfile.mkdtemp(prefix="renkei-"))
    stand_in.chmod(0o711)
    memory.write_text(str(stand_in))
    return stand_in


def lock(folder: Path) -> int:
    """Take ``folder`` for this run until the returned file descriptor is closed or the process ends.

    Raises AlreadyRunning when another run has it.
    """
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(
            f"{folder} は別の実行が使用中です。先にそれを終了してください。\n"
            f"Another run uses {folder}. End that one first."
        ) from None
    return descriptor


def remove(folder: Path) -> None:
    """Delete ``folder`` and its stand-in. Harmless when they do not exist."""
    memory = folder / "stand-in"
    if memory.exists():
        shutil.rmtree(memory.read_text(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def own(folder: Path, user: str | None, mode: int = 0o700) -> Path:
    """Make ``folder`` (and its parents) and give it to ``user``; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    folder.chmod(mode)
    return folder
