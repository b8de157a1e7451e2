"""Row 8: a variable of a path leads somewhere, and what is sent in its place is that variable alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import behind, changed, report_on_data

AT_SAGEMAKER = "target_model: '{%s}' or custom_attributes: '{%s}' at backend 'b'"


def idle(path: str, variable: str, way_out: str) -> str:
    return (
        f"models.predict.path: '{path}' has the variable {{{variable}}}, which leads nowhere; write {way_out}, or take "
        "it out of the path"
    )


def joined(setting: str, text: str) -> str:
    return (
        f"backends.b.{setting}: '{text}' would be sent as it is: a mapping of API Gateway joins no texts; write a text "
        "without braces, or one variable of the path alone, such as '{model}', and have callers put the rest, such as "
        ".tar.gz, into the URL"
    )


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            changed({"models.predict.path": "/a/{id}"}),
            idle("/a/{id}", "id", "it into the url"),
        ),
        *(
            (
                behind("http", {"path": path}),
                idle(path, "id", "it into the url of backend 'b', or alone into a header there"),
            )
            for path in ("/a/{id}", "/a/{id+}", "/{id}/a")
        ),
        (
            behind("http", {"path": "/a/{id}/{rest+}"}, url="https://a.b/{id}"),
            idle("/a/{id}/{rest+}", "rest", "it into the url of backend 'b', or alone into a header there"),
        ),
        (
            behind("sagemaker", {"path": "/a/{id}"}),
            idle("/a/{id}", "id", AT_SAGEMAKER % ("id", "id")),
        ),
        (
            behind("sagemaker", {"path": "/a/{id}/{model+}"}, target_model="{model}"),
            idle("/a/{id}/{model+}", "id", AT_SAGEMAKER % ("id", "id")),
        ),
        *(
            (behind("sagemaker", {"path": "/a/{id}"}, **{other: "{id}", setting: text}), joined(setting, text))
            for setting, other in (("target_model", "custom_attributes"), ("custom_attributes", "target_model"))
            for text in ("{id}.tar.gz", "{id}{id}", "a{", "}", "{}", "{id+}", "{ id }", "a/{id}")
        ),
        (
            behind("sagemaker", target_model="{model}"),
            "backends.b.target_model: '{model}' is a variable, which the path of model 'predict' does not have; write "
            "it into that path, where the model is a raw one, or write a fixed text here",
        ),
        (
            behind("sagemaker", {"protocol": "sagemaker"}, custom_attributes="{model}"),
            "backends.b.custom_attributes: '{model}' is a variable, which the path of model 'predict' does not have; "
            "write it into that path, where the model is a raw one, or write a fixed text here",
        ),
        (
            behind("http", {"path": "/a/{id}"}, url="https://a.b/{id}", headers={"X-Id": "id-{id}"}),
            "backends.b.headers.X-Id: 'id-{id}' would be sent as it is: a mapping of API Gateway joins no texts; write "
            "'{id}' alone, or a text without it",
        ),
        *(
            (
                behind(kind, headers={"X-Id": "{id}"}),
                "backends.b.headers.X-Id: '{id}' is a variable, which the path of model 'predict' does not have; write "
                "it into that path, where the model is a raw one, or write a fixed text here",
            )
            for kind in ("http", "load_balancer")
        ),
    ],
)
def test_a_variable_that_would_be_lost_is_refused_with_the_way_out(
    tmp_path: Path, settings: dict[str, Any], line: str
) -> None:
    assert report_on_data(settings, tmp_path) == [line]


@pytest.mark.parametrize(
    "settings",
    [
        behind("http", {"path": "/a/{id}/{rest+}"}, url="https://a.b/{rest}/{id}"),
        behind("http", {"path": "/a/{id}"}, headers={"X-Id": "{id}"}),
        behind("http", {"path": "/a/{id}"}, url="https://a.b/{id}", headers={"X-Tier": '{"tier": 2}'}),
        behind("sagemaker", {"path": "/a/{model}"}, target_model="{model}"),
        behind("sagemaker", {"path": "/a/{model+}"}, target_model="{model}"),
        behind("sagemaker", {"path": "/a/{model}"}, custom_attributes="{model}", target_model="a.tar.gz"),
        behind("sagemaker", {"path": "/a/{id}/{model}"}, custom_attributes="{id}", target_model="{model}"),
        behind("sagemaker", target_model="a/b c.tar.gz", custom_attributes="tenant=acme, tier=2"),
        behind("lambda", {"path": "/a/{id}/{rest+}"}),
        behind("load_balancer", {"path": "/a/{id}/{rest+}"}),
        behind("load_balancer", {"path": "/a/{id}"}, headers={"X-Id": "{id}"}),
    ],
)
def test_a_variable_that_leads_somewhere_is_taken(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert report_on_data(settings, tmp_path) == []


@pytest.mark.parametrize("text", ["x" * 1025, " a", "a ", "it's", "ä", ""])
def test_what_no_header_of_sagemaker_can_be_is_refused(tmp_path: Path, text: str) -> None:
    (line,) = report_on_data(behind("sagemaker", custom_attributes=text), tmp_path)
    assert line.startswith("backends.b.custom_attributes: ")
