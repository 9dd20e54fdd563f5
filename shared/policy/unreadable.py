"""Why a file can't be read, for people: what the operating system and YAML say in English, in Japanese."""

import errno
from collections.abc import Mapping
from typing import Final

import yaml

_CAUSES: Final[Mapping[int, str]] = {
    errno.ENOENT: "ファイルがありません",
    errno.EEXIST: "同じ名前のファイルがすでにあります",
    errno.EACCES: "読み書きの権限がありません",
    errno.EPERM: "読み書きの権限がありません",
    errno.EISDIR: "フォルダーです。ファイルを指定してください",
    errno.ENOTDIR: "途中にフォルダーでないものがあります",
    errno.ENOSPC: "ディスクに空きがありません",
    errno.EROFS: "書き込めないディスクです",
    errno.ENAMETOOLONG: "名前が長すぎます",
    errno.ECONNREFUSED: "接続先が動いていません",
    errno.ECONNRESET: "接続が切られました",
    errno.ETIMEDOUT: "応答がありません",
}


def why(problem: BaseException) -> str:
    """The cause in Japanese: of an :class:`OSError`, a YAML error with its place, or text that is no UTF-8."""
    if isinstance(problem, yaml.MarkedYAMLError):
        mark = problem.problem_mark or problem.context_mark
        place = f"{mark.line + 1}行目の{mark.column + 1}文字目" if mark else "どこか"
        return f"{place}が YAML の書き方になっていません。字下げ、コロン、引用符を確かめてください"
    if isinstance(problem, yaml.YAMLError):
        return "YAML に使えない文字があります"
    if isinstance(problem, UnicodeDecodeError):
        return "UTF-8 の文字ではありません"
    if isinstance(problem, TimeoutError):
        return _CAUSES[errno.ETIMEDOUT]
    inner = getattr(problem, "reason", None)  # urllib wraps what the system said
    if isinstance(inner, OSError):
        return why(inner)
    number = getattr(problem, "errno", None)
    return _CAUSES.get(number or 0, f"システムの番号 {number}" if number else "原因は分かりません")
