"""A claimant's own months, found in its log: what a person who closes or confirms a whole month needn't type."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from shared.care import confirming, requesting_closing
from shared.care.process import CARE
from shared.node.node import Node
from shared.node.service import Command, CommandSpec
from shared.policy.dates import Month


class Drafts(Protocol):
    """Whatever tells of which cases a month's claim of its agency is drafted."""

    def drafted(self, month: Month) -> list[UUID]: ...
    def reported(self, month: Month) -> list[UUID]: ...


def reported(node: Node, month: Month) -> list[UUID]:
    """The cases of which a month's performance is known."""
    return _cases(node, "used is not null", month)


_MONTHS: Final = """
with recursive known(service_month) as (
    select max(service_month) from view_own_months.months
    union all
    select (select max(service_month) from view_own_months.months m where m.service_month < known.service_month)
      from known where known.service_month is not null
)
select service_month from known where exists (
    select 1 from view_own_months.months m
     where m.service_month = known.service_month and (m.used is not null or m.claimant = %s)
) order by service_month desc
"""
"""From month to month by the index: there are few months, each with all cases."""


def months_known(node: Node) -> list[str]:
    """The service months that are reported, or drafted for this node's agency, the latest first."""
    with node.database.connection() as connection:
        return [month for (month,) in connection.execute(_MONTHS.encode(), (node.agency,)).fetchall()]


def prepare_request(source: Node | Drafts, command: Command) -> Command:
    """``RequestClosing`` with the cases of which the month is reported, where none were named."""
    return _with_cases(command, partial(reported, source) if isinstance(source, Node) else source.reported)


def drafted(node: Node, month: Month) -> list[UUID]:
    """The cases of which a month's claim is drafted for this node's agency."""
    return _cases(node, "claimant = %(me)s", month)


def _cases(node: Node, condition: str, month: Month) -> list[UUID]:
    query = (
        f"select case_id from view_own_months.months where service_month = %(month)s and {condition}"  # noqa: S608
        " order by case_id"
    )
    with node.database.connection() as connection:
        rows = connection.execute(query.encode(), {"month": str(month), "me": node.agency}).fetchall()
    return [case_id for (case_id,) in rows]


def prepare_confirmation(source: Node | Drafts, command: Command) -> Command:
    """``ConfirmMonth`` with the cases of the month, where none were named."""
    return _with_cases(command, partial(drafted, source) if isinstance(source, Node) else source.drafted)


def _with_cases(command: Command, of_month: Callable[[Month], list[UUID]]) -> Command:
    """All of the month's cases: each has an event of its own, so that only what a caller names has a most."""
    fields = command.fields
    if fields["cases"]:
        return command
    return replace(command, fields={**fields, "cases": of_month(Month.parse(fields["service_month"]))})


CONFIRM_MONTH: Final = CommandSpec(
    "ConfirmMonth",
    "月の請求をまとめて確認する",
    confirming.ConfirmMonth,
    confirming.confirm_month,
    CARE,
    needs_case=False,
    concerns=confirming.concerned_cases,
    prepare=prepare_confirmation,
)
"""What a claimant gives to confirm a whole month (T-33)."""

REQUEST_CLOSING: Final = CommandSpec(
    "RequestClosing",
    "月を締める（請求事務の事業所に依頼する）",
    requesting_closing.RequestClosing,
    requesting_closing.request_closing,
    CARE,
    needs_case=False,
    concerns=requesting_closing.concerned_cases,
    prepare=prepare_request,
)
"""What a claimant gives to close a whole month through its billing desk (T-32, T-33)."""
