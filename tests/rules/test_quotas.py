"""Every limit of the services, each with the smallest file beyond it: refused with the count and the way out.

One below, the same file is accepted. docs/limits.md lists them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.files import CLIENTS, changed, report_on_data
from tests.rules.broken import behind_load_balancers

URL = "https://model.example.com"
File = dict[str, Any]


def raw(count: int, **settings: Any) -> File:
    return {f"m{number}": {"url": URL, **settings} for number in range(count)}


LIMITS: dict[str, tuple[Callable[[int], File], int, str]] = {
    "resources of an API": (
        lambda count: changed({"models": {f"m{n}": {"url": URL, "path": f"/a{n}/b"} for n in range(count)}}),
        149,
        "models: their paths make 301 resources of the API, and it takes 300; write service_quotas: {api_resources: "
        "301} once AWS raised it for the account, or take out models",
    ),
    "resources of an API by a raised quota": (
        lambda count: changed({"models": raw(count), "service_quotas.api_resources": 1001}),
        1000,
        "models: their paths make 1002 resources of the API, and it takes 1001; write service_quotas: {api_resources: "
        "1002} once AWS raised it for the account, or take out models",
    ),
    "VPC links of an account": (
        lambda count: changed(behind_load_balancers(count)),
        10,
        "backends: their subnets make 11 VPC links, and the account has 10 in a region; name one vpc_link in several, "
        "or write service_quotas: {vpc_links: 11} once AWS raised it for the account",
    ),
    "VPC links by a raised quota": (
        lambda count: changed({**behind_load_balancers(count), "service_quotas.vpc_links": 20}),
        20,
        "backends: their subnets make 21 VPC links, and the account has 20 in a region; name one vpc_link in several, "
        "or write service_quotas: {vpc_links: 21} once AWS raised it for the account",
    ),
    "method throttles of a plan": (
        lambda count: changed(
            {"models": raw(count), "plans.default.limits": {f"m{number}": "1/s" for number in range(count)}}
        ),
        20,
        "plans.default.limits: these models have 21 methods, each with a throttle of its own, and a plan takes 20; "
        "limit fewer models",
    ),
    "plans without clients": (
        lambda count: changed({"plans": {f"p{number}": {"rate": "1/s", "burst": 1} for number in range(count)}}),
        1,
        "plans: 2 plans are given, but one limits the gateway as a whole while there are no clients; keep one",
    ),
    "headers of a cache key": (
        lambda count: changed(
            {"edge.cache": {"default": "0s", "max": "1h", "headers": [f"X-{number}" for number in range(count)]}}
        ),
        8,
        "edge.cache.headers: 9 entries are too many; keep at most 8",
    ),
    "headers of a cache key with clients": (
        lambda count: changed(
            {"edge.cache": {"default": "0s", "max": "1h", "headers": [f"X-{n}" for n in range(count)]}, **CLIENTS}
        ),
        7,
        "edge.cache.headers: 8 entries are too many beside x-api-key, which clients add to the cache key; "
        "keep at most 7",
    ),
    "lifetime of an answer": (
        lambda days: changed({"edge.cache": {"default": "1h", "max": f"{days}d"}}),
        36_500,
        "edge.cache.max: 36501d is longer than CloudFront keeps anything; write at most 36500d",
    ),
    "lifetime of an answer, default and max at once": (
        lambda days: changed({"edge.cache": f"{days}d"}),
        36_500,
        "edge.cache: 36501d is longer than CloudFront keeps anything; write at most 36500d",
    ),
    "lifetime of an error": (
        lambda days: changed({"edge.cache": "60s", "edge.error_caching": f"{days}d"}),
        36_500,
        "edge.error_caching: 36501d is longer than CloudFront keeps anything; write at most 36500d",
    ),
    "cache behaviors": (
        lambda count: changed({"models": raw(count, methods=["GET"], cache="60s")}),
        37,
        "models: their caches make 77 cache behaviors of the distribution (2 for a path that ends without a variable "
        "and 1 for any other, 1 for all the rest), and CloudFront takes 75; write fewer caches, or put models in "
        "another gateway",
    ),
    "cache policies": (
        lambda count: changed(
            {"models": {f"m{n}": {"url": URL, "methods": ["GET"], "cache": f"{n + 1}s"} for n in range(count)}}
        ),
        20,
        "models: they and edge.cache have 21 different caches, each a cache policy, and CloudFront takes 20 in an "
        "account; write the same cache in more models",
    ),
    "metric filters of a log group": (
        lambda count: changed({"models": raw(count), "alerts": {"email": "ops@acme.com", "errors": "1%"}}),
        33,
        "alerts: they take 103 metric filters of the access log (3 for a model, and for each of its versions, 4 where "
        "it streams, 1 for all), and CloudWatch Logs takes 100; leave alerts out, or put models in another gateway",
    ),
    "characters of a filter pattern": (
        lambda count: changed(
            {
                "models": {"m": {"url": URL, "path": "/" + "x" * (count - 116)}},
                "alerts": {"email": "ops@acme.com", "errors": "1%"},
            }
        ),
        1024,
        "alerts: to tell the requests for model 'm' they take a filter pattern of 1025 characters, and CloudWatch Logs "
        "takes 1024; leave alerts out, or write a shorter path, or one that no other model has or lies below",
    ),
    "addresses of a set": (
        lambda count: changed(
            {
                "edge.firewall": {
                    "rate": "10/1m",
                    "addresses": {"deny": [f"10.{n >> 8}.{n & 255}.0/24" for n in range(count)]},
                }
            }
        ),
        10_000,
        "edge.firewall.addresses.deny: 10001 entries are too many; keep at most 10000",
    ),
    "tags": (
        lambda count: changed({"tags": {f"t{number}": "x" for number in range(count)}}),
        50,
        "tags: 51 entries are too many; keep at most 50",
    ),
}


@pytest.mark.parametrize(("file", "most", "message"), LIMITS.values(), ids=LIMITS.keys())
def test_what_is_beyond_a_limit_is_refused_with_the_count_and_the_way_out(
    tmp_path: Path, file: Callable[[int], File], most: int, message: str
) -> None:
    assert report_on_data(file(most), tmp_path) == []
    assert report_on_data(file(most + 1), tmp_path) == [message]
