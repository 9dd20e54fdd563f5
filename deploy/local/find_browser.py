"""Find Chromium: one that is named, one installed, Debian's package where we may install it. None is downloaded."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.local.debian import install, may_install
from deploy.local.errors import BrowserMissing
from deploy.local.ports import alone

GIVEN: Final = "RENKEI_CHROMIUM"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGE: Final = "chromium"

_WHAT_TO_INSTALL: Final = f"""\
Chromium が見つかりません。次のいずれかを行ってから、もう一度実行してください。
  ・Chromium を導入する（Debian: sudo apt-get install chromium）
  ・Ubuntu の chromium は snap で、ここからは操作できません。Google Chrome の deb パッケージを導入する
  ・使える Chromium か Chrome のパスを環境変数 {GIVEN} に設定する
Chromium was not found. Do one of these, then run this again:
  - install Chromium (Debian: sudo apt-get install chromium)
  - Ubuntu's chromium is a snap, which can't be driven from here: install Google Chrome's deb package
  - set the environment variable {GIVEN} to the path of a Chromium or Chrome"""


def find_browser(tell: Callable[[str], None]) -> Path:
    """The program of a Chromium or Chrome; ``tell`` hears of what takes long.

    :raises BrowserMissing: there is none, with what to install.
    """
    given = os.environ.get(GIVEN)
    if given:
        if not os.access(given, os.X_OK):
            raise BrowserMissing(f"{GIVEN}={given} は実行できません。\n{_WHAT_TO_INSTALL}")
        return Path(given)
    with alone("install"):  # a run beside this one may be installing it
        found = installed_browser()
        if found is None and may_install() and not _snaps_only():
            tell("Chromium を導入しています（Debian のパッケージ） / installing Debian's chromium")
            install(_PACKAGE)
            found = installed_browser()
    if found is None:
        raise BrowserMissing(_WHAT_TO_INSTALL)
    return found


def installed_browser() -> Path | None:
    """The first Chromium or Chrome on the PATH that can be driven; a snap reads neither our fonts nor our folders."""
    for name in _NAMES:
        path = shutil.which(name)
        if path is not None and not _is_snap(Path(path)):
            return Path(path)
    return None


def _is_snap(program: Path) -> bool:
    real = program.resolve()
    if "snap" in real.parts or real.name == "snap":
        return True
    with real.open("rb") as content:
        start = content.read(4096)
    return start.startswith(b"#!") and b"/snap/bin/" in start


def _snaps_only() -> bool:
    """Whether the package of that name is a snap here, as on Ubuntu."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return "ID=ubuntu" in lines
