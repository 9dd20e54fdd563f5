"""Where claim files are put: each claimant's and ward's in a folder of its own, for its owner's eyes alone (A-S10)."""

import os
from collections.abc import Sequence
from pathlib import Path

from services.billing.filing import File


class OtherContent(Exception):
    """Other bytes stand where a file should be put; they stay as they are. The message is Japanese."""


def keep(out: Path, claimant: str, ward: str | None, files: Sequence[File]) -> Path:
    """Put files where only their owner may read them; no claimant's, ward's or earlier one is ever replaced (A-S10).

    :param ward: the ward that they go to, None for the federation.
    :return: the folder.
    :raises OtherContent: a file of that name with other bytes, or a link, is there; nothing is written then.
    """
    folder = out
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (claimant, ward):
        if name is not None:
            folder = folder / name
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
    for each in files:
        path = folder / each.name
        if path.is_symlink() or (path.exists() and path.read_bytes() != each.written.content):
            raise OtherContent(
                f"{path} には別の内容のファイルがあります。上書きしません。別のフォルダを指定してください"
            )
    for each in files:
        path = folder / each.name
        if path.exists():
            path.chmod(0o600)
            continue
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(each.written.content)
    return folder
