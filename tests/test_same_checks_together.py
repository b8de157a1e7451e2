"""What the file refuses of values beside each other, or of lists, their form in Python refuses too."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Fn, Token
from aws_cdk import aws_apigateway as apigateway

from ml_gateway import (
    EdgeDesign,
    FirewallDesign,
    GatewayClient,
    GatewayDistribution,
    Keyed,
    Open,
    RequestWindow,
    SagemakerBackend,
    ServiceQuotas,
)
from ml_gateway.constructs import GatewayOrigin
from tests.files import CLIENTS, LOAD_BALANCER, changed, report_on_data
from tests.python_values import (
    ALL_PRICES,
    JSON,
    OFF,
    UNKNOWN_FORMS,
    URL,
    Build,
    api,
    api_of,
    balanced,
    distribution,
    http,
    refusal,
    route,
    secrets,
    served,
)
from tests.synthesis import bare_stack


@pytest.mark.parametrize(
    ("changes", "build", "words"),
    [
        ({"models.predict.methods": []}, lambda: served(methods=()), "empty; write "),
        ({"models.predict.methods": ["FETCH"]}, lambda: route(http_method="FETCH"), "'FETCH' is not known here; did "
         "you mean"),
        ({"models.predict": {"url": URL, "protocol": "openai", "methods": ["GET"]}},
         lambda: served(protocol="openai", methods=("GET",)), "has no effect on the protocol openai"),
        ({"models.predict": {"url": URL, "protocol": "openai", "path": "/{a}"}},
         lambda: served(protocol="openai", path="/{a}"), "has a variable, which only a raw model can have"),
        ({"models.predict.timeout": "60s"}, lambda: api_of(route(timeout=timedelta(seconds=60))),
         "longer than the 29s that API Gateway waits for a whole answer; write stream"),
        ({"models.predict.path": "/ping"}, lambda: api_of(route(path="/ping")), "'/ping' is reserved by API Gateway"),
        ({"models.predict": {"url": f"{URL}/{{b}}", "path": "/a/{b}"},
          "models.c": {"url": f"{URL}/{{d}}", "path": "/a/{d}"}},
         lambda: api_of(route(path="/a/{b}"), route(path="/a/{d}")), "variables at the same place need the same name"),
        ({"models.predict.path": "/a", "models.c": {"url": URL, "path": "/a"}},
         lambda: api_of(route(path="/a"), route(path="/a", streams=True)), "give one of them another path"),
        ({"models": {f"m{n}": {"url": URL} for n in range(300)}},
         lambda: api_of(*(route(path=f"/m{n}") for n in range(300))), "make 301 resources of the API, and it takes "
          "300; write"),
        ({"edge.response_timeout": "3m"}, lambda: distribution(response_timeout=timedelta(minutes=3)),
         "3m is longer than the 2m that CloudFront waits; write at most that"),
        ({"errors": "json"}, lambda: api(errors="json"), "'json' is not known here; "),
        ({"errors": "json"}, lambda: EdgeDesign(**JSON), "'json' is not known here; "),
        ({"description": ""}, lambda: api(description=""), ""),
        ({"edge.price_class": "All"}, lambda: EdgeDesign(**ALL_PRICES), "'All' is not known here; "),
        ({"edge.firewall": {"rate": "9/5m"}}, lambda: FirewallDesign(rate=RequestWindow(9, 5)), "is not one of AWS "
         "WAF; write"),
        ({"edge.firewall": {"rate": "100/5m", "mode": "off"}}, lambda: FirewallDesign(**OFF),
         "'off' is not known here; "),
        ({**CLIENTS, "edge.accept_keys": ["bearer"]}, lambda: Keyed(("bearer",)), "x-api-key is accepted in any case"),
        ({**CLIENTS, "edge.accept_keys": ["x-api-key", "cookie"]}, lambda: Keyed(UNKNOWN_FORMS),
         "'cookie' is not known here; write"),
        ({**CLIENTS, "clients.mobile.description": ""}, lambda: GatewayClient(usage_plan=_plan(), description=""), ""),
        ({**CLIENTS, "clients.Mobile": {"plan": "default"}}, lambda: secrets(clients={"Mobile": ["a"]}), "'Mobile' is "
         "not a name"),
        ({**CLIENTS, "clients.mobile.keys": ["a", "a"]}, lambda: secrets(clients={"mobile": ["a", "a"]}), "is listed "
         "twice"),
        ({**CLIENTS, "clients.mobile.keys": []}, lambda: secrets(clients={"mobile": []}), ""),
    ],
)  # fmt: skip
def test_what_the_file_refuses_of_several_values_python_refuses_too(
    tmp_path: Path, changes: dict[str, Any], build: Build, words: str
) -> None:
    assert [line for line in report_on_data(changed(changes), tmp_path) if words in line]
    assert words in refusal(build)


def _plan() -> Any:
    return apigateway.UsagePlan(bare_stack(), "Plan")


def test_what_only_cloudformation_knows_is_not_refused() -> None:
    token = Token.as_string({"Ref": "Other"})
    assert http(url=f"https://{token}/score")
    assert balanced(
        host=token, load_balancer=token, listener=None, vpc_link=None, subnets=Token.as_list({"Ref": "Subnets"})
    )
    assert balanced(
        load_balancer=token, listener=LOAD_BALANCER.replace("loadbalancer", "listener") + "/0a", vpc_link=token
    )
    assert SagemakerBackend(name="b", endpoint=Fn.import_value("endpoint"))
    assert "port" in refusal(lambda: balanced(host=token, port=0))


def test_what_aws_raised_is_taken() -> None:
    quotas = ServiceQuotas(integration_timeout=timedelta(minutes=2), response_timeout=timedelta(minutes=3))
    assert api_of(route(timeout=timedelta(seconds=60)), quotas=quotas)
    origin = GatewayOrigin(domain_name="a.example.com", origin_path="/v1", headers={}, callers=Open())
    patient = EdgeDesign(response_timeout=timedelta(minutes=3))
    assert GatewayDistribution(bare_stack(), "Edge", origin=origin, edge=patient, quotas=quotas)
