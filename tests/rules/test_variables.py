"""Row 8: a variable of a path leads somewhere, and what is sent in its place is that variable alone."""

from pathlib import Path
from typing import Any

import pytest

from tests.files import behind, report_on_data


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
