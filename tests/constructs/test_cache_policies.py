"""How long answers are kept for each path, and what keeps two of them apart."""

from ml_gateway import EdgeDesign
from ml_gateway.config import CorsConfig
from tests.constructs.distributions import HOUR, KEYS, MINUTE, NEVER, behavior, distribution, settings
from tests.constructs.multi_tenant import CACHE
from tests.policy.reading import MANAGED_CACHING_DISABLED, behaviors
from tests.synthesis import Json, only, resources


def headers_in_cache_key(template: Json) -> list[str]:
    config = only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    found: list[str] = config["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    return found


def seconds_kept(template: Json) -> list[int]:
    """The usual lifetime of each policy."""
    policies = resources(template, "AWS::CloudFront::CachePolicy").values()
    return sorted(one["CachePolicyConfig"]["DefaultTTL"] for one in policies)


def test_a_client_is_part_of_the_cache_key() -> None:
    keyed = CACHE.model_copy(update={"headers": ("X-Model-Version",)})
    assert headers_in_cache_key(distribution(EdgeDesign(cache=keyed), KEYS)) == [
        "Authorization",
        "Accept",
        "x-api-key",
        "X-Model-Version",
    ]
    assert headers_in_cache_key(distribution(EdgeDesign(cache=keyed))) == [
        "Authorization",
        "Accept",
        "X-Model-Version",
    ]


def test_without_a_cache_there_is_no_policy_and_no_second_behavior() -> None:
    template = distribution(callers=KEYS)
    assert not resources(template, "AWS::CloudFront::CachePolicy")
    assert behavior(template)["CachePolicyId"] == MANAGED_CACHING_DISABLED
    assert "CacheBehaviors" not in settings(template)


def test_models_are_cached_in_the_order_in_which_their_paths_apply() -> None:
    template = distribution(EdgeDesign(model_caches={"/b/deep": HOUR, "/b/*": MINUTE, "/a": NEVER}))
    policies = resources(template, "AWS::CloudFront::CachePolicy")
    found = settings(template)["CacheBehaviors"]
    kept = [
        policies[one["CachePolicyId"]["Ref"]]["CachePolicyConfig"]["DefaultTTL"]
        if isinstance(one["CachePolicyId"], dict)
        else one["CachePolicyId"]
        for one in found
    ]
    assert [one["PathPattern"] for one in found] == ["/b/deep", "/b/*", "/a"]
    assert kept == [3600, 60, MANAGED_CACHING_DISABLED]
    assert behavior(template)["CachePolicyId"] == MANAGED_CACHING_DISABLED


def test_what_is_never_kept_comes_first_whatever_else_takes_it() -> None:
    edge = EdgeDesign(cache=HOUR, never_kept=("*/v1/models", "/a"), model_caches={"/a": HOUR, "/b": MINUTE})
    found = [(one["PathPattern"], one["CachePolicyId"]) for one in settings(distribution(edge))["CacheBehaviors"]]
    assert found[:2] == [("*/v1/models", MANAGED_CACHING_DISABLED), ("/a", MANAGED_CACHING_DISABLED)]
    assert [path for path, policy in found if policy != MANAGED_CACHING_DISABLED] == ["/b"]


def test_one_policy_serves_all_that_are_kept_alike() -> None:
    template = distribution(EdgeDesign(cache=HOUR, model_caches={"/a": MINUTE, "/b": MINUTE, "/c": HOUR, "/d": NEVER}))
    policies = {one["PathPattern"]: one["CachePolicyId"] for one in settings(template)["CacheBehaviors"]}
    assert seconds_kept(template) == [60, 3600]
    assert policies["/a"] == policies["/b"]
    assert policies["/c"] == behavior(template)["CachePolicyId"]
    assert policies["/d"] == MANAGED_CACHING_DISABLED


def test_policies_of_models_follow_the_rules_of_the_one_for_all() -> None:
    template = distribution(EdgeDesign(cache=HOUR, model_caches={"/a": MINUTE}), KEYS)
    rules = [
        {
            name: value
            for name, value in one["CachePolicyConfig"].items()
            if name not in ("Name", "DefaultTTL", "MaxTTL")
        }
        for one in resources(template, "AWS::CloudFront::CachePolicy").values()
    ]
    assert len(rules) == 2
    assert rules[0] == rules[1]
    assert rules[0]["MinTTL"] == 0
    assert "x-api-key" in rules[0]["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]


def test_behaviors_that_keep_answers_differ_in_their_cache_policy_alone() -> None:
    caches = {"/a": MINUTE, "/b/*": HOUR}
    edge = EdgeDesign(cors=CorsConfig(origins=("*",)), security_headers=True, cache=HOUR, model_caches=caches)
    found = behaviors(distribution(edge, KEYS))
    alike = [
        {name: value for name, value in one.items() if name not in ("CachePolicyId", "PathPattern")}
        for one in found.values()
    ]
    assert [name.rpartition(" ")[2] for name in found] == ["default", "/a", "/b/*"]
    assert alike == [alike[0]] * 3


def test_names_of_policies_do_not_clash_however_long_their_paths_are() -> None:
    long = "/" + "a" * 200
    template = distribution(EdgeDesign(model_caches={f"{long}/b": HOUR, f"{long}/c": MINUTE}))
    names = {one["CachePolicyConfig"]["Name"] for one in resources(template, "AWS::CloudFront::CachePolicy").values()}
    assert len(names) == 2
    assert all(len(name) <= 128 for name in names)


def test_policies_of_paths_that_differ_in_slashes_and_hyphens_do_not_clash() -> None:
    template = distribution(EdgeDesign(model_caches={"/a/b": HOUR, "/a--b": MINUTE, "/a-b/": CACHE}))
    assert seconds_kept(template) == [0, 60, 3600]


def test_headers_in_other_capitals_and_another_order_are_no_other_policy() -> None:
    first = HOUR.model_validate({**HOUR.model_dump(), "headers": ["X-A", "X-B"]})
    second = HOUR.model_validate({**HOUR.model_dump(), "headers": ["x-b", "x-a"]})
    template = distribution(EdgeDesign(model_caches={"/a": first, "/b": second}))
    assert headers_in_cache_key(template)[2:] == ["x-a", "x-b"]
