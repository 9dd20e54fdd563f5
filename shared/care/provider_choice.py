"""Whether a provider may serve the person of a case: whose designation it needs (A-Q25a, A-Q49)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from contracts.codes import PROJECT_SERVICES, SERVICE_KINDS
from shared.care import requirements
from shared.care.weekly_use import advice_on_frequency
from shared.node.errors import Refused
from shared.node.service import Advice, Situation
from shared.policy.dates import day_text
from shared.policy.office_designation import Insured, office_designation

Chosen = Iterable[tuple[str, str, date]]
"""Services with provider and day."""


def must_be_designated(situation: Situation, chosen: Chosen) -> list[Advice]:
    """What to say of the providers of a plan, or of a service that begins.

    Nothing says that a list which a municipality tells is complete, so a provider of which it has not told may be
    designated all the same: the advice says to ask.

    :raises Refused: the municipality whose designation counts has told of this provider, but of no designation for
        this service on this day.
    """
    advice = []
    for service, provider, on, needed in _lacking(situation, chosen):
        if situation.agency.providers.tells_of(needed, provider):
            raise Refused(
                "provider_not_designated",
                _lacks(situation, service, provider, on, needed),
                field="services",
                rule=_rule(situation),
                todo="指定を受けた事業所を選ぶか、指定の有無をその区市町村に確かめてください",
            )
        advice.append(Advice(_rule(situation), _unheard_of(situation, service, provider, needed)))
    return list(dict.fromkeys(advice))


def advice_on_choice(situation: Situation, services: Sequence[Mapping[str, Any]]) -> list[Advice]:
    """What to say of the providers that a draft names, and of how often a week it has them come (A-Q49, A-Q51).

    :raises Refused: a provider is not designated for the person.
    """
    chosen = [(each["service"], each["provider"], each["starts_on"]) for each in services]
    return [*must_be_designated(situation, chosen), *advice_on_frequency(situation, services)]


def advice_on_used(situation: Situation, used: Chosen) -> list[Advice]:
    """Of what was used already: nothing is refused, but it is told which designation is lacking or not known here.

    Of a municipality that has told of no provider at all nothing is said again.
    """
    providers = situation.agency.providers
    return [
        Advice(
            _rule(situation),
            _lacks(situation, service, provider, on, needed)
            if providers.tells_of(needed, provider)
            else _unheard_of(situation, service, provider, needed),
        )
        for service, provider, on, needed in _lacking(situation, used)
        if providers.of(needed)
    ]


def _lacking(situation: Situation, chosen: Chosen) -> Iterable[tuple[str, str, date, str]]:
    """Those without the designation that counts for this person, with whose that is."""
    elsewhere, insurer = situation.case.resident_of, situation.case.insurer
    person = Insured(insurer, elsewhere is not None, elsewhere or insurer)
    for service, provider, on in chosen:
        if service not in PROJECT_SERVICES or not requirements.found(situation, "provider.designation", on):
            continue
        by = situation.agency.providers.designated_by(provider, service, on)
        found = office_designation(service, by, person, requirements.parameters_of(situation))
        if not found.allowed:
            yield service, provider, on, found.needed_from


def _rule(situation: Situation) -> str:
    return "A-Q49" if situation.case.resident_of is None else "A-Q25a"


def _lacks(situation: Situation, service: str, provider: str, on: date, needed: str) -> str:
    return (
        f"{situation.agency.name_of(provider)}は、{day_text(on)}に{SERVICE_KINDS[service]}について"
        f"{situation.agency.name_of(needed)}の指定を受けていません"
    )


def _unheard_of(situation: Situation, service: str, provider: str, needed: str) -> str:
    known = situation.agency.providers.of(needed)
    lacking = (
        "から届いた指定の一覧に、この事業所はまだありません"
        if known
        else "のサービス事業所の指定の一覧が届いていません"
    )
    return (
        f"{situation.agency.name_of(needed)}{lacking}。{SERVICE_KINDS[service]}の事業所"
        f"（{situation.agency.name_of(provider)}）が指定を受けているか確かめてください。"
        "指定のない事業所の利用には、事業の費用が支払われません"
    )
