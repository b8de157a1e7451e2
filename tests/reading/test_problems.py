"""How problems are looked for: again and again, each time with what was refused put right."""

from typing import Any

import pytest

from ml_gateway.config.section import ConflictError
from ml_gateway.conflicts import Conflict, Place, Spot, Written
from ml_gateway.reading import problems
from ml_gateway.reading.source import Source
from ml_gateway.wording import shown_place
from tests.files import changed

RIGHT = {
    "alerts": {"email": "ops@acme.com", "errors": "1%"},
    "edge.firewall": {"rate": "2000/5m", "countries": {"deny": ["AQ"]}},
    "models.predict.cache": "60s",
}


def refusal(place: Place) -> dict[str, Any]:
    """What pydantic says of a conflict at `place`."""
    cause = ConflictError(Conflict("cannot be", place), [])
    return {"type": "value_error", "loc": place, "input": None, "ctx": {"error": cause}}


@pytest.mark.parametrize(
    "places",
    [
        [("alerts",), ("alerts", "latency_p95")],
        [("alerts", "latency_p95"), ("alerts",)],
        [("edge",), ("edge", "firewall", "countries", "deny")],
        [("edge", "firewall"), ("edge", "firewall", "countries", "deny", 0)],
        [("models", "predict", "cache"), ("models", "predict", "cache", "headers")],
        [("models", "predict", "cache", "headers")],
    ],
)
def test_a_setting_is_told_although_the_section_around_it_was_just_put_right(
    monkeypatch: pytest.MonkeyPatch, places: list[Place]
) -> None:
    rounds = [[refusal(place) for place in places], []]
    monkeypatch.setattr(problems, "_validated", lambda _data: (None, rounds.pop(0)))
    source = Source(changed(RIGHT), Written({(): Spot("gateway.yaml", 1)}), [])
    _, found = problems.examined(source)
    assert [problem.place for problem in found] == [shown_place(place) for place in places]
    assert rounds == []
