"""The edge function: run by Node on events, and broken on purpose."""

import pytest

from ml_gateway.functions import ViewerRequestSettings, assembled_viewer_request
from tests.functions.broken import BROKEN
from tests.functions.broken_versions import BROKEN_VERSIONS
from tests.functions.edge_runtime import EdgeRuntime, broken_code, parts_with
from tests.functions.events import BY_SETTINGS, EVENTS, EdgeEvent
from tests.synthesis import Json

CORS: Json = {"origins": ["https://app.acme.com"], "methods": "GET, POST", "headers": "authorization", "maxAge": "600"}


@pytest.mark.parametrize("each", EVENTS, ids=[each.name for each in EVENTS])
def test_event_goes_on_or_is_answered_as_it_should(each: EdgeEvent, runtime: EdgeRuntime) -> None:
    assert runtime.run(assembled_viewer_request(each.settings), each.event, each.store).value == each.expected


def test_each_event_has_a_name_of_its_own() -> None:
    assert len(EVENTS) > 300
    assert len({each.name for each in EVENTS}) == len(EVENTS)


EVERY_WAY = [*BROKEN, *BROKEN_VERSIONS]


def noticed(part: str, right: str, wrong: str, runtime: EdgeRuntime) -> bool:
    """Whether an event tells the function from one that has `wrong` in place of `right`."""

    def notice(settings: ViewerRequestSettings, events: list[EdgeEvent]) -> bool:
        code = broken_code(settings, part, right, wrong)
        try:
            found = runtime.run_all(code, [(each.event, each.store) for each in events])
        except RuntimeError as error:
            # What is no JavaScript is nothing that could come of a change.
            return "SyntaxError" not in str(error)
        return any(
            isinstance(outcome, RuntimeError) or outcome.value != each.expected
            for outcome, each in zip(found, events, strict=True)
        )

    return any(notice(settings, events) for settings, events in BY_SETTINGS if part in parts_with(settings))


@pytest.mark.parametrize(("part", "right", "wrong"), [one[:3] for one in EVERY_WAY], ids=[one[3] for one in EVERY_WAY])
def test_events_notice_a_broken_function(part: str, right: str, wrong: str, runtime: EdgeRuntime) -> None:
    assert noticed(part, right, wrong, runtime)


@pytest.mark.parametrize("wrong", ["return request;", "return request; }"], ids=["as it is", "no JavaScript"])
def test_what_is_not_broken_is_not_noticed(wrong: str, runtime: EdgeRuntime) -> None:
    assert not noticed("handler", "return request;", wrong, runtime)
