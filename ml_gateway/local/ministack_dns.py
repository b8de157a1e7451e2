"""What stands in for DNS in the local cloud: how CloudFront finds the API behind an origin name.

MiniStack 1.5.33 keeps the records of Route 53, and answers to no name; its CloudFront asks the machine's own resolver.
Here an origin's name leads where the records that were deployed say, and nowhere else. All of it is our reading of the
page that it names, and no witness of what AWS does; docs/security.md says so, too.

* `answering_record`: of the latency records of a name the nearest one that is healthy; if none is, as though all were.
  Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured". There is no
  distance here: a request says with `NEAR_HEADER` which region is the nearest to it, and without it the first one is.
* `is_healthy`: a health check follows the data of the metric that its alarm had when the check was made; without any it
  stays as it was, and is healthy at first. There, "Monitoring a CloudWatch alarm"; API reference, HealthCheckConfig,
  `LastKnownStatus`. Kinder than AWS: the newest datum counts at once, where AWS looks at whole minutes.
* `api_behind`: the custom domain that the record's alias is an address of, in whatever region, and its mapping. API
  Gateway Developer Guide, "Custom domain name for public REST APIs". Kinder than AWS: there is no TLS, no certificate
  is looked at, and the record's `EvaluateTargetHealth` sees nothing, as all APIs are well.
* `create_health_check`: CloudFormation does not know the type. A check needs its alarm. Whether Route 53 looks for it
  is not documented: stricter than AWS may be.
* `with_zone`: the zone of a file is nobody's here. It is there as soon as a record names its id.
* `with_alarms_of_one_metric`: alarms of one metric are kept, those over metric math are accepted and never go off.

Nothing is cached: a record that changes is followed with the next request. AWS takes minutes (docs/regions.md).
"""

import os
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, Final

from ministack.core.responses import get_account_id
from ministack.services import apigateway_v1 as v1
from ministack.services import cloudfront, cloudwatch, route53

from ml_gateway.local.cloud import API_PATH, NEAR_HEADER

Json = dict[str, Any]
Handlers = dict[str, Json]

HEALTH_CHECK: Final = "AWS::Route53::HealthCheck"
RECORD: Final = "AWS::Route53::RecordSet"
ALARM: Final = "AWS::CloudWatch::Alarm"

_HERE: Final = ("localhost", "127.0.0.1")

_near: ContextVar[str] = ContextVar("_near", default="")
"""The region that the viewer of the request calls the nearest."""


def answering_record(name: str, near: str) -> Json | None:
    """The record of that name with which Route 53 answers; None where there is none."""
    found = [
        record
        for records in route53._records.values()
        for record in records
        if record["Type"] == "A" and record["Name"] == f"{name}." and "AliasTarget" in record
    ]
    healthy = [record for record in found if is_healthy(record.get("HealthCheckId"))] or found
    return min(healthy, key=lambda record: (record.get("Region") != near, record.get("Region", "")), default=None)


def is_healthy(health_check: str | None) -> bool:
    """What has no check counts as healthy."""
    if health_check is None:
        return True
    check: Json = route53._health_checks[health_check]
    data = [
        datum["Value"]
        for datum in cloudwatch._metrics.get_scoped(get_account_id(), check["alarm_region"], check["metric"], [])
        if datum["Timestamp"] >= check["created"]
    ]
    return not data or bool(data[-1] < check["threshold"])


def api_behind(address: str) -> tuple[str, str] | None:
    """Id and stage of the API that a custom domain leads to, by the address that the domain has in its region."""
    for (account, region, name), domain in list(v1._domain_names._data.items()):
        if f"{domain['regionalDomainName']}." == address:
            for mapping in v1._base_path_mappings.get_scoped(account, region, name, {}).values():
                return mapping["restApiId"], mapping["stage"]
    return None


