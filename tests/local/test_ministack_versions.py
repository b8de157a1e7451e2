"""What the launcher mends of MiniStack for functions that read a store, and that MiniStack still lacks it.

A test that fails because MiniStack has learned something means: what ministack_versions.py does for it can go.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from ministack.core import cloudfront_js
from ministack.services import cloudformation, cloudfront, cloudfront_keyvaluestore

from ml_gateway import EdgeDesign, Open
from ml_gateway.design import Split
from ml_gateway.design.viewer_request import render_edge_function
from ml_gateway.local import ministack_versions

# MiniStack closes no pipe of a Node that it ends.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

Json = dict[str, Any]
Evaluate = Callable[[str, Json], Any]

READS = """import cf from 'cloudfront';
async function handler(event) {
    try {
        return { value: await cf.kvs().get(event.key, event.options) };
    } catch (error) {
        return { failed: String(error) };
    }
}
"""
OVERRIDE = {"split": {"v1": 0, "v2": 100}, "instead_of": {"v1": 100, "v2": 0}}
PICKS = render_edge_function(
    Open(), EdgeDesign(splits=(Split(model="fraud", takes="^/fraud/?$", shares={"v1": 100, "v2": 0}),))
)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    for service in (cloudfront, cloudfront_keyvaluestore, cloudformation):
        service.reset()


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> Evaluate:
    """What runs the code of a function on an event, as the launcher has it."""
    monkeypatch.setattr(cloudfront_js, "evaluate", cloudfront_js.evaluate)
    ministack_versions.mend()
    return lambda code, event: cloudfront.cloudfront_js.evaluate(code.encode(), event)


def deploy(**functions: str) -> None:
    """A stack with a store for each function, which has this code."""
    resources: Json = {}
    for name, code in functions.items():
        store, arn = f"Store{name}", {"Fn::GetAtt": [f"Store{name}", "Arn"]}
        config = {
            "Comment": name,
            "Runtime": "cloudfront-js-2.0",
            "KeyValueStoreAssociations": [{"KeyValueStoreARN": arn}],
        }
        properties = {"Name": name, "AutoPublish": True, "FunctionCode": code, "FunctionConfig": config}
        resources[store] = {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": store}}
        resources[name] = {"Type": "AWS::CloudFront::Function", "Properties": properties}
    form = {"Action": "CreateStack", "StackName": "edge", "TemplateBody": json.dumps({"Resources": resources})}

    async def create() -> None:
        await cloudformation.handle_request("POST", "/", {}, urlencode(form).encode(), {})
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(create())
    assert cloudformation._stacks["edge"]["StackStatus"] == "CREATE_COMPLETE"


def put(function: str, key: str, value: str) -> None:
    """Into the store of that function, by the requests that the store takes."""
    path = f"/key-value-stores/{cloudfront._kvstores[f'Store{function}']['ARN']}"
    body = json.dumps({"Value": value}).encode()

    async def ask() -> Any:
        _, told, _ = await cloudfront_keyvaluestore.handle_request("GET", path, {}, b"", {})
        headers = {"if-match": told["ETag"]}
        return await cloudfront_keyvaluestore.handle_request("PUT", f"{path}/keys/{key}", headers, body, {})

    status, _, said = asyncio.run(ask())
    assert status == 200, said


def read(evaluate: Evaluate, key: str, *, code: str = READS, **options: str) -> Json:
    found: Json = evaluate(code, {"key": key, "options": options})
    return found


def test_ministack_knows_no_module_cloudfront() -> None:
    """Once it does, the test fails, and what stands in for it can go."""
    with pytest.raises(cloudfront_js.CloudFrontFunctionError, match=r"require\('cloudfront'\) is not supported"):
        cloudfront_js.evaluate(READS.encode(), {"key": "fraud"})


def test_a_function_reads_its_store(mended: Evaluate) -> None:
    deploy(Edge=READS)
    put("Edge", "fraud", '{"split": {"v1": 90}}')
    assert read(mended, "fraud") == {"value": '{"split": {"v1": 90}}'}
    assert read(mended, "fraud", format="json") == {"value": {"split": {"v1": 90}}}
    put("Edge", "fraud", "other")
    assert read(mended, "fraud") == {"value": "other"}


@pytest.mark.parametrize("key", ["llama", "frau", "fraud-eu", "toString", "__proto__"])
def test_a_key_that_is_not_there_throws(key: str, mended: Evaluate) -> None:
    deploy(Edge=READS)
    assert read(mended, key).keys() == {"failed"}
    put("Edge", "fraud", "here")
    assert read(mended, key).keys() == {"failed"}


def test_what_is_no_json_throws_where_json_is_asked_for(mended: Evaluate) -> None:
    deploy(Edge=READS)
    put("Edge", "fraud", "{")
    assert read(mended, "fraud", format="json").keys() == {"failed"}
    assert read(mended, "fraud") == {"value": "{"}


def test_the_store_of_another_function_is_not_seen(mended: Evaluate) -> None:
    other = f"{READS}// another one\n"
    deploy(Edge=READS, Other=other)
    put("Other", "fraud", "theirs")
    assert read(mended, "fraud").keys() == {"failed"}
    assert read(mended, "fraud", code=other) == {"value": "theirs"}


def test_a_function_of_no_store_finds_nothing_and_one_that_reads_none_runs_as_it_is(mended: Evaluate) -> None:
    assert read(mended, "fraud").keys() == {"failed"}
    without = "function handler(event) { return { value: event.key }; }"
    assert mended(without, {"key": "a"}) == {"value": "a"}


def test_an_override_is_what_the_gateways_function_goes_by(mended: Evaluate) -> None:
    deploy(Edge=PICKS)

    def asked() -> str:
        request = {"method": "POST", "uri": "/fraud", "querystring": {}, "headers": {}, "cookies": {}}
        return str(mended(PICKS, {"version": "1.0", "request": request})["uri"])

    assert asked() == "/fraud--v1/fraud"
    put("Edge", "fraud", json.dumps(OVERRIDE))
    assert asked() == "/fraud--v2/fraud"
    put("Edge", "fraud", json.dumps({**OVERRIDE, "instead_of": {"v1": 50, "v2": 50}}))
    assert asked() == "/fraud--v1/fraud"
