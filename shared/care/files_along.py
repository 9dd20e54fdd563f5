"""Who comes to hold a document hears of the files that were attached to it before (T-35)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from contracts.events.documents import FILE_HOLDERS
from shared.care.decided import case_after
from shared.care.documents import Attachment, Document
from shared.eventlog.model import NewEvent
from shared.node.service import Command, CommandSpec, Decision, Situation


def files_go_along(commands: Mapping[str, CommandSpec]) -> dict[str, CommandSpec]:
    """The same commands; whatever gives a partner a document also tells it of our files with it."""
    return {name: _with_files(spec) if spec.needs_case else spec for name, spec in commands.items()}


def _with_files(spec: CommandSpec) -> CommandSpec:
    def decide(situation: Situation, command: Command) -> Decision:
        decision = spec.decide(situation, command)
        with_files = [each for each in situation.case.ledger.values() if each.attachments]
        if not any(_own_files(each, situation.me) for each in with_files):
            return decision
        told = list(_told(situation, command, decision.events))
        return Decision([*decision.events, *told], decision.advice) if told else decision

    return replace(spec, decide=decide)


def _own_files(each: Document, me: str) -> list[Attachment]:
    return [file for file in each.attachments if file.agency == me]


def _told(situation: Situation, command: Command, events: Sequence[NewEvent]) -> Iterator[NewEvent]:
    before = {each.key: _holders(situation, each) for each in situation.case.documents}
    for each in case_after(situation, command, events).documents:
        came = tuple(agency for agency in _holders(situation, each) if agency not in before.get(each.key, ()))
        if came and each.key in before:
            for file in _own_files(each, situation.me):
                yield _attached(situation, each, file, came)


def _holders(situation: Situation, each: Document) -> list[str]:
    """The partners that have the original or a copy and can be told of files."""
    parties = situation.case.parties
    held = dict.fromkeys((each.original_at, *(copy.holder for copy in each.copies)))
    return [agency for agency in held if agency != situation.me and parties.get(agency) in FILE_HOLDERS]


def _attached(situation: Situation, about: Document, file: Attachment, to: tuple[str, ...]) -> NewEvent:
    """The word of a file again, as it was given when the file was attached."""
    data = {
        "agency": file.agency,
        "attached_on": file.attached_on,
        "document": about.kind,
        "dated": about.made_on,
        "month": about.month,
        "document_number": about.number,
        "version": about.version,
        "file_kind": file.kind,
        "size": file.size,
        "digest": file.digest,
    }
    return NewEvent("DocumentAttached", data, case_id=situation.case.id, to=to, personal_from=file.event)
