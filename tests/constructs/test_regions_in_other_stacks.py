"""An API of somebody's own under an origin name: in one stack, and in an app without our feature flags."""

import pytest

from ml_gateway import GatewayDistribution, HttpBackend, OriginDomain, OriginName, ProxyApi, Route
from ml_gateway.constructs.drain import DrainAlarm, alarm_name, define_drain_check
from tests.constructs.test_in_other_stacks import define_locked_api
from tests.documents import integrations_of
from tests.policy.reading import broken_rules
from tests.synthesis import bare_stack, new_app, only, resources, template_of

NAME = OriginName(name="origin.fraud.example.com", hosted_zone="Z0123456789ABCDEFGHIJ")


def test_a_stack_of_ones_own_may_have_the_name_the_check_and_the_distribution() -> None:
    app = new_app()
    stack, edge = (bare_stack(name, app=app) for name in ("api", "edge"))
    api, lock = define_locked_api(stack)
    origin = OriginDomain(stack, "Origin", origin=NAME, stage=api.stage)
    check = define_drain_check(stack, "Check", gateway_name="fraud", region="us-east-1", alarm_region="us-west-2")
    before = [each for each in stack.node.children if each is not origin and each is not check]
    origin.add_record(health_check=check, after=before)
    GatewayDistribution(edge, "Edge", origin=api.origin(lock, name=NAME.name))
    template = template_of(stack)
    assert broken_rules(template) == {}
    assert only(template, "AWS::Route53::RecordSet")["Region"] == "us-east-1"
    (fetched,) = only(template_of(edge), "AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    assert fetched["DomainName"] == NAME.name
    assert fetched["OriginCustomHeaders"]


def test_an_alarm_and_its_check_have_one_name_and_other_settings_another() -> None:
    stack = bare_stack(region="us-west-2")
    alarm = DrainAlarm(stack, "Drain", gateway_name="fraud", region="us-east-1")
    name = only(template_of(stack), "AWS::CloudWatch::Alarm")["AlarmName"]
    assert name == alarm_name("fraud", "us-east-1")
    assert name.startswith("fraud-drain-us-east-1-")
    assert len({alarm_name(gateway, region) for gateway in ("a", "b") for region in ("us-east-1", "eu-west-1")}) == 4
    assert "--region us-west-2 " in alarm.drain_command


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_a_url_of_python_has_the_region_of_its_stack(region: str | None) -> None:
    stack = bare_stack(region=region)
    route = Route(http_method="POST", path="/score")
    backend = HttpBackend(url="https://score.{region}.example.com/v1")
    ProxyApi(stack, "Api", routes={route: backend}, name="fraud", description="Scores payments")
    template = template_of(stack)
    assert resources(template, "AWS::ApiGateway::RestApi")
    (integration,) = integrations_of(template).values()
    assert "{region}" not in str(integration["uri"])
    assert ("eu-west-1" if region else "AWS::Region") in str(integration["uri"])
