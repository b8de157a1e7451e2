"""From a header as HTTP/2 sends it, by the function and CloudFront's capitals, to the mapping that picks it up."""

import pytest

from ml_gateway import ProxyApi, Route, SagemakerBackend
from ml_gateway.backends.sagemaker import ASYNC_REQUEST_HEADERS, REQUEST_HEADERS
from ml_gateway.functions import assembled_viewer_request
from ml_gateway.headers import spelled
from tests.documents import integration_of
from tests.functions.edge_runtime import KEYED, EdgeRuntime, viewer_request
from tests.synthesis import Json, bare_stack, template_of


@pytest.fixture(scope="module")
def mappings() -> Json:
    """Those of an asynchronous call, which takes all headers that are documented."""
    route = Route(http_method="POST", path="/fraud/async-invocations", backend_path="/async-invocations")
    stack = bare_stack()
    backend = SagemakerBackend(name="fraud", endpoint="fraud")
    ProxyApi(stack, "Api", routes={route: backend}, name="fraud", description="Scores payments")
    found: Json = integration_of(template_of(stack))["requestParameters"]
    return found


@pytest.mark.parametrize("header", [*REQUEST_HEADERS, *ASYNC_REQUEST_HEADERS])
def test_documented_header_in_small_letters_is_picked_up(header: str, mappings: Json, runtime: EdgeRuntime) -> None:
    event = viewer_request({"headers": {header.lower(): {"value": "of-the-caller"}}})
    (sent_on,) = runtime.run(assembled_viewer_request(KEYED), event).value["headers"]
    assert sent_on == header.lower()
    # CloudFront's own part, as it is documented: nobody here has seen it.
    arriving = spelled(sent_on)
    assert mappings[f"integration.request.header.{arriving}"] == f"method.request.header.{arriving}"
