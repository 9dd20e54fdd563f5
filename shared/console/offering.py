"""The commands of a case, grouped by what they are about, and which of them its state refuses today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn
from uuid import UUID

from shared.node.errors import Refused
from shared.node.service import Command, CommandSpec, Situation

_SUBJECTS: Final[Sequence[tuple[str, tuple[str, ...]]]] = (
    (
        "相談・資格・被保険者証",
        (
            "窓口での相談",
            "基本チェックリストを実施",
            "チェックリストを記録",
            "助言",
            "本人の状況の確認",
            "苦情",
            "受給者台帳",
            "被保険者証",
            "負担割合",
        ),
    ),
    ("契約", ("契約",)),
    ("届出書", ("届出",)),
    ("資料・書類", ("資料", "書類を渡す", "書類にファイル")),
    ("計画の検証とリスク対応策", ("検証", "報告会", "リスク")),
    (
        "アセスメントと計画",
        ("アセスメント", "計画", "プラン", "会議", "評価", "チェックリスト", "基本情報"),
    ),
    ("サービス・モニタリング・実績", ("サービス", "利用票", "提供票", "モニタリング", "実績")),
    ("類型の変更と委託", ("類型", "委託", "原本", "支援経過")),
    ("認定・状況の変化・支援の終了", ("認定", "状況", "支援を", "福祉事務所")),
    ("食い違い", ("食い違い",)),
    ("請求", ("請求", "給付管理票")),
)
"""Subject → words of a command's title, the first subject of which one fits. A new command needs no entry here."""
_OTHERS: Final = "その他"


@dataclass(frozen=True, slots=True)
class NotNow:
    """A command that is refused today whatever is entered, and why."""

    command: CommandSpec
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Offer:
    """One subject: the commands that may be possible, as far as the state alone tells, and those that are not."""

    subject: str
    commands: Sequence[CommandSpec]
    not_now: Sequence[NotNow] = ()


@dataclass(frozen=True, slots=True)
class Offering:
    """What a person can do with a case now, and what the case's state refuses."""

    offers: Sequence[Offer]

    @property
    def not_now(self) -> Mapping[str, Refused]:
        """The commands that are refused today, by name."""
        return {each.command.name: each.refusal for offer in self.offers for each in offer.not_now}


def offering(commands: Sequence[CommandSpec], situation: Situation, case_id: UUID) -> Offering:
    """Group commands, and ask each one's decision, recording nothing, whether it refuses before it reads any field."""
    found: dict[str, tuple[list[CommandSpec], list[NotNow]]] = {
        name: ([], []) for name in (*dict(_SUBJECTS), _OTHERS)
    }
    for spec in commands:
        possible, not_now = found[subject_of(spec.title)]
        refusal = refusal_of_state(spec, situation, case_id)
        if refusal is None:
            possible.append(spec)
        else:
            not_now.append(NotNow(spec, refusal))
    return Offering([Offer(name, *both) for name, both in found.items() if any(both)])


def subject_of(title: str) -> str:
    """What a command is about, by its title."""
    return next((name for name, words in _SUBJECTS if any(word in title for word in words)), _OTHERS)


def refusal_of_state(
    spec: CommandSpec,
    situation: Situation,
    case_id: UUID | None,
    known: Mapping[str, Any] | None = None,
) -> Refused | None:
    """The refusal that a command meets today whatever is entered; ``None`` where that depends on what is entered.

    ``decide`` is pure, so it can be asked without recording anything. It is asked with fields that can't be read, but
    for those that are ``known``: a refusal that comes all the same is the state's, and everything else is left to the
    form.
    """
    command = Command(
        UUID(int=0), spec.name, case_id, _NotEntered(known or {}), situation.me, situation.today
    )
    try:
        spec.decided(situation, command)
    except Refused as refusal:
        return refusal
    except Exception:
        return None  # it wanted to read a field, or what it makes without one: nothing follows from that
    return None


class _FieldWanted(Exception):
    """A decision wants to know what is entered."""


class _NotEntered(Mapping[str, Any]):
    """The fields of a form that nobody has filled in: whoever looks at them learns that they are not there yet.

    Only what is ``known`` can be read.
    """

    def __init__(self, known: Mapping[str, Any]) -> None:
        self._known = known

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            raise _FieldWanted(name)
        return self._known[name]

    def get(self, name: str, default: Any = None) -> NoReturn:
        raise _FieldWanted(name)

    def __contains__(self, name: object) -> bool:
        raise _FieldWanted(name)

    def __iter__(self) -> Iterator[str]:
        raise _FieldWanted

    def __len__(self) -> int:
        raise _FieldWanted
