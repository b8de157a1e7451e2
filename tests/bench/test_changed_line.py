"""The calls of a change of one line, on gateways that differ by it."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from bench.changed_line import AFTER, BEFORE, count_calls_of_a_change
from bench.gateways import render_gateway
from ml_gateway import GatewayConfig
from tests.synthesis import Json, synthesize


def templates_of(text: str) -> list[Json]:
    return list(synthesize(GatewayConfig(**yaml.safe_load(text))).values())


@pytest.mark.parametrize("models", [1, 20])
def test_a_url_is_a_document_that_is_put_and_another_deployment(models: int) -> None:
    text = render_gateway(models)
    assert text.count(BEFORE) == 1
    calls = count_calls_of_a_change(templates_of(text), templates_of(text.replace(BEFORE, AFTER)))
    assert calls == {"PutRestApi": 1, "CreateDeployment": 1, "UpdateStage": 1, "DeleteDeployment": 1}


def template_of(**resources: Mapping[str, Any]) -> Json:
    return {"Resources": resources}


def test_what_does_not_differ_is_no_change() -> None:
    same = template_of(Api={"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}})
    with pytest.raises(ValueError, match="nothing differs; change a file that has https://m0"):
        count_calls_of_a_change([same], [same])


def test_what_is_beside_api_gateway_makes_no_call_of_it() -> None:
    api = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}}}
    other = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "b"}}}
    log = {"Type": "AWS::Logs::LogGroup", "Properties": {}}
    calls = count_calls_of_a_change(
        [template_of(**api, Log=log)], [template_of(**other, Log={**log, "Properties": {"RetentionInDays": 1}})]
    )
    assert calls == {"PutRestApi": 1}


@pytest.mark.parametrize(("before", "after"), [({"Name": "a"}, {"Name": "b"}), ({"Name": "a"}, None)])
def test_type_that_nobody_counted_yet_is_refused(before: Json, after: Json | None) -> None:
    of_type = {"Type": "AWS::ApiGateway::Model"}
    old = template_of(Model={**of_type, "Properties": before})
    new = template_of(**({} if after is None else {"Model": {**of_type, "Properties": after}}))
    with pytest.raises(ValueError, match="AWS::ApiGateway::Model is not known here; say in UPDATES or DELETIONS"):
        count_calls_of_a_change([old], [new])
