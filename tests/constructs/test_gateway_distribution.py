"""What the distribution does for keys of clients, and leaves alone without."""

from collections.abc import Sequence

import pytest

from ml_gateway import GatewayDistribution, GatewayOrigin
from ml_gateway.config import CacheConfig
from tests.constructs.multi_tenant import CACHE, bare_stack
from tests.synthesis import Json, only, resources, template_of

ORIGIN = GatewayOrigin(domain_name="api.example.com", origin_path="/v1", headers={})


def distribution(accepted_keys: Sequence[str], cache: CacheConfig | None = None) -> Json:
    stack = bare_stack()
    GatewayDistribution(stack, "Edge", origin=ORIGIN, cache=cache, accepted_keys=accepted_keys)
    return template_of(stack)


def behavior(template: Json) -> Json:
    found: Json = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["DefaultCacheBehavior"]
    return found


def headers_in_cache_key(template: Json) -> list[str]:
    config = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    found: list[str] = config["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    return found


def test_keys_are_never_asked_for_over_plain_http() -> None:
    assert behavior(distribution(["x-api-key"]))["ViewerProtocolPolicy"] == "https-only"
    assert behavior(distribution([]))["ViewerProtocolPolicy"] == "redirect-to-https"


def test_accepted_keys_are_turned_at_viewer_request_by_the_named_runtime() -> None:
    template = distribution(["x-api-key", "bearer"])
    (name,) = resources(template, "AWS::CloudFront::Function")
    assert behavior(template)["FunctionAssociations"] == [
        {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [name, "FunctionARN"]}}
    ]
    function = only(template, "AWS::CloudFront::Function")
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert 'const ACCEPTED = ["bearer"];' in function["FunctionCode"].splitlines()


def test_a_client_is_part_of_the_cache_key() -> None:
    keyed = CACHE.model_copy(update={"headers": ("X-Model-Version",)})
    assert headers_in_cache_key(distribution(["x-api-key"], keyed)) == [
        "Authorization",
        "Accept",
        "x-api-key",
        "X-Model-Version",
    ]
    assert headers_in_cache_key(distribution([], keyed)) == ["Authorization", "Accept", "X-Model-Version"]


def test_without_a_cache_there_is_no_policy_to_put_the_key_into() -> None:
    assert not resources(distribution(["x-api-key"]), "AWS::CloudFront::CachePolicy")


def test_without_accepted_keys_there_is_no_function() -> None:
    template = distribution([])
    assert not resources(template, "AWS::CloudFront::Function")
    assert "FunctionAssociations" not in behavior(template)


def test_keys_add_one_resource_and_move_none() -> None:
    without, with_keys = (set(distribution(forms, CACHE)["Resources"]) for forms in ([], ["bearer"]))
    assert without < with_keys
    assert len(with_keys - without) == 1


def test_a_form_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="a key cannot be accepted as 'basic'; choose from x-api-key, bearer,"):
        distribution(["basic"])
