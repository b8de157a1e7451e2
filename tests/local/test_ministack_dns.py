"""What stands in for DNS: which region answers to a name, by the records and checks that were deployed.

The first two tests are about MiniStack as it is. Where one of them fails, it has learned something, and what
ml_gateway/local/ministack_dns.py does for it can go. That all of it fits together is shown by e2e/test_regions.py.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterator
from typing import Any

import pytest
from ministack.core import responses
from ministack.services import apigateway_v1, cloudfront, cloudwatch, route53
from ministack.services.cloudformation import provisioners

from ml_gateway.local import ministack_dns
from ml_gateway.local.cloud import NEAR_HEADER
from ml_gateway.local.start_ministack import IGNORED

Json = dict[str, Any]

NAME = "origin.ml.acme.com"
ZONE = "Z0123456789ABCDEFGHIJ"
US, EU, ELSEWHERE = "us-east-1", "eu-west-1", "us-west-2"
ALARMS = {US: ELSEWHERE, EU: US}
"""Each region, and where its alarm is."""
ORIGIN: Json = {"domain_name": NAME, "protocol_policy": "https-only", "http_port": 80, "https_port": 443}


def test_ministack_by_itself_asks_the_resolver_of_the_machine() -> None:
    origin = {**ORIGIN, "domain_name": "no-such-name.invalid"}
    with pytest.raises(cloudfront.OriginUnreachable, match=r"Errno -?\d+"):
        cloudfront._forward_to_origin(origin, "GET", "/", "", {}, b"", True)


def test_ministack_by_itself_knows_no_health_check_and_no_metric_math() -> None:
    assert ministack_dns.HEALTH_CHECK not in provisioners._RESOURCE_HANDLERS
    with pytest.raises(ValueError, match="metric math"):
        provisioners._cw_metric_alarm_create("Alarm", {"Metrics": [{"Id": "a"}]}, "stack")


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Json]]:
    """Those of MiniStack's CloudFormation, mended."""
    found = dict(provisioners._RESOURCE_HANDLERS)
    for name in ("_fetch_from_origin", "handle_viewer_request"):
        monkeypatch.setattr(cloudfront, name, getattr(cloudfront, name))
    monkeypatch.setenv("GATEWAY_PORT", "4566")
    ministack_dns.mend(found, ignored=IGNORED)
    yield found
    for service in (apigateway_v1, cloudwatch, route53):
        service.reset()
    responses.set_request_region(None)


