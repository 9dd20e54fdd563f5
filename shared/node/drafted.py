"""A claimant's own months, found in its log: what a person who closes or confirms a whole month needn't type."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from contracts.events.submission import MOST_LINES
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
    query = (
        b"select distinct case_id from events where type = 'PerformanceReported' and case_id is not null"
        b" and data::json ->> 'service_month' = %s order by case_id"
    )
    with node.database.connection() as connection:
        return [row[0] for row in connection.execute(query, (str(month),)).fetchall()]


def months_reported(node: Node) -> list[str]:
    """The service months of which any performance is known, the latest first."""
    query = (
        b"select distinct data::json ->> 'service_month' from events where type = 'PerformanceReported'"
        b" and case_id is not null"
    )
    with node.database.connection() as connection:
        return sorted((month for (month,) in connection.execute(query).fetchall()), reverse=True)


def prepare_request(source: Node | Drafts, command: Command) -> Command:
    """``RequestClosing`` with the cases of which the month is reported, where none were named."""
    return _with_cases(command, partial(reported, source) if isinstance(source, Node) else source.reported)


def drafted(node: Node, month: Month) -> list[UUID]:
    """The cases of which a month's claim was ever drafted for this node's agency."""
    query = (
        b"select distinct case_id from events where type = 'ClaimDrafted' and case_id is not null"
        b" and data::json ->> 'service_month' = %s and data::json ->> 'claimant' = %s order by case_id"
    )
    with node.database.connection() as connection:
        return [row[0] for row in connection.execute(query, (str(month), node.agency)).fetchall()]


def months_drafted(node: Node) -> list[str]:
    """The service months of which a claim was ever drafted for this node's agency, the latest first."""
    query = (
        b"select distinct data::json ->> 'service_month' from events where type = 'ClaimDrafted'"
        b" and case_id is not null and data::json ->> 'claimant' = %s"
    )
    with node.database.connection() as connection:
        found = connection.execute(query, (node.agency,)).fetchall()
    return sorted((month for (month,) in found), reverse=True)


def prepare_confirmation(source: Node | Drafts, command: Command) -> Command:
    """``ConfirmMonth`` with the cases of the month, where none were named."""
    return _with_cases(command, partial(drafted, source) if isinstance(source, Node) else source.drafted)


def _with_cases(command: Command, of_month: Callable[[Month], list[UUID]]) -> Command:
    fields = command.fields
    if fields["cases"]:
        return command
    cases = of_month(Month.parse(fields["service_month"]))
    return replace(command, fields={**fields, "cases": cases[:MOST_LINES]})


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
