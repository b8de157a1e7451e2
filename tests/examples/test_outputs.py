"""Each URL that is handed out is one that answers: a route, or what the clients of a protocol append routes to."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from ml_gateway import ServedModel
from ml_gateway.serving import PROTOCOLS, ProtocolName, answers
from tests.documents import operations_of
from tests.examples.test_every_example import FILES, NAMES
from tests.synthesis import TOP, Json, TemplatesOf

# What clients append to a base URL, by which they find a model.
FIRST_REQUEST: dict[str, str] = {"BaseUrl": "/models"}


def handed_out(template: Json) -> dict[str, str]:
    """The path of each output that is a URL of the distribution."""
    found = {}
    for name, output in template.get("Outputs", {}).items():
        text = json.dumps(output["Value"])
        if "https://" in text and "DomainName" in text:
            (found[name],) = re.findall(r"DomainName\"\]\}(?:, \"([^\"]*)\")?\]", text) or [""]
    return found


@pytest.mark.parametrize("template", NAMES, indirect=True)
def test_each_example_puts_out_a_url_that_answers(template: Json) -> None:
    urls = handed_out(template)
    paths = {operation.split(" ")[1] for operation in operations_of(template)}
    assert urls
    for name, path in urls.items():
        request = path + FIRST_REQUEST.get(name, "")
        assert any(answers(each, request) for each in paths), name


@pytest.mark.parametrize("file", [TOP / "gateway.yaml", *FILES], ids=lambda file: file.name)
def test_a_gateway_puts_out_no_url_of_a_model_which_might_have_no_route(file: Path, templates_of: TemplatesOf) -> None:
    """One for each model would say more than a base URL does, and be too many: the paths are those of the file."""
    templates = templates_of(file.stem)
    urls = {
        name: text
        for each in templates.values()
        for name, output in each.get("Outputs", {}).items()
        if "https://" in (text := json.dumps(output["Value"])) and name != "DashboardUrl"
    }
    assert set(urls) == {"InvokeUrl", "BaseUrl"}
    # The domain name ends it.
    assert re.search(r'https://(ml\.acme\.com"|".*"DomainName"\]\}\]\]\})$', urls["BaseUrl"])


@pytest.mark.parametrize("protocol", get_args(ProtocolName))
def test_what_a_model_hands_out_is_a_route_or_what_its_clients_append_to(protocol: ProtocolName) -> None:
    model = ServedModel(name="m", path="/m", protocol=protocol)
    paths = {route.path for route in model.routes}
    appending = protocol not in ("raw", "sagemaker")
    assert (model.base_path in paths) == (not appending)
    assert not appending or all(path.startswith(f"{model.base_path}/") for path in paths)


def test_every_protocol_is_looked_at() -> None:
    known: Any = get_args(ProtocolName)
    assert set(known) == {"raw", *PROTOCOLS}
