"""The age that a consultation and a checklist go by: reckoned from the birth date of the case (A-Q1b, A-Q8)."""

from dataclasses import replace
from datetime import date
from typing import Protocol
from uuid import UUID

from shared.node.errors import Refused
from shared.node.service import Command
from shared.policy.ages import age_on
from shared.policy.dates import era_date


class KnowsBirths(Protocol):
    """Whatever tells when the person of a case was born."""

    def birth_date(self, case_id: UUID) -> date | None: ...


def with_age(source: KnowsBirths, command: Command) -> Command:
    """The command with the person's age on its day; a typed one has to agree with the birth date.

    :raises Refused: the two differ, or neither is known.
    """
    assert command.case_id is not None
    typed, born = command.fields["age"], source.birth_date(command.case_id)
    if born is None:
        if typed is None:
            raise _refused("生年月日がこのケースの記録から読めません", "本人に年齢を確かめて入力してください")
        return command
    reckoned = age_on(born, command.occurred_on)
    if reckoned < 0:
        raise _refused(
            f"生年月日（{era_date(born)}）は実施日よりあとです", "生年月日と実施日を確かめてください"
        )
    if typed not in (None, reckoned):
        raise _refused(
            f"年齢{typed}歳は、生年月日（{era_date(born)}）から数えた{reckoned}歳と違います",
            "年齢を空欄にするか、生年月日を確かめてください",
        )
    return replace(command, fields={**command.fields, "age": reckoned})


def _refused(message: str, todo: str) -> Refused:
    return Refused("age_unknown_or_differs", message, field="age", rule="A-Q8", todo=todo)
