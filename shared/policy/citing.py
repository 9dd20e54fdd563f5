"""Which passage is named to people: a rule of one ward's document is no reason in another ward's case.

Code and tables name each rule by one id. Where the case's insurer is another than the one whose document states the
rule, parameters say what is named instead: a rule of the insurer's own document, else a national law or standard.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Final

from shared.policy.parameters import Entry, ParameterError, parameters
from shared.policy.rules import catalogue, row_id

OWN: Final = "citation.own"
"""Parameter: how the ids of the rules of an insurer's own document begin."""

INSTEAD: Final = "citation.instead"
"""Parameter: id of another ward's rule → what is named instead of it."""


@cache
def cited(rule: str, insurer: str) -> str:
    """What is named to people for ``rule`` in a case of ``insurer``: its id, another rule's id, or a law's passage.

    An unknown insurer and a rule that no parameter speaks of leave it as it is.
    """
    found = _instead(rule, insurer)
    return rule if found is None else str(found.value)


def cited_for(rule: str, insurers: Collection[str]) -> str:
    """What is named of an act on cases of several insurers: what all of them have in common, else the nation's."""
    found = {cited(rule, each) for each in insurers}
    if len(found) < 2:
        return next(iter(found), rule)
    return next((_national(rule, each) for each in insurers), rule)


def cited_rules(rules: Sequence[str], insurer: str) -> tuple[str, ...]:
    """The rules of a thing that several documents ask for: the insurer's own ones, else what is named instead."""
    kept = [each for each in rules if _instead(each, insurer) is None]
    if any(not each.startswith("decision") for each in kept):
        return tuple(kept)
    return tuple(dict.fromkeys(cited(each, insurer) for each in rules))


def source_of(rules: Sequence[str], source: str, insurer: str) -> str:
    """The passage that asks for it in a case of ``insurer``; ``source`` where its own document is the reason."""
    if all(_instead(each, insurer) is None for each in rules):
        return source
    first = cited_rules(rules, insurer)[0]
    own = catalogue().get(first)
    if own is None:
        return first
    document = next(each for each in parameters(insurer).history(OWN)).source.document
    return f"{document} {own.source.passage}"


@cache
def _instead(rule: str, insurer: str) -> Entry | None:
    """The entry by which another passage is named, at that passage; None where the rule itself is."""
    try:
        known = parameters(insurer)
    except ParameterError:
        return None
    if any(rule.startswith(each.value) for each in known.own.get(OWN, ())):
        return None
    for entries in (known.own.get(INSTEAD, ()), known.inherited.get(INSTEAD, ())):
        for name in (rule, row_id(rule)):
            for entry in entries:
                if name in entry.value:
                    return entry.at(name)
    return None


def _national(rule: str, insurer: str) -> str:
    try:
        entries = parameters(insurer).inherited.get(INSTEAD, ())
    except ParameterError:
        return rule
    name = row_id(rule)
    return next((str(each.value[name]) for each in entries if name in each.value), rule)
