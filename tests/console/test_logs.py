"""Log lines are JSON and hold no personal data, not even when something fails over a person's row."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from shared.console import logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = io.StringIO()
    logs.configure("kyotaku-k1", "web", made)
    yield made
    root.handlers[:], root.level = handlers, level


def test_a_line_is_json_with_its_facts(stream: io.StringIO) -> None:
    logging.getLogger("renkei.console").info("request failed", extra={"facts": {"route": "/cases"}})
    line = json.loads(stream.getvalue())
    assert (line["node"], line["process"], line["message"], line["route"]) == (
        "kyotaku-k1",
        "web",
        "request failed",
        "/cases",
    )


def test_what_an_exception_says_is_never_logged(stream: io.StringIO) -> None:
    try:
        raise ValueError("Key (name)=(見本 はな) already exists")
    except ValueError:
        logging.getLogger("renkei.console").exception("request failed")
    assert "見本" not in stream.getvalue()
    line = json.loads(stream.getvalue())
    assert line["exception"] == "ValueError"
    assert line["places"]


def test_a_librarys_line_keeps_its_template_only(stream: io.StringIO) -> None:
    logging.getLogger("kombu").error("cannot handle %s", "見本 はな")
    assert json.loads(stream.getvalue())["message"] == "cannot handle %s"
