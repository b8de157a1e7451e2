"""What the file refuses of a value, its form in Python refuses too, in the same words where both have one check.

Each row: a place in the file, what is wrong there, and the same in Python. All public values are here, or have nothing
that a file says: a test compares them with `ml_gateway/__init__.pyi`.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import ml_gateway as public
from ml_gateway import (
    CacheConfig,
    CountriesConfig,
    EdgeAccessLog,
    EdgeDesign,
    EdgeFirewall,
    FirewallDesign,
    LambdaBackend,
    MethodLimit,
    OriginName,
    OriginSecrets,
    SagemakerBackend,
    SavedQueries,
    ServiceQuotas,
)
from ml_gateway.config.section import Section
from tests.files import behind, changed, report_on_data
from tests.python_values import (
    GOLD,
    SECRET,
    URL,
    Build,
    api,
    balanced,
    distribution,
    http,
    refusal,
    route,
    secrets,
    served,
)
from tests.synthesis import bare_stack

# The place in the file, what is wrong there, and the same in Python.
ROWS: list[tuple[str, Any, Build]] = [
    *(("models.predict.url", url, lambda url=url: http(url=url)) for url in (
        "nope", "model.example.com", "https://10.0.0.1/", "https://localhost/", "https://u:p@a.b/",
        "https://a.b/?key=x",
        "wss://a.b/", "https://a.b:81/", "https://{h}.a.b/", "https://a.b/#c",
        "https://runtime.sagemaker.us-east-1.amazonaws.com/",
        "http://a.b/",
    )),
    *(("models.predict.path", path, lambda path=path: route(path=path)) for path in ("score", "/", "/a/", "/a b",
     "/{a}/{a}")),
    *(("models.predict.path", path, lambda path=path: served(path=path)) for path in ("score", "/a//b", "/{a+}/b")),
    ("models.predict.methods", ["GET", "GET"], lambda: served(methods=("GET", "GET"))),
    ("models.predict.backend_method", "FETCH", lambda: route(backend_method="FETCH")),
    ("models.predict.backend_method", "get", lambda: served(backend_method="get")),
    ("models.predict.protocol", "opnai", lambda: served(protocol="opnai")),
    ("models.predict.served_as", "a b", lambda: served(protocol="oip-v2", served_as="a b")),
    ("models.predict.served_as", "A1", lambda: served(served_as="A1")),
    *(("models.predict.timeout", text, lambda value=value: route(timeout=value, streams=True)) for text, value in (
        ("49ms", timedelta(milliseconds=49)), ("16m", timedelta(minutes=16)), ("0s", timedelta(0)),
    )),
    ("models.predict.timeout", "901s", lambda: served(timeout=timedelta(seconds=901), streams=True)),
    ("models.a b", {"url": URL}, lambda: served(name="a b")),
    ("models.-", {"url": URL}, lambda: served(name="-")),
    ("edge.domain", {"name": "a.com", "hosted_zone": "zone"}, lambda: OriginName(name="o.a.com", hosted_zone="zone")),
    ("edge.domain", {"name": "a.com", "hosted_zone": "Z1", "origin": "a b"},
     lambda: OriginName(name="a b", hosted_zone="Z1")),
    ("edge.response_timeout", "1500ms", lambda: EdgeDesign(response_timeout=timedelta(milliseconds=1500))),
    ("edge.error_caching", "500ms", lambda: EdgeDesign(error_caching=timedelta(milliseconds=500))),
    ("edge.cache", "0s", lambda: EdgeDesign(cache=CacheConfig(default="0s", max="0s"))),
    ("edge.health", "health", lambda: EdgeDesign(health="health")),
    ("edge.health", "/{id}", lambda: EdgeDesign(health="/{id}")),
    ("edge.countries", {"deny": ["XK"]}, lambda: EdgeDesign(countries=CountriesConfig(deny=("XK",)))),
    ("plans.default.limits", {"predict": "0/s"}, lambda: MethodLimit(rate=0, burst=1)),
    ("plans.default.limits", {"predict": {"rate": "1/s", "burst": 0}}, lambda: MethodLimit(rate=1, burst=0)),
    ("stage", "v 1", lambda: api(stage_name="v 1")),
    ("name", "Acme", lambda: OriginSecrets(bare_stack(), "Secrets", gateway_name="Acme")),
    ("name", "Acme", lambda: secrets(gateway_name="Acme")),
    ("name", "Acme", lambda: SavedQueries(bare_stack(), "Queries", gateway_name="Acme", access_log=api().access_log)),
    ("name", "Acme", lambda: EdgeFirewall(bare_stack(), "Wall", gateway_name="Acme",
     firewall=FirewallDesign(rate=GOLD))),
    ("name", "Acme", lambda: EdgeAccessLog(bare_stack(), "Log", gateway_name="Acme",
     distribution=distribution().distribution)),
    ("service_quotas.api_resources", 299, lambda: ServiceQuotas(api_resources=299)),
    ("service_quotas.integration_timeout", "28s", lambda: ServiceQuotas(integration_timeout=timedelta(seconds=28))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value", "build"), ROWS, ids=[f"{number}-{row[0]}" for number, row in enumerate(ROWS)]
)
def test_what_the_file_refuses_of_a_value_python_refuses_in_the_same_words(
    tmp_path: Path, place: str, value: Any, build: Build
) -> None:
    (line,) = report_on_data(changed({place: value}), tmp_path)
    assert refusal(build).partition(": ")[2] == line.partition(": ")[2] or refusal(build) == line.partition(": ")[2]


BACKENDS: list[tuple[str, dict[str, Any], Build]] = [
    ("http", {"headers": {"api-key": "x"}}, lambda: http(headers={"api-key": "x"})),
    ("http", {"headers": {"Host": "x"}}, lambda: http(headers={"Host": "x"})),
    ("http", {"headers": {"X-A": "it's"}}, lambda: http(headers={"X-A": "it's"})),
    ("http", {"secret_headers": {"Via": SECRET.model_dump()}}, lambda: http(secret_headers={"Via": SECRET})),
    ("http", {"insecure": True}, lambda: http(insecure=True)),
    ("http", {"bearer": SECRET.model_dump(), "secret_headers": {"Authorization": SECRET.model_dump()}},
     lambda: http(bearer=SECRET, secret_headers={"Authorization": SECRET})),
    ("load_balancer", {"headers": {"api-key": "x"}}, lambda: balanced(headers={"api-key": "x"})),
    ("load_balancer", {"host": "10.0.0.1"}, lambda: balanced(host="10.0.0.1")),
    ("load_balancer", {"port": 0}, lambda: balanced(port=0)),
    ("load_balancer", {"load_balancer": "llm"}, lambda: balanced(load_balancer="llm")),
    ("load_balancer", {"vpc_link": "a1b2c3"}, lambda: balanced(subnets=("subnet-0123456789abcdef0",))),
    ("load_balancer", {"subnets": ["a"]}, lambda: balanced(vpc_link=None, subnets=("a",))),
    ("sagemaker", {"endpoint": "a_b"}, lambda: SagemakerBackend(name="b", endpoint="a_b")),
    ("sagemaker", {"target_model": "it's"}, lambda: SagemakerBackend(name="b", endpoint="a", target_model="it's")),
    ("lambda", {"function": "f:$LATEST"}, lambda: LambdaBackend(name="b", function="f:$LATEST")),
    ("lambda", {"function": "a b"}, lambda: LambdaBackend(name="b", function="a b")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "settings", "build"), BACKENDS, ids=[f"{kind}-{next(iter(said))}" for kind, said, _ in BACKENDS]
)
def test_what_the_file_refuses_of_a_backend_python_refuses_in_the_same_words(
    tmp_path: Path, kind: str, settings: dict[str, Any], build: Build
) -> None:
    told = [line.partition(": ")[2] for line in report_on_data(behind(kind, **settings), tmp_path)]
    assert told
    assert all(message in refusal(build) for message in told)


VALUES = Path(__file__).with_name("python_values.py")
NOTHING_OF_A_FILE = {
    "Backend", "Operation", "GatewayAnswer", "GatewayOrigin", "Gateway", "GatewayFile", "ConfigError", "Open",
    "AccessLogRole", "ApiKeyLock", "HeaderLock", "ClientKeys", "EdgeFunction", "GatewayUsagePlan", "AccountStack",
    "ApiStack", "EdgeStack", "KeysStack", "BackendConfig", "OriginDomain", "Authorizer",
    "AuthorizedClient", "Identified", "VersionOverrides", "RollbackSettings",
}  # fmt: skip
"""What takes no setting of a file by itself, or takes it as a value that is looked at: plans, designs, constructs."""
OF_THEIR_OWN_CHECKS = {"Percentage", "RequestQuota", "RequestRate", "RequestWindow", "Split"}
"""Quantities, which the file's text becomes: config/test_quantities.py. Shares of versions, which rules look at in the
file: design/test_rollouts.py."""


def test_every_public_value_is_looked_at() -> None:
    text = "".join(path.read_text() for path in (*Path(__file__).parent.glob("test_same_checks*.py"), VALUES))
    classes = {name for name in dir(public) if isinstance(getattr(public, name), type)} | {"BackendConfig"}
    sections = {name for name in classes if _is_section(name)}
    rest = classes - sections - NOTHING_OF_A_FILE - OF_THEIR_OWN_CHECKS
    assert {name for name in rest if f"{name}(" not in text} == set()
    assert classes >= NOTHING_OF_A_FILE | OF_THEIR_OWN_CHECKS


def _is_section(name: str) -> bool:
    found = getattr(public, name)
    return isinstance(found, type) and issubclass(found, Section)
