"""gateway.schema.json: what editors know about the file is what loading it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ml_gateway.reading.schema import SCHEMA_FILE, rendered_schema
from tests.files import BACKENDS, CLIENTS, LOAD_BALANCER, MISSING, SMALL, TOP, behind, changed, report_on_data

SCHEMA: dict[str, Any] = json.loads(rendered_schema())
EDITOR = Draft202012Validator(SCHEMA)

URL = "https://model.example.com/invocations"
CACHE = {"default": "1h", "max": "24h"}


def settings(schema: dict[str, Any] = SCHEMA) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every setting of the file and what the schema says of it; those of a model and a plan by any name."""
    for section in (schema["else"], *schema["$defs"].values()):
        for key, value in section["properties"].items():
            yield f"{section['title']}.{key}", value


def test_the_committed_schema_is_that_of_the_models() -> None:
    assert SCHEMA_FILE == TOP / "gateway.schema.json"
    assert SCHEMA_FILE.read_text() == rendered_schema(), "run make schema"


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("setting", dict(settings()))
def test_an_editor_can_describe_each_setting_and_offer_a_value(setting: str) -> None:
    said = dict(settings())[setting]
    if "$ref" in said:
        said = {**SCHEMA["$defs"][said["$ref"].rpartition("/")[2]], **said}
    assert said["description"]
    assert said["examples"]
    assert said.get("default", ...) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"account": 123456789012},
        {"account": "012345678901"},
        {"stage": "v-1_A"},
        {"models.llama-3": {"url": "https://a.b:8443/b?c=d", "path": "/v1/llama:generate", "methods": ["GET", "HEAD"]}},
        {"models.predict": {"url": "http://a.b/", "insecure": True, "timeout": "50ms", "backend_method": "PUT"}},
        {"plans.default": {"rate": "0.5/s", "burst": 1, "quota": "1/week", "offset": 6}},
        {"edge": {}},
        {"edge.cache": {"default": "0s", "max": "1s", "headers": []}},
        {"edge.cache": {"default": "1h", "max": "1h"}},
        {"edge.cache": {**CACHE, "headers": ["X-Model", "Accept-Language"]}},
        {"edge": {"response_timeout": "2m"}, "errors": "plain"},
        {"models.predict": {"url": "https://a.b/{b}/{c}", "path": "/a/{b}/{c+}"}},
        {"models.predict": {"url": "https://a.b/{b}?c=d", "path": "/{b}", "stream": True, "timeout": "15m"}},
        {"models.predict.timeout": "60s", "service_quotas.integration_timeout": "60s"},
        *(behind(kind) for kind in BACKENDS),
        behind("http", {"protocol": "openai"}, headers={"X-A": "b c"}, bearer={"secret": "a/b", "version": "a" * 32}),
        behind("sagemaker", {"protocol": "sagemaker"}, inference_component="a", target_variant="b", target_model="c/d"),
        behind("load_balancer", listener=MISSING, load_balancer=LOAD_BALANCER, tls=True, port=8443),
        behind("load_balancer", load_balancer=LOAD_BALANCER, subnets=MISSING, vpc_link="a1b2c3"),
        {"clients": {}},
        CLIENTS,
        {**CLIENTS, "clients.mobile.keys": ["a", "b-2"], "edge.accept_keys": ["x-api-key", "x-goog-api-key"]},
        {**CLIENTS, "plans.gold": {"rate": "9/s", "burst": 9}, "clients.b": {"plan": "gold", "description": "x"}},
        {**CLIENTS, "edge.cache": {**CACHE, "headers": [f"X-{n}" for n in range(7)]}},
        {"plans.default.limits": {"predict": "0.5/s"}},
        {"plans.default.limits": {"predict": {"rate": "2/s", "burst": 10}}},
        {"logs": {"retention": "24h", "account_role": "create"}},
        {"origin_lock": {"generation": 4}, "tags": {"Team name": "a", "a-Z0_.:/=+@": "a-Z0_.:/=+@ "}},
    ],
)
def test_what_is_right_passes_in_an_editor_and_when_loaded(tmp_path: Path, changes: dict[str, Any]) -> None:
    data = changed(changes)
    assert list(EDITOR.iter_errors(data)) == []
    assert report_on_data(data, tmp_path) == []


