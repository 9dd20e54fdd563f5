"""What can't be recorded although every rule allows it, as a refusal that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.eventlog.personal import PersonDamaged, PersonErased
from shared.node.errors import Refused
from shared.node.recording import TooLarge
from shared.policy.calendar import OutsideCalendar
from shared.policy.parameters import ParameterError


@contextmanager
def unreckonable_is_refused() -> Iterator[None]:
    """Within it, a day of which no parameter or no holiday is known is a refusal.

    :raises Refused: instead of ``ParameterError`` and ``OutsideCalendar``.
    """
    try:
        yield
    except (ParameterError, OutsideCalendar) as problem:
        todo = "入力した日付と、保険者の番号を確かめてください"
        raise Refused("day_not_covered", str(problem), todo=todo) from problem


@contextmanager
def unrecordable_is_refused() -> Iterator[None]:
    """Within it, what is too long and a person whose data can't be written are refusals.

    :raises Refused: instead of ``TooLarge``, ``PersonErased`` and ``PersonDamaged``.
    """
    try:
        yield
    except TooLarge as problem:
        todo = "入力した内容は記録されていません。この項目を短くするか、分けて記録してください"
        raise Refused(problem.code, problem.message, field=problem.field, todo=todo) from problem
    except PersonErased as problem:
        raise Refused(
            "person_erased",
            "このケースの個人情報はこの事業所では消去されています。記録を追加できません",
            todo="同じ方の支援を始めるときは、新しいケースを登録してください",
        ) from problem
    except PersonDamaged as problem:
        raise Refused(
            "person_damaged",
            "このケースの個人情報または鍵が破損していて読めません。消去されたのではありません",
            todo="管理者に連絡し、./renkei verify で破損した記録を確かめ、控えから戻してください",
        ) from problem
