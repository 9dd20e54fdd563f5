"""Installing a package of Debian's, where we may: as root on a machine with apt-get."""

import os
import shutil
import subprocess
from typing import Final

_WAIT_FOR_OTHERS: Final = "--option=DPkg::Lock::Timeout=120"
"""A machine that has just started may be updating itself."""


def may_install() -> bool:
    """Whether we may install packages on this machine."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(package: str) -> bool:
    """Install a package and tell whether apt-get did; what came of it is for the caller to look at.

    Some packages start a server of the system's own. Run level 1 keeps their scripts from doing so.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", _WAIT_FOR_OTHERS, package]
    done = False
    for command in (wanted, ["apt-get", "update", "-qq"], wanted):
        done = (
            subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
            ).returncode
            == 0
        )
        if command is wanted and done:
            break
    return done
