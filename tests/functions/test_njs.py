"""The edge function in a second engine, which has less than Node: the same events, the same answers, whatever comes."""

from subprocess import CalledProcessError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_gateway.functions import assembled_viewer_request
from tests.functions.edge_runtime import EdgeRuntime, Store, viewer_request
from tests.functions.events import BY_SETTINGS, EVENTS
from tests.functions.njs import NJS, handled_by_njs
from tests.functions.test_bounds import CODES, EVERY_CODE, LONG, paths, requests
from tests.functions.test_bounds_of_versions import chosen, hidden, led, stores
from tests.synthesis import Json

pytestmark = pytest.mark.skipif(
    NJS is None,
    reason="NJS IS NOT INSTALLED, so nothing but Node ran the edge function: apt-get install njs, as .ci/run does",
)


def test_each_event_goes_on_or_is_answered_as_in_node() -> None:
    seen = 0
    for settings, events in BY_SETTINGS:
        found = handled_by_njs(assembled_viewer_request(settings), [(each.event, each.store) for each in events])
        assert {each.name: value for each, value in zip(events, found, strict=True) if value != each.expected} == {}
        seen += len(events)
    assert seen == len(EVENTS) > 300


BY_NO_CHANCE = "Math.random = () => 0.25;\n"
"""Where a caller is not told apart, both engines take the same version."""
ENGINES = {name: BY_NO_CHANCE + code for name, code in [*EVERY_CODE.items(), *enumerate(CODES)]}


@pytest.mark.parametrize("code", ENGINES.values(), ids=list(map(str, ENGINES)))
def test_what_is_long_is_handled_as_in_node(code: str, runtime: EdgeRuntime) -> None:
    events = [viewer_request(long(2000)) for long in LONG.values()]
    found = dict(zip(LONG, handled_by_njs(code, [(event, {}) for event in events]), strict=True))
    assert found == {name: runtime.run(code, event).value for name, event in zip(LONG, events, strict=True)}


hostile = st.builds(
    lambda request, uri, more: viewer_request({**request, "uri": uri, "headers": {**request["headers"], **more}}),
    requests, led | hidden | paths, chosen,
)  # fmt: skip


@given(code=st.sampled_from([*ENGINES.values()]), event=hostile, store=stores)
def test_whatever_comes_is_handled_as_in_node(code: str, event: Json, store: Store, runtime: EdgeRuntime) -> None:
    assert handled_by_njs(code, [(event, store)]) == [runtime.run(code, event, store).value]


def test_an_engine_as_bare_as_this_refuses_what_cloudfront_may_lack() -> None:
    """So that it runs the function says something."""
    for lacking in ("const { uri } = e.request;", "e.request?.uri;", "new (class {})();", "for (const [a] of []) {}"):
        with pytest.raises(CalledProcessError, match="non-zero"):
            handled_by_njs(f"function handler(e) {{ {lacking} return e.request; }}", [(viewer_request({}), {})])
