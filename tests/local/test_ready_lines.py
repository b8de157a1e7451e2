"""The lines that `ml-gateway local` prints to paste."""

import json
import shlex

import pytest

from ml_gateway.design import GatewayDesign
from ml_gateway.local.ready_lines import base_url, ready_lines
from ml_gateway.reading import load_config
from ml_gateway.serving.paths import with_values
from tests.files import TOP

ADDRESS = "http://127.0.0.1:8080"
DESIGN = GatewayDesign.of(load_config(TOP / "examples" / "every_backend.yaml"))
TENANTS = GatewayDesign.of(load_config(TOP / "examples" / "multi_tenant.yaml"))


@pytest.mark.parametrize("name", DESIGN.models)
def test_curl_asks_a_route_of_the_model(name: str) -> None:
    line, *_ = ready_lines(DESIGN, name, address=ADDRESS, key=None)
    words = shlex.split(line)
    assert words[:4] == ["curl", "-sS", "-X", words[3]]
    path = words[4].removeprefix(ADDRESS)
    assert (words[3], path) in [(each.http_method, with_values(each.path, "1")) for each in DESIGN.models[name].routes]
    if words[3] == "POST":
        assert isinstance(json.loads(words[-1]), dict)
    assert "x-api-key" not in line


@pytest.mark.parametrize("name", TENANTS.models)
def test_with_clients_a_key_is_in_each_line(name: str) -> None:
    lines = list(ready_lines(TENANTS, name, address=ADDRESS, key="k" * 48))
    assert all("k" * 48 in line for line in lines)


def test_each_sdk_gets_the_base_url_of_its_protocol() -> None:
    seen = set()
    for name, model in DESIGN.models.items():
        _, *sdk = ready_lines(DESIGN, name, address=ADDRESS, key=None)
        if sdk:
            seen.add(model.served.protocol)
            assert base_url(model, ADDRESS).partition("://")[2] in sdk[0]
    assert {"openai", "oip-v2"} <= seen


def test_a_raw_model_has_no_sdk() -> None:
    (name,) = [name for name, model in TENANTS.models.items() if model.served.protocol == "raw"][:1]
    assert len(list(ready_lines(TENANTS, name, address=ADDRESS, key="k"))) == 1
