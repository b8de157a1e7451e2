"""Values that are one for all regions, or a map with one for each; and regions that are a list or a map."""

from collections.abc import Mapping
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from ml_gateway.config import GatewayConfig, LambdaBackendConfig, LoadBalancerBackendConfig, RegionConfig
from ml_gateway.config.backends import BY_REGION
from ml_gateway.config.types.aws import COMMERCIAL_REGION
from ml_gateway.config.types.by_region import ByRegion, each_in_words, in_region
from ml_gateway.design import backend_in
from tests.files import LISTENER, SMALL, changed

Short = Annotated[str, Field(max_length=3)]


class Holder(BaseModel):
    value: Annotated[str | Mapping[str, str], ByRegion(Short)]


@pytest.mark.parametrize("value", ["abc", {"us-east-1": "abc", "eu-west-1": "d"}])
def test_a_value_or_a_map_of_values_is_taken(value: Any) -> None:
    holder = Holder(value=value)
    assert holder.value == value
    assert Holder.model_validate(holder.model_dump()) == holder


@pytest.mark.parametrize(
    ("value", "place"),
    [("abcd", ("value",)), ({"a": "b", "eu-west-1": "abcd"}, ("value", "eu-west-1")), (3, ("value",))],
)
def test_what_is_wrong_is_told_where_it_stands(value: Any, place: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as refusal:
        Holder(value=value)
    assert [error["loc"] for error in refusal.value.errors()] == [place]


def test_a_map_does_not_change() -> None:
    value: Any = Holder(value={"us-east-1": "a"}).value
    with pytest.raises(TypeError):
        value["us-east-1"] = "b"


def test_one_region_has_its_value() -> None:
    assert in_region("a", "eu-west-1") == "a"
    by_region: str | Mapping[str, str] = {"us-east-1": "a", "eu-west-1": "b"}
    assert in_region(by_region, "eu-west-1") == "b"
    assert (each_in_words("a"), each_in_words({"us-east-1": "a", "eu-west-1": "b"})) == (
        "a",
        "a in us-east-1 and b in eu-west-1",
    )


def test_a_backend_has_the_values_of_its_region() -> None:
    listeners = {"us-east-1": LISTENER, "eu-west-1": LISTENER.replace("us-east-1", "eu-west-1")}
    subnets = {"us-east-1": ["subnet-00000001"], "eu-west-1": ["subnet-00000002"]}
    backend = LoadBalancerBackendConfig(
        type="load_balancer",
        host="llama.internal",
        listener=listeners,
        subnets=subnets,
    )
    here: Any = backend_in(backend, "eu-west-1")
    assert (here.listener, here.subnets, here.vpc_link) == (listeners["eu-west-1"], ("subnet-00000002",), None)
    named: Any = backend_in(LambdaBackendConfig(type="lambda", function="fraud:live"), "eu-west-1")
    assert named.function == "fraud:live"


def test_every_setting_that_takes_a_map_by_region_is_known() -> None:
    takes = {
        name
        for section in (LambdaBackendConfig, LoadBalancerBackendConfig)
        for name, schema in section.model_json_schema()["properties"].items()
        if f"^{COMMERCIAL_REGION.pattern}$" in str(schema)
    }
    assert takes == BY_REGION


def test_a_list_of_regions_is_a_map_in_which_nothing_is_said() -> None:
    regions = GatewayConfig(**changed({"regions": ["eu-west-1", "us-east-1"]})).regions
    assert list(regions.items()) == [("eu-west-1", RegionConfig()), ("us-east-1", RegionConfig())]
    assert GatewayConfig(**{**SMALL, "regions": dict(regions)}).regions == regions