def with_names(usual: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`usual` fetches from an origin by the name that the machine's resolver finds, or from an AWS service."""

    async def fetch(origin: Json, method: str, uri: str, *rest: Any) -> Any:
        name = str(origin["domain_name"])
        # Nothing of the local cloud asks the world's resolvers.
        if name in _HERE or cloudfront._is_aws_owned_host(name) or origin.get("s3_bucket"):
            return await usual(origin, method, uri, *rest)
        record = answering_record(name, _near.get())
        found = record and api_behind(record["AliasTarget"]["DNSName"])
        if not found:
            raise cloudfront.OriginUnreachable(f"no record of {name} leads to an API")
        api_id, stage = found
        here = {
            "domain_name": "localhost",
            "protocol_policy": "http-only",
            "http_port": int(os.environ["GATEWAY_PORT"]),
        }
        # A mapping leads to the stage, and what the origin adds comes after it.
        path = f"{API_PATH}/{api_id}/{stage}{origin.get('origin_path') or ''}"
        return await usual({**origin, **here, "origin_path": path}, method, uri, *rest)

    return fetch


def with_nearness(usual: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """`usual` answers a viewer. The header that says where it is goes no further."""

    async def answer(
        distribution: Json, method: str, path: str, uri: str, query: str, headers: Json, *rest: Any
    ) -> Any:
        others = {name: value for name, value in headers.items() if name.lower() != NEAR_HEADER}
        token = _near.set(headers.get(NEAR_HEADER, ""))
        try:
            return await usual(distribution, method, path, uri, query, others, *rest)
        finally:
            _near.reset(token)

    return answer


def create_health_check(logical_id: str, properties: Json, stack_name: str) -> tuple[str, Json]:
    """Raises ValueError for a check of another type, and for an alarm that is not there."""
    check_id = f"{stack_name}-{logical_id}-{route53._hc_id()}"
    route53._health_checks[check_id] = {
        "id": check_id,
        "caller_reference": check_id,
        "version": 1,
        "created": time.time(),
        **_followed(properties["HealthCheckConfig"]),
    }
    return check_id, {"HealthCheckId": check_id}


def update_health_check(physical_id: str, _before: Json, after: Json, _stack_name: str) -> tuple[str, Json]:
    """It stays the same check, with another alarm."""
    route53._health_checks[physical_id].update(_followed(after["HealthCheckConfig"]))
    return physical_id, {"HealthCheckId": physical_id}


def delete_health_check(physical_id: str, _properties: Json) -> None:
    route53._health_checks.pop(physical_id, None)


def _followed(config: Json) -> Json:
    """What a check takes over of its alarm, once."""
    if config["Type"] != "CLOUDWATCH_METRIC":
        raise ValueError(f"a health check of type {config['Type']} is not stood in for; use CLOUDWATCH_METRIC")
    named = config["AlarmIdentifier"]
    alarm = cloudwatch._alarms.get_scoped(get_account_id(), named["Region"], named["Name"])
    if alarm is None:
        raise ValueError(f"there is no alarm {named['Name']} in {named['Region']}")
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    metric = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    return {
        "config": config,
        "metric": metric,
        "threshold": alarm["Threshold"],
        "alarm_region": named["Region"],
    }


def with_zone(usual: Callable[..., Any]) -> Callable[..., Any]:
    """`usual` adds a record to a zone that is there."""

    def create(logical_id: str, properties: Json, stack_name: str) -> Any:
        zone = str(properties["HostedZoneId"])
        if zone not in route53._zones:
            name = str(properties["Name"])
            told = {"name": name, "caller_reference": zone, "comment": "", "private": False}
            route53._zones[zone] = {"id": zone, **told}
            route53._records[zone] = []
        return usual(logical_id, properties, stack_name)

    return create


def with_alarms_of_one_metric(of_one: Json, of_several: Json) -> Json:
    """The handlers of alarms: those of one metric, and those over metric math."""

    def of(properties: Json) -> Json:
        return of_several if "Metrics" in properties else of_one

    return {
        "create": lambda logical_id, properties, stack: of(properties)["create"](logical_id, properties, stack),
        "delete": lambda physical_id, properties: of(properties)["delete"](physical_id, properties),
    }


def mend(handlers: Handlers, *, ignored: Json) -> None:
    """Have MiniStack do all this; `ignored` are the handlers of what is accepted without effect."""
    handlers[HEALTH_CHECK] = {
        "create": create_health_check,
        "update": update_health_check,
        "delete": delete_health_check,
    }
    handlers[RECORD] = {**handlers[RECORD], "create": with_zone(handlers[RECORD]["create"])}
    handlers[ALARM] = with_alarms_of_one_metric(handlers[ALARM], ignored)
    cloudfront._fetch_from_origin = with_names(cloudfront._fetch_from_origin)
    cloudfront.handle_viewer_request = with_nearness(cloudfront.handle_viewer_request)
