"""Row 8: what is sent in a header is a fixed text or one variable of the path. Nothing is sent with its braces."""

import re

import pytest

from ml_gateway import Backend, HttpBackend, Route, SagemakerBackend
from tests.backends.conftest import DefineApi
from tests.documents import integration_of, operation_of, parameters_of
from tests.synthesis import Json

BY_MODEL = Route(http_method="POST", path="/fraud/{model}")
ANY_DEPTH = Route(http_method="POST", path="/fraud/{model+}")
TARGET_MODEL = "X-Amzn-Sagemaker-Target-Model"
ATTRIBUTES = "X-Amzn-Sagemaker-Custom-Attributes"


def sagemaker(**settings: str) -> SagemakerBackend:
    return SagemakerBackend(name="fraud", endpoint="fraud-prod", **settings)  # type: ignore[arg-type]  # texts alone


def http(value: str) -> HttpBackend:
    return HttpBackend(url="https://model.example.com", headers={"X-Model": value})


def sent(template: Json, header: str) -> str:
    found: str = integration_of(template)["requestParameters"][f"integration.request.header.{header}"]
    return found


@pytest.mark.parametrize("route", [BY_MODEL, ANY_DEPTH], ids=["one part", "all parts that follow"])
@pytest.mark.parametrize(
    ("backend", "header"),
    [
        (sagemaker(target_model="{model}"), TARGET_MODEL),
        (sagemaker(custom_attributes="{model}"), ATTRIBUTES),
        (http("{model}"), "X-Model"),
    ],
)
def test_a_variable_alone_is_what_the_caller_put_into_the_path(
    define_api: DefineApi, route: Route, backend: Backend, header: str
) -> None:
    template = define_api({route: backend})
    assert sent(template, header) == "method.request.path.model"
    assert parameters_of(operation_of(template), "path") == {"model": True}


@pytest.mark.parametrize(
    ("backend", "header", "text"),
    [
        (sagemaker(target_model="fraud.tar.gz"), TARGET_MODEL, "'fraud.tar.gz'"),
        (sagemaker(custom_attributes="tenant=acme, tier=2"), ATTRIBUTES, "'tenant=acme, tier=2'"),
        (http("acme"), "X-Model", "'acme'"),
        (http('{"tier": 2}'), "X-Model", "'{\"tier\": 2}'"),
    ],
)
def test_a_text_is_sent_as_it_is(define_api: DefineApi, backend: Backend, header: str, text: str) -> None:
    assert sent(define_api({BY_MODEL: backend}), header) == text


@pytest.mark.parametrize(("header", "setting"), [(TARGET_MODEL, "target_model"), (ATTRIBUTES, "custom_attributes")])
def test_what_is_not_given_is_the_callers(define_api: DefineApi, header: str, setting: str) -> None:
    assert sent(define_api({BY_MODEL: sagemaker()}), header) == f"method.request.header.{header}"
    assert not getattr(sagemaker(), setting)


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        (sagemaker(target_model="{modell}"), "'{modell}' is no variable of /fraud/{model}"),
        (http("{modell}"), "'{modell}' is no variable of /fraud/{model}"),
        (http("of {model}"), "'of {model}' would be sent as it is; send '{model}' alone, or a text without it"),
    ],
)
def test_a_variable_that_leads_nowhere_is_refused_in_python_too(
    define_api: DefineApi, backend: Backend, message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("{", r"\{").replace(".", r"\.")):
        define_api({BY_MODEL: backend})


@pytest.mark.parametrize("setting", ["target_model", "custom_attributes"])
@pytest.mark.parametrize("text", ["{model}.tar.gz", "model={model}", "{", "{}"])
def test_other_braces_are_refused_in_python_too(setting: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"SagemakerBackend.{setting}: {re.escape(repr(text))} would be sent as it is"):
        sagemaker(**{setting: text})
