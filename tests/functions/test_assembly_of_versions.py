"""The function of a gateway whose models have versions: what is in it, how it is known again, and how many fit."""

import re
from typing import Any, get_args

import pytest

from ml_gateway.config import GatewayConfig
from ml_gateway.design import EdgeDesign, GatewayDesign, Identified, Open, Split
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.errors import UNKNOWN_URL, Dialect, error_body
from ml_gateway.functions import assembled_viewer_request, settings_of_viewer_request
from ml_gateway.reading import ConfigError
from ml_gateway.rules import checked
from ml_gateway.rules.rollouts import MOST_BYTES_OF_A_FUNCTION
from ml_gateway.serving import PROTOCOLS
from tests.files import CLIENTS, IDENTITIES, changed
from tests.functions.edge_runtime import KEYED, EdgeRuntime, settings_with, viewer_request
from tests.synthesis import Json

SPLIT: Json = {"model": "fraud", "takes": "^/fraud/?$", "versions": ["v1", "v2"], "shares": [90, 10]}
CODE = assembled_viewer_request(settings_with({"splits": [SPLIT]}))
WITHOUT = assembled_viewer_request(KEYED)
IMPORTS = "import cf from 'cloudfront';\nimport crypto from 'crypto';\n"


def test_every_part_of_versions_is_there_in_its_order() -> None:
    order = "cleanPath,answerPreflight,answerHealth,removeHeaders,takeKey,takeVersion,keepToKey"
    assert f"const PARTS=[{order}];" in CODE
    assert [name for name in re.findall(r"function (\w+)\(", CODE) if name in order.split(",")] == order.split(",")
    assert CODE.startswith(f"{IMPORTS}const SETTINGS=")
    assert not re.search(r"^\s*//", CODE, re.M)


def test_without_versions_nothing_of_them_is_in_the_function() -> None:
    for word in ("import ", "async ", "await ", "crypto", "kvs", "splits", "unknown", "claims"):
        assert word in assembled_viewer_request(settings_with({"splits": [SPLIT], "claims": {"https://a.b": "azp"}}))
        assert word not in WITHOUT


def test_settings_of_versions_are_read_again() -> None:
    settings = settings_of_viewer_request(CODE)
    assert settings
    assert settings["splits"] == [SPLIT]
    assert settings["unknown"] == '{"code": "unknown_url"}'


@pytest.mark.parametrize(
    "code",
    [
        CODE.removeprefix(IMPORTS),
        CODE.removeprefix("import cf from 'cloudfront';\n"),
        CODE.replace("import crypto from 'crypto';\n", ""),
        CODE.replace("'crypto'", "'./crypto'"),
        IMPORTS + WITHOUT,
        IMPORTS + CODE,
        CODE.replace('"splits"', '"split"', 1),
        CODE.replace(".toLowerCase()", "", 1),
        CODE.replace("takeVersion,keepToKey", "keepToKey"),
        "\n".join([*CODE.split("\n")[:3], *WITHOUT.split("\n")[1:]]),
        "\n".join([*CODE.split("\n")[2:3], *WITHOUT.split("\n")[1:]]),
        "\n".join([*WITHOUT.split("\n")[:1], *CODE.split("\n")[3:]]),
        CODE + " ",
    ],
)
def test_a_function_with_other_versions_is_not_taken_for_the_gateways(code: str) -> None:
    assert code not in (CODE, WITHOUT)
    assert settings_of_viewer_request(code) is None


def test_what_the_design_says_of_versions_reaches_the_code() -> None:
    shares = {"v1": 85, "v2": 10, "v3": 5}
    split = Split(model="fraud", takes="^/fraud/?$", shares=shares, by_header="x-user-id", choose="x-version")
    other = Split(model="llama", takes="^/llama/", shares={"a": 100, "b": 0}, by_client=True)
    edge = EdgeDesign(splits=(split, other), claims={"https://login.acme.com/": "azp"})
    settings = settings_of_viewer_request(render_edge_function(Identified(issuers=("https://login.acme.com/",)), edge))
    assert settings
    assert settings["splits"] == [
        {"model": "fraud", "takes": "^/fraud/?$", "versions": ["v1", "v2", "v3"], "shares": [85, 10, 5],
         "byHeader": "x-user-id", "choose": "x-version"},
        {"model": "llama", "takes": "^/llama/", "versions": ["a", "b"], "shares": [100, 0],
         "byClient": True},
    ]  # fmt: skip
    assert settings["claims"] == {"https://login.acme.com/": "azp"}