@pytest.mark.parametrize(
    "name", [f"examples/{name}.yaml" for name in ("two_models", "every_backend", "multi_tenant")] + ["gateway.yaml"]
)
def test_the_files_of_this_repository_pass_in_an_editor(name: str) -> None:
    assert list(EDITOR.iter_errors(yaml.safe_load((TOP / name).read_text()))) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": MISSING},
        {"name": "Acme"},
        {"name": "a"},
        {"name": "a" * 42},
        {"name": 1},
        {"name": None},
        {"oops": 1},
        {"description": ""},
        {"description": "x" * 1025},
        {"account": "1234"},
        {"account": 1234},
        {"account": None},
        {"account": True},
        {"regions": MISSING},
        {"regions": "us-east-1"},
        {"regions": []},
        {"regions": ["us-east-1", "us-east-1"]},
        {"regions": {"us-east1": {}}},
        {"regions": {"us-east-1": {"drain": "yes"}}},
        {"regions": ["cn-north-1"]},
        {"regions": ["us-gov-west-1"]},
        {"stage": 1},
        {"stage": "a b"},
        {"stage": "a" * 129},
        {"models": {}},
        {"models": None},
        {"models.predict": None},
        {"models.Fraud": {"url": URL}},
        {"models." + "a" * 64: {"url": URL}},
        {"models.predict.url": MISSING},
        {"models.predict.url": "ftp://a/"},
        {"models.predict.url": "https://user:pass@a/"},
        {"models.predict.url": "https://a.b/?c={b}"},
        {"models.predict.url": "https://{a}/"},
        {"models.predict.url": "https://a.b/#b"},
        {"models.predict.url": "https://a.b/ b"},
        {"models.predict.path": "a"},
        {"models.predict.path": "/a/"},
        {"models.predict.path": "/a/.."},
        {"models.predict.methods": "GET"},
        {"models.predict.methods": []},
        {"models.predict.methods": ["GET", "GET"]},
        {"models.predict.methods": ["get"]},
        {"models.predict.backend_method": "FETCH"},
        {"models.predict.timeout": 29},
        {"models.predict.timeout": "29"},
        {"models.predict.insecure": "yes"},
        {"models.predict.metods": ["GET"]},
        {"plans": {}},
        {"plans.other": {"rate": "1/s", "burst": 1}},
        {"plans": {"Gold": {"rate": "1/s", "burst": 1}}},
        {"plans.default.rate": MISSING},
        {"plans.default.rate": 2},
        {"plans.default.rate": "2"},
        {"plans.default.rate": "2/m"},
        {"plans.default.rate": "0.0/s"},
        {"plans.default.burst": 0},
        {"plans.default.burst": "10"},
        {"plans.default.burst": True},
        {"plans.default.burst": 2**31},
        {"plans.default.quota": None},
        {"plans.default.quota": "1000"},
        {"plans.default.quota": "0/day"},
        {"plans.default.quota": "1000/year"},
        {"plans.default.offset": -1},
        {"models.predict": {}},
        {"models.predict.backend": "b", "backends": {"b": BACKENDS["http"]}},
        {"models.predict.protocol": "http"},
        {"models.predict.stream": "yes"},
        {"models.predict.path": "/{a+}/b"},
        {"models.predict.path": "/{a}b"},
        {"backends": None},
        {"backends": {"B": BACKENDS["http"]}},
        *(
            {"models.predict": {"backend": "b"}, "backends": {"b": backend}}
            for backend in (None, {}, {"url": URL}, {"type": "htp", "url": URL}, {"type": "http"}, URL)
        ),
        *(
            behind(kind, **{setting: value})
            for kind, setting, value in (
                ("http", "function", "f"),
                ("http", "url", "a"),
                ("http", "headers", {"X A": "b"}),
                ("http", "headers", {"X-A": "it's"}),
                ("http", "headers", {"X-A": ""}),
                ("http", "bearer", {"secret": "a"}),
                ("http", "bearer", {"secret": "a:b", "version": "a" * 32}),
                ("http", "bearer", {"secret": "a", "version": "a"}),
                ("sagemaker", "endpoint", MISSING),
                ("sagemaker", "endpoint", "a" * 64),
                ("sagemaker", "target_model", "é"),
                ("lambda", "function", "f:$LATEST"),
                ("lambda", "function", "arn:aws:lambda:f"),
                ("load_balancer", "listener", MISSING),
                ("load_balancer", "listener", LOAD_BALANCER),
                ("load_balancer", "load_balancer", "llm"),
                ("load_balancer", "vpc_link", "a1b2c3"),
                ("load_balancer", "subnets", MISSING),
                ("load_balancer", "subnets", ["a"]),
                ("load_balancer", "host", "10.0.0.1"),
                ("load_balancer", "port", 0),
                ("load_balancer", "port", 65536),
            )
        ),
        {"plans.default.limits.predict": "1"},
        {"plans.default.limits.predict": 1},
        {"plans.default.limits.predict": None},
        {"plans.default.limits.predict": []},
        {"plans.default.limits.predict": {}},
        {"plans.default.limits.predict": {"burst": 1}},
        {"plans.default.limits.predict": "0/s"},
        {"plans.default.limits": {"predict": {"rate": "1/s", "burst": 0}}},
        {"plans.default.limits": {"Predict": "1/s"}},
        {"clients": None},
        *(
            {"clients.mobile": client}
            for client in (None, {}, {"plan": None}, {"plan": "default", "keys": "a"}, {"plan": "default", "x": 1})
        ),
        *({"clients.mobile": {"plan": "default", "keys": keys}} for keys in ([], ["A"], ["a", "a"], [1], ["a b"])),
        {"clients.Mobile": {"plan": "default"}},
        {"edge.accept_keys": ["x-api-key"]},
        {"clients": {}, "edge.accept_keys": ["x-api-key"]},
        *({**CLIENTS, "edge.accept_keys": forms} for forms in ([], ["cookie"], ["bearer", "bearer"], "bearer", None)),
        {**CLIENTS, "edge.cache": {**CACHE, "headers": [f"X-{n}" for n in range(8)]}},
        {"errors": "json"},
        {"edge.response_timeout": 30},
        {"origin_lock.generation": 0},
        {"origin_lock.generation": True},
        {"logs.retention": 90},
        {"logs.retention": "3 months"},
        {"logs.account_role": "none"},
        {"tags": {"aws:x": "y"}},
        {"tags": {"": "y"}},
        {"tags": {"x" * 129: "y"}},
        {"tags": {"x": "AWS:y"}},
        *({"tags": {text: "y"}} for text in ("cost,center*", "a\nb", "é")),
        *({"tags": {"x": text}} for text in ("a;b", "a\nb", "é")),
        {"tags": {"x": "y" * 257}},
        {"tags": {"x": 1}},
        {"tags": {f"t{n}": "x" for n in range(51)}},
    ],
)
def test_what_a_schema_can_tell_to_be_wrong_is_refused_in_an_editor_and_when_loaded(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    data = changed(changes)
    assert list(EDITOR.iter_errors(data))
    assert report_on_data(data, tmp_path)


def test_the_small_file_that_the_tests_change_passes_in_an_editor() -> None:
    assert list(EDITOR.iter_errors(SMALL)) == []
