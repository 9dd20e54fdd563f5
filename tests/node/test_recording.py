"""What a node records of itself: nothing in another agency's name."""

from datetime import date
from unittest.mock import sentinel
from uuid import uuid4

import pytest

from contracts.catalogue import CROSSING
from contracts.definition import ContractError, EventType
from shared.eventlog.model import NewEvent
from shared.node.recording import Cause, Recorder

SOMEBODY = "1399900001"
SPEAKING = [each for each in CROSSING.values() if each.speaks_for]


@pytest.mark.parametrize("kind", SPEAKING, ids=lambda kind: kind.name)
def test_an_agency_records_no_act_of_another(kind: EventType) -> None:
    assert kind.speaks_for
    case_id = uuid4() if kind.scope == "case" else None
    data = {name: value for name, value in kind.example.items() if name not in kind.personal_fields}
    data |= dict.fromkeys(kind.personal_fields & set(kind.example))
    recorder = Recorder(SOMEBODY, CROSSING, sentinel.no_keys)
    event = NewEvent(kind.name, kind.example, case_id=case_id)
    with pytest.raises(ContractError) as refused:
        recorder.records([event], Cause(uuid4(), uuid4(), "tantou", date(2024, 10, 10)))
    assert (refused.value.code, refused.value.field) == ("speaks_for_another", kind.speaks_for)