@pytest.mark.parametrize("dialect", get_args(Dialect))
def test_a_version_is_not_found_in_the_dialect_of_the_callers(dialect: Dialect, runtime: EdgeRuntime) -> None:
    split = Split(model="fraud", takes="^/fraud/?$", shares={"v1": 90, "v2": 10})
    code = render_edge_function(Open(), EdgeDesign(dialect=dialect, splits=(split,)))
    answer = runtime.run(code, viewer_request({"uri": "/fraud--v2/fraud"})).value
    assert (answer["statusCode"], answer["body"]) == (404, error_body(dialect, UNKNOWN_URL, request_id=None))


# Files


def of_versions(name: str, number: int = 2, **settings: Any) -> Json:
    versions = [f"v{each + 1}" for each in range(number)]
    return {
        "versions": {version: {"url": f"https://{name}-{version}.example.com/v1"} for version in versions},
        "split": {version: 90 if version == "v1" else 10 if version == "v2" else 0 for version in versions},
        **settings,
    }


def designed(changes: Json) -> GatewayDesign:
    return checked(GatewayConfig.model_validate(changed(changes)))


def code_of(meant: GatewayDesign) -> str:
    return render_edge_function(meant.callers, meant.edge)


MODELS: dict[str, Json] = {
    "raw": {},
    "variable": {"path": "/users/{id}/score/{day}"},
    "greedy": {"path": "/files/{rest+}", "methods": ["GET", "POST"]},
    "elsewhere": {"path": "/a.b/$c"},
    **{name: {"protocol": name} for name in PROTOCOLS},
}


@pytest.mark.parametrize("name", MODELS)
def test_each_request_for_a_model_comes_to_a_route_of_a_version(name: str, runtime: EdgeRuntime) -> None:
    models = {name: of_versions(name, choose="x-version", **MODELS[name]), "other": of_versions("other")}
    meant = GatewayDesign.of(GatewayConfig.model_validate(changed({"models": models})))
    model = meant.models[name]
    assert model.served.routes
    for route in model.served.routes:
        asked = re.sub(r"\{\w+\+\}", "a/b", re.sub(r"\{\w+\}", "7", route.path))
        request = {"method": route.http_method, "uri": asked, "headers": {"x-version": {"value": "v2"}}}
        assert runtime.run(code_of(meant), viewer_request(request)).value["uri"] == f"/{name}--v2{asked}"
        assert f"/{name}--v2{route.path}" in [each.path for each in model.versions["v2"].served.routes]


# How many


def names(number: int) -> list[str]:
    return [f"fraud-scoring-{each:02}" for each in range(number)]


USUAL: Json = {"sticky": "client", "choose": "x-model-version"}
TOKENS = {"issuers.corp": IDENTITIES["issuers.corp"], "clients.batch": IDENTITIES["clients.batch"]}
ORIGINS = [f"https://app-{number}.acme.com" for number in range(5)]


def split_models(number: int, more: Json) -> Json:
    return {**CLIENTS, "models": {name: of_versions(name, **USUAL) for name in names(number)}, **more}


def size(changes: Json) -> int:
    return len(code_of(designed(changes)).encode())


def fits(changes: Json) -> bool:
    try:
        designed(changes)
    except ConfigError as error:
        if "versions make a function of" not in str(error):
            raise
        return False
    return True


BROWSERS = {"edge.cors": {"origins": ORIGINS}}


@pytest.mark.parametrize(("more", "number"), [({}, 20), (TOKENS, 15), (BROWSERS, 12), ({**TOKENS, **BROWSERS}, 8)])
def test_so_many_models_with_versions_fit_into_the_function(more: Json, number: int) -> None:
    assert fits(split_models(number, more))
    assert not fits(split_models(2 * number, more))


def test_the_rule_takes_what_cloudfront_takes_and_no_byte_more() -> None:
    def file(letters: int) -> Json:
        cors = {"origins": ORIGINS, "headers": [f"X-{'a' * letters}"]}
        return split_models(8, {**TOKENS, "edge.cors": cors})

    letters = MOST_BYTES_OF_A_FUNCTION - size(file(1)) + 1
    assert letters > 1
    assert size(file(letters)) == MOST_BYTES_OF_A_FUNCTION == 10_240
    with pytest.raises(ConfigError, match="a function of 10241 bytes at the edge"):
        designed(file(letters + 1))
