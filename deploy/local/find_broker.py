"""Find RabbitMQ: a URL given, one installed, Debian's package where we may install it, a container."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from deploy.local.debian import install, may_install
from deploy.local.engine import engine_answers
from deploy.local.errors import BrokerMissing
from deploy.local.given_broker import GivenBroker
from deploy.local.ports import alone
from deploy.local.rabbitmq import PrivateBroker

GIVEN_URL = "RENKEI_RABBITMQ_URL"

_SYSTEM_FOLDERS = [
    Path("/usr/lib/rabbitmq/bin"),
    Path("/usr/local/sbin"),
    Path("/usr/sbin"),
    Path("/opt/homebrew/sbin"),
]
_PACKAGE = "rabbitmq-server"

_WHAT_TO_INSTALL = """\
RabbitMQ が見つかりません。次のいずれかを行ってから、もう一度実行してください。
  ・RabbitMQ を導入する(Debian / Ubuntu: sudo apt-get install rabbitmq-server)
  ・Docker を導入して起動する
  ・使える RabbitMQ の URL を環境変数 {variable} に設定する
RabbitMQ was not found. Do one of these, then run this again:
  - install RabbitMQ (Debian / Ubuntu: sudo apt-get install rabbitmq-server)
  - install and start Docker
  - set the environment variable {variable} to the URL of a RabbitMQ that you may use"""


class Broker(Protocol):
    """A broker that serves the nodes, wherever it runs."""

    @property
    def description(self) -> str: ...

    def url(self, user: str, password: str) -> str: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class FallibleBroker(Broker, Protocol):
    """A broker of our own, which failure tests may break."""

    def kill(self) -> None: ...

    def wipe(self) -> None: ...

    def restart(self) -> None: ...

    def erase(self) -> None: ...

    def load(self, definitions: Mapping[str, Any]) -> None: ...


def find_broker(folder: Path, definitions: Mapping[str, Any], tell: Callable[[str], None]) -> Broker:
    """The broker to use, not started yet; ``tell`` hears of what takes long.

    Raises BrokerMissing, with what to install, when there is none.
    """
    url = os.environ.get(GIVEN_URL)
    if url:
        return GivenBroker(url, definitions)
    return own_broker(folder, definitions, tell)


def own_broker(folder: Path, definitions: Mapping[str, Any], tell: Callable[[str], None]) -> FallibleBroker:
    """Like ``find_broker``, but never the one given by URL: a broker that may be killed and wiped."""
    with alone("install"):  # a run beside this one that installs has half of the programs meanwhile
        programs = installed_programs()
        if programs is None and may_install():
            tell("RabbitMQ を導入しています(Debian のパッケージ) / installing Debian's rabbitmq-server")
            _install()
            programs = installed_programs()
    if programs is not None:
        return PrivateBroker(folder, definitions, programs)
    if engine_answers():
        from deploy.local.container_broker import ContainerBroker

        return ContainerBroker(definitions)
    raise BrokerMissing(_WHAT_TO_INSTALL.format(variable=GIVEN_URL))


def installed_programs() -> Path | None:
    """The folder of the broker's own start scripts, or None when RabbitMQ is not installed.

    Distributions put wrappers on the PATH that change to the system's user and data; we want the scripts
    behind them, which have `rabbitmq-env` beside them.
    """
    on_path = shutil.which("rabbitmq-server")
    for folder in [*([Path(on_path).parent] if on_path else []), *_SYSTEM_FOLDERS]:
        program = (folder / "rabbitmq-server").resolve()
        if program.name == "rabbitmq-server" and (program.parent / "rabbitmq-env").exists():
            return program.parent
    return None


def _install() -> None:
    """Install Debian's package; a failure is left to the caller, who looks whether the programs are there.

    The package starts a broker of the system's own. Where systemd does so in spite of the run level, we stop what this
    installation started and enabled.
    """
    install(_PACKAGE)
    if Path("/run/systemd/system").exists():
        subprocess.run(["systemctl", "disable", "--now", _PACKAGE], capture_output=True, check=False)