def define_alarm(handlers: dict[str, Json], region: str) -> str:
    responses.set_request_region(ALARMS[region])
    dimensions = [{"Name": "Region", "Value": region}]
    settings = {"Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "Statistic": "Maximum"}
    alarm = {"AlarmName": f"drain-{region}", "Namespace": "Ours", "MetricName": "Drain", "Dimensions": dimensions}
    handlers[ministack_dns.ALARM]["create"]("Alarm", {**alarm, **settings}, "stack")
    return f"drain-{region}"


def define_check(handlers: dict[str, Json], region: str, alarm: str) -> str:
    responses.set_request_region(region)
    config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": alarm, "Region": ALARMS[region]}}
    check, _ = handlers[ministack_dns.HEALTH_CHECK]["create"]("Check", {"HealthCheckConfig": config}, "stack")
    return str(check)


def define_record(handlers: dict[str, Json], region: str, check: str | None) -> None:
    properties = {
        "HostedZoneId": ZONE,
        "Name": f"{NAME}.",
        "Type": "A",
        "Region": region,
        "SetIdentifier": region,
        "AliasTarget": {"DNSName": f"{NAME}.execute-api.{region}.amazonaws.com", "HostedZoneId": "Z"},
        **({"HealthCheckId": check} if check else {}),
    }
    handlers[ministack_dns.RECORD]["create"]("Record", properties, "stack")


def define_domain(region: str) -> None:
    """A custom domain of the name in that region, for an API that is called after it."""
    responses.set_request_region(region)
    apigateway_v1._create_domain_name({"domainName": NAME})
    apigateway_v1._base_path_mappings[NAME]["(none)"] = {"restApiId": f"api-{region}", "stage": "v1"}


@pytest.fixture
def two(handlers: dict[str, Json]) -> dict[str, Json]:
    """Two regions under the name, each with a check."""
    for region in ALARMS:
        define_domain(region)
        define_record(handlers, region, define_check(handlers, region, define_alarm(handlers, region)))
    return handlers


def put(region: str, value: float, *, seconds_ago: float = 0) -> None:
    responses.set_request_region(ALARMS[region])
    now = time.time() - seconds_ago
    cloudwatch._store_datum("Ours", "Drain", {"Region": region}, now, "None", value, None, None, None)


def answering(near: str = "") -> str | None:
    record = ministack_dns.answering_record(NAME, near)
    return record["Region"] if record else None


@pytest.mark.usefixtures("two")
def test_the_nearest_region_answers_and_without_a_word_of_it_the_first() -> None:
    assert [answering(near) for near in (US, EU, "", ELSEWHERE)] == [US, EU, EU, EU]


@pytest.mark.usefixtures("two")
def test_one_drains_and_nought_brings_back() -> None:
    put(US, 1)
    assert answering(US) == EU
    put(US, 0)
    assert answering(US) == US


@pytest.mark.usefixtures("two")
def test_without_new_data_a_region_stays_as_it_was() -> None:
    assert answering(US) == US
    put(US, 1)
    assert [answering(US), answering(US)] == [EU, EU]


def test_of_the_time_before_a_check_was_made_nothing_counts(handlers: dict[str, Json]) -> None:
    alarm = define_alarm(handlers, US)
    put(US, 1, seconds_ago=60)
    define_record(handlers, US, define_check(handlers, US, alarm))
    define_record(handlers, EU, None)
    assert answering(US) == US


@pytest.mark.usefixtures("two")
def test_if_all_are_drained_all_answer() -> None:
    put(US, 1)
    put(EU, 1)
    assert [answering(US), answering(EU)] == [US, EU]


def test_a_check_outlives_its_alarm_and_its_settings(two: dict[str, Json]) -> None:
    responses.set_request_region(ALARMS[US])
    cloudwatch._alarms[f"drain-{US}"]["Threshold"] = 5
    put(US, 1)
    assert answering(US) == EU
    two[ministack_dns.ALARM]["delete"](f"drain-{US}", {})
    assert answering(US) == EU


def test_a_check_needs_its_alarm(handlers: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match=r"there is no alarm drain-us-east-1 in us-west-2"):
        define_check(handlers, US, "drain-us-east-1")
    with pytest.raises(ValueError, match=r"a health check of type HTTPS is not stood in for"):
        handlers[ministack_dns.HEALTH_CHECK]["create"]("Check", {"HealthCheckConfig": {"Type": "HTTPS"}}, "stack")


def test_a_record_without_a_check_is_healthy_and_one_that_is_gone_answers_no_more(two: dict[str, Json]) -> None:
    responses.set_request_region(US)
    route53._records[ZONE] = [each for each in route53._records[ZONE] if each["Region"] != US]
    assert answering(US) == EU
    route53._records[ZONE] = []
    assert answering(US) is None
    define_record(two, US, None)
    assert answering(US) == US


@pytest.mark.usefixtures("two")
def test_one_name_leads_to_the_api_of_each_region() -> None:
    found = [ministack_dns.api_behind(f"{NAME}.execute-api.{region}.amazonaws.com.") for region in (US, EU, ELSEWHERE)]
    assert found == [(f"api-{US}", "v1"), (f"api-{EU}", "v1"), None]


def test_alarms_over_metric_math_are_accepted(handlers: dict[str, Json]) -> None:
    handlers[ministack_dns.ALARM]["create"]("Alarm", {"Metrics": [{"Id": "a"}]}, "stack")
    assert list(cloudwatch._alarms) == []


def run(awaitable: Awaitable[Any]) -> Any:
    async def wait() -> Any:
        return await awaitable

    return asyncio.run(wait())


async def told(*request: Any) -> tuple[Any, ...]:
    """What `usual` was given."""
    return request


@pytest.mark.usefixtures("two")
def test_a_request_goes_to_the_api_of_the_region_that_is_near() -> None:
    async def answer(*viewer: Any) -> tuple[Any, ...]:
        assert NEAR_HEADER not in viewer[5]
        found: tuple[Any, ...] = await ministack_dns.with_names(told)(ORIGIN, "POST", "/predict")
        return found

    request: tuple[Any, ...] = ({}, "POST", "/predict", "/predict", "")
    headers = {NEAR_HEADER: US, "host": "ml.acme.com"}
    origin, *rest = run(ministack_dns.with_nearness(answer)(*request, headers))
    assert (origin["domain_name"], origin["protocol_policy"], origin["http_port"]) == ("localhost", "http-only", 4566)
    assert origin["origin_path"] == f"/_aws/execute-api/api-{US}/v1"
    assert rest == ["POST", "/predict"]
    assert headers[NEAR_HEADER] == US


@pytest.mark.usefixtures("handlers")
def test_a_name_without_a_record_is_no_origin_and_is_asked_of_nobody() -> None:
    with pytest.raises(cloudfront.OriginUnreachable, match=r"no record of origin\.ml\.acme\.com leads to an API"):
        run(ministack_dns.with_names(told)(ORIGIN, "POST", "/predict"))


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "a1.execute-api.us-east-1.amazonaws.com"])
@pytest.mark.usefixtures("handlers")
def test_other_origins_are_as_they_were(name: str) -> None:
    origin = {**ORIGIN, "domain_name": name}
    assert run(ministack_dns.with_names(told)(origin, "POST", "/a")) == (origin, "POST", "/a")
