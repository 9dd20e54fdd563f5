"""Whether what was expected of a node holds: part of the state, an event, an obligation, a difference of two nodes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from deploy.play.scenario import Audit, Expectation
from deploy.play.target import Target


def check(target: Target, expectation: Expectation, case: str) -> str | None:
    """A Japanese sentence about what does not hold, or None."""
    node, wanted = expectation.node, expectation.wanted
    match expectation.kind:
        case "case":
            return _must_contain(f"{node} のケース", target.case(node, case) or {}, wanted)
        case "event":
            known = [each for each in target.events(node, case) if each["type"] == wanted["type"]]
            return _must_include(f"{node} の {wanted['type']}", [each["data"] for each in known], wanted)
        case "obligation":
            return _must_include(f"{node} の義務", target.obligations(node, case), wanted)
        case "document":
            return _must_include(f"{node} の書類台帳", target.documents(node, case), wanted)
        case "matrix":
            return _must_include(f"{node} の工程表", target.matrix(node, case), wanted)
        case "unknown_case":
            known_case = target.case(node, case)
            return f"{node} はケースを知らないはずです" if known_case is not None else None
        case "list":
            listed = [each for each in target.cases(node) if each["case_id"] == case]
            return _must_include(f"{node} のケース一覧", listed, wanted)
        case other:
            return f"expect: {other} は分かりません"


def _must_contain(where: str, actual: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    problem = differs(actual, wanted)
    return f"{where}: {problem}" if problem else None


def _must_include(where: str, actual: Sequence[Any], wanted: Mapping[str, Any]) -> str | None:
    """``wanted`` has ``with`` (fields of the one that must be there), ``count``, or ``none: true``."""
    fields = wanted.get("with", {})
    found = [each for each in actual if differs(each, fields) is None]
    if wanted.get("none"):
        return f"{where}: {fields} があってはいけません" if found else None
    if "count" in wanted:
        expected = wanted["count"]
        return (
            None if len(found) == expected else f"{where}: {fields} は {expected} 件のはずが {len(found)} 件"
        )
    if found:
        return None
    if len(actual) == 1:
        return f"{where}: {differs(actual[0], fields)}"
    named = [each for each in actual if each.get("row") == fields.get("row")] if "row" in fields else actual
    return f"{where}: {fields} がありません（あるのは {named}）"


def differs(actual: Any, wanted: Any, path: str = "") -> str | None:
    """Where ``actual`` lacks what ``wanted`` names: mappings by their named keys, lists by some member, else equal."""
    if isinstance(wanted, Mapping):
        if not isinstance(actual, Mapping):
            return f"{path or '値'} は {wanted} を含むはずが {actual!r}"
        for name, each in wanted.items():
            problem = differs(actual.get(name), each, f"{path}.{name}" if path else str(name))
            if problem:
                return problem
        return None
    if isinstance(wanted, list):
        if not isinstance(actual, Sequence) or isinstance(actual, str):
            return f"{path} は一覧のはずが {actual!r}"
        lacking = [each for each in wanted if not any(differs(one, each) is None for one in actual)]
        return f"{path} に {lacking[0]!r} がありません: {list(actual)!r}" if lacking else None
    plain = wanted.isoformat() if hasattr(wanted, "isoformat") else wanted
    return None if actual == plain else f"{path or '値'} は {plain!r} のはずが {actual!r}"


def check_audit(target: Target, audit: Audit, case: str, moment: datetime) -> list[str]:
    """What does not hold of the difference between two nodes' knowledge at ``moment``."""
    one = {each["id"]: each["type"] for each in target.events(audit.one, case, moment)}
    other = {each["id"]: each["type"] for each in target.events(audit.other, case, moment)}
    problems = []
    for node, mine, theirs, wanted in (
        (audit.one, one, other, audit.only_one),
        (audit.other, other, one, audit.only_other),
    ):
        only = Counter(kind for identity, kind in mine.items() if identity not in theirs)
        if only != Counter(wanted):
            told = dict(sorted(only.items()))
            problems.append(
                f"監査「{audit.title}」: {node} だけが知るのは {dict(Counter(wanted))} のはずが {told}"
            )
    return problems


def end_of(day: datetime) -> datetime:
    """The last moment of a day."""
    return datetime.combine(day.date() + timedelta(days=1), time.min, day.tzinfo) - timedelta(microseconds=1)
