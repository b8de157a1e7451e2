"""HTTP backends: what travels, what is overwritten, and what is sent in the provider's name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ml_gateway import HttpBackend, Route, SecretConfig
from ml_gateway.headers import spelled
from tests.backends.conftest import DefineApi, deployment_of
from tests.documents import integration_of, integrations_of, operation_of, parameters_of
from tests.synthesis import Json

URL = "https://model.example.com"
POST = Route(http_method="POST", path="/predict")
SECRET = SecretConfig(secret="provider/token", version="0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")
REFERENCE = "{{resolve:secretsmanager:provider/token:SecretString:::0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0}}"


def integration(define_api: DefineApi, backend: HttpBackend, route: Route = POST) -> Json:
    return integration_of(define_api({route: backend}))


def headers(rendered: Json) -> dict[str, str]:
    prefix = "integration.request.header."
    return {name.removeprefix(prefix): value for name, value in rendered["requestParameters"].items() if prefix in name}


def test_a_raw_route_calls_the_url_as_it_is(define_api: DefineApi) -> None:
    rendered = integration(define_api, HttpBackend(url=f"{URL}/invocations?version=2"))
    assert rendered["uri"] == f"{URL}/invocations?version=2"
    assert rendered["type"] == "http_proxy"


@pytest.mark.parametrize(("backend_method", "sent"), [(None, "POST"), ("PUT", "PUT")])
def test_a_backend_gets_the_method_of_the_caller_or_the_one_that_the_route_says(
    define_api: DefineApi, backend_method: str | None, sent: str
) -> None:
    route = replace(POST, backend_method=backend_method)
    integrations = integrations_of(define_api({route: HttpBackend(url=URL)}))
    assert {name: integration["httpMethod"] for name, integration in integrations.items()} == {"POST /predict": sent}


@pytest.mark.parametrize("base", [URL, f"{URL}/"])
def test_other_routes_follow_the_base_url(define_api: DefineApi, base: str) -> None:
    route = Route(http_method="GET", path="/fraud/v2/health/live", backend_path="/v2/health/live")
    assert integration(define_api, HttpBackend(url=base), route)["uri"] == f"{URL}/v2/health/live"


def test_path_variables_travel(define_api: DefineApi) -> None:
    route = Route(http_method="GET", path="/fraud/versions/{v}", backend_path="/versions/{v}")
    template = define_api({route: HttpBackend(url=URL)})
    rendered = integration_of(template)
    assert parameters_of(operation_of(template), "path") == {"v": True}
    assert rendered["uri"] == f"{URL}/versions/{{v}}"
    assert rendered["requestParameters"]["integration.request.path.v"] == "method.request.path.v"


def test_a_greedy_variable_travels_without_its_plus_sign(define_api: DefineApi) -> None:
    route = Route(http_method="GET", path="/files/{proxy+}")
    template = define_api({route: HttpBackend(url=f"{URL}/{{proxy}}")})
    parameters = integration_of(template)["requestParameters"]
    assert parameters_of(operation_of(template), "path") == {"proxy": True}
    assert parameters["integration.request.path.proxy"] == "method.request.path.proxy"


def test_a_variable_that_the_url_does_not_use_is_declared_and_goes_nowhere(define_api: DefineApi) -> None:
    template = define_api({Route(http_method="POST", path="/tenants/{tenant}/score"): HttpBackend(url=URL)})
    assert parameters_of(operation_of(template), "path") == {"tenant": True}
    assert not [name for name in integration_of(template)["requestParameters"] if ".path." in name]


def test_gateway_credentials_are_overwritten_in_the_spelling_in_which_they_come(define_api: DefineApi) -> None:
    assert headers(integration(define_api, HttpBackend(url=URL))) == {
        "X-Api-Key": "'replaced-by-gateway'",
        "X-Origin-Verify": "'replaced-by-gateway'",
    }


@pytest.mark.parametrize("name", ["x-api-key", "X-API-Key"])
def test_a_secret_header_of_the_same_name_wins(define_api: DefineApi, name: str) -> None:
    assert headers(integration(define_api, HttpBackend(url=URL, secret_headers={name: SECRET}))) == {
        "X-Api-Key": f"'{REFERENCE}'",
        "X-Origin-Verify": "'replaced-by-gateway'",
    }


@pytest.mark.parametrize("name", ["api-key", "Ocp-Apim-Subscription-Key", "Authorization", "X-Tenant"])
def test_a_secret_header_is_a_reference_to_one_version_of_a_secret(define_api: DefineApi, name: str) -> None:
    sent = headers(integration(define_api, HttpBackend(url=URL, secret_headers={name: SECRET})))
    assert sent[spelled(name)] == f"'{REFERENCE}'"
    assert len(sent) == 3


@pytest.mark.parametrize("name", ["x-tenant", "X-Tenant", "X-TENANT"])
def test_a_static_header_is_spelled_as_the_callers_comes(define_api: DefineApi, name: str) -> None:
    sent = headers(integration(define_api, HttpBackend(url=URL, headers={name: "acme"})))
    assert sent["X-Tenant"] == "'acme'"
    assert len(sent) == 3


def test_bearer_token_is_a_reference_to_one_version_of_a_secret(define_api: DefineApi) -> None:
    rendered = integration(define_api, HttpBackend(url=URL, bearer=SECRET))
    assert headers(rendered)["Authorization"] == f"'Bearer {REFERENCE}'"


def test_a_streamed_route_is_transferred_as_a_stream(define_api: DefineApi) -> None:
    route = Route(http_method="POST", path="/chat", streams=True, timeout=timedelta(minutes=15))
    rendered = integration(define_api, HttpBackend(url=URL), route)
    assert (rendered["responseTransferMode"], rendered["timeoutInMillis"]) == ("STREAM", 900_000)


def test_a_buffered_route_is_not(define_api: DefineApi) -> None:
    rendered = integration(define_api, HttpBackend(url=URL))
    assert "responseTransferMode" not in rendered
    assert rendered["timeoutInMillis"] == 29_000


@pytest.mark.parametrize("milliseconds", [50, 1001, 1003, 8191, 28_999])
def test_a_timeout_is_exact_to_the_millisecond(define_api: DefineApi, milliseconds: int) -> None:
    """1001 ms are 1000.9999999999999 thousandths of 1.001 s."""
    route = Route(http_method="POST", path="/chat", timeout=timedelta(milliseconds=milliseconds))
    assert integration(define_api, HttpBackend(url=URL), route)["timeoutInMillis"] == milliseconds


VARIANTS = {
    "url": HttpBackend(url=f"{URL}/other"),
    "header": HttpBackend(url=URL, headers={"x-team": "ml"}),
    "token": HttpBackend(url=URL, bearer=SECRET),
    "version of the token": HttpBackend(url=URL, bearer=SECRET.model_copy(update={"version": "2" * 32})),
    "secret header": HttpBackend(url=URL, secret_headers={"api-key": SECRET}),
}


def test_every_setting_is_part_of_the_deployment() -> None:
    deployments = {deployment_of({POST: backend}) for backend in [HttpBackend(url=URL), *VARIANTS.values()]}
    by_put = deployment_of({replace(POST, backend_method="PUT"): HttpBackend(url=URL)})
    assert len({*deployments, by_put}) == 2 + len(VARIANTS)
