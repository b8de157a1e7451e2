"""`make live` against the local cloud: everything is asked or says why not, and nothing is left, whatever happens."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from aws_cdk import App

from live import local_place
from live import run as running
from live.app import define
from live.destroy import destroy, left_of, stacks_of
from live.gateway import Asked
from live.local_place import LocalPlace
from live.observations import FIRST, THEN, vpc
from live.observations.seen import Observe, Seen
from live.place import DeployError, RefusalError
from live.plan import SECOND_REGION_OF_FILES as SECOND
from live.plan import STAGE_NOT_IN_FRONT, Brought, Plan, TwoRegions, bearer_secret, new_name, read_plan
from live.questions import questions
from live.redaction import leaks
from live.report import Report, read_report, write_report
from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.bootstrap import bootstrap
from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.authorizer.issuer import FailingIssuer
from tests.e2e.assembling_cdk import AssemblingCdk

pytestmark = pytest.mark.e2e

TEMPLATE = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
FAILED = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x is not allowed by an SCP"


@contextmanager
def quietly(_title: str) -> Iterator[None]:
    yield


def tell_nobody(_line: str) -> None:
    """The table and the report tell enough."""


@pytest.fixture(scope="module", autouse=True)
def second_region(cloud: Cloud) -> None:
    bootstrap(cloud, [SECOND])


class AssemblingLiveCdk(AssemblingCdk):
    """Does what `live.app` does; test_live_account.py runs that."""

    def define(self, app: App) -> None:
        define(app, read_plan(Path(self.context["plan"])))


@pytest.fixture
def place(cloud: Cloud, issuer: FailingIssuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalPlace]:
    monkeypatch.setattr(local_place, "LiveCdk", AssemblingLiveCdk)
    with ExitStack() as stack:
        yield LocalPlace(cloud, issuer, tmp_path, stack)


@pytest.fixture
def nothing_else_changes(cloud: Cloud) -> Iterator[None]:
    before = there_is(cloud)
    yield
    assert there_is(cloud) == before


def there_is(cloud: Cloud) -> frozenset[str]:
    inventory = CloudInventory(cloud)
    networks = {each["VpcId"] for each in inventory.client("ec2").describe_vpcs()["Vpcs"]}
    balancers = inventory.client("elbv2").describe_load_balancers()["LoadBalancers"]
    named = {each["LoadBalancerArn"] for each in balancers}
    return inventory.inventory([EDGE_REGION, SECOND]) | networks | named


def throwing(asked: Asked) -> Seen:
    raise ValueError(f"with {asked.open.secret} in what it says")


@pytest.mark.usefixtures("nothing_else_changes")
def test_all_is_asked_or_says_why_not_and_nothing_is_left(
    place: LocalPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One of the questions throws, and ends nothing but itself. In the place of what is behind a VPC link the load
    balancer itself is asked, past the questions, as it has no link here."""
    balanced: list[Seen] = []

    def health_and_balancer(asked: Asked) -> Seen:
        balanced.extend([vpc.vpc_link(asked), vpc.vpc_link_stream(asked), vpc.vpc_link_path(asked)])
        return FIRST["edge-function"](asked)

    broken: Mapping[str, Observe] = {**FIRST, "colon": throwing, "edge-function": health_and_balancer}
    monkeypatch.setattr(running, "FIRST", broken)
    found, left = running.run(place, new_name(), step=quietly, told=tell_nobody)
    assert left == []
    assert [each.saw for each in balanced] == ["200 and what the load balancer says"] * 2 + [STAGE_NOT_IN_FRONT]
    assert set(found.answers) == set(questions())
    said = {name: (each.verdict, each.saw) for name, each in found.answers.items()}
    assert said.pop("colon") == ("not asked", "the question itself failed: ValueError")
    here = {name for name in (*FIRST, *THEN, "destroy") if questions()[name].locally is None} - {"colon"}
    assert len(here) > 20
    assert {name: each for name, each in said.items() if name in here and each[0] != "held"} == {}
    assert {each[0] for name, each in said.items() if name not in here} == {"not asked"}

    answers = list(found.answers.values())
    versions = {"aws-cdk-lib": "2.275.0", "ml-gateway": "0.2.0"}
    report = Report(place=place.name, date="2026-12-01 10:12", versions=versions, answers=answers)
    file = write_report(report, tmp_path / "reports", known=found.known)
    assert leaks(file.read_text(), found.known) == []
    assert read_report(file).place == "local cloud"
    # The run knew what a report must not have: the network, secrets of two generations, keys, tokens.
    assert len([each for each in found.known if each.startswith(("arn:", "subnet-", "sg-"))]) == 4
    assert len([each for each in found.known if len(each) > 40]) > 10


class HalfPlace(LocalPlace):
    """Its deploys get as far as a stack and a log group, and then end as `ending` says."""

    ending: BaseException

    def deploy(self, plan: Plan) -> None:
        self.client("cloudformation").create_stack(StackName=f"{plan.name}-open-keys", TemplateBody=TEMPLATE)
        self.client("cloudformation").create_stack(StackName=f"{plan.name}-clients-edge", TemplateBody=TEMPLATE)
        self.client("logs").create_log_group(logGroupName=f"/aws/lambda/{plan.name}-clients-api-Authorizer-1")
        raise self.ending


@pytest.fixture
def half(cloud: Cloud, issuer: FailingIssuer, tmp_path: Path) -> Iterator[HalfPlace]:
    with ExitStack() as stack:
        yield HalfPlace(cloud, issuer, tmp_path, stack)


@pytest.mark.usefixtures("nothing_else_changes")
def test_a_deploy_that_fails_leaves_nothing(half: HalfPlace, tmp_path: Path) -> None:
    half.ending, name = DeployError(FAILED), new_name()
    found, left = running.run(half, name, step=quietly, told=tell_nobody)
    assert (left, list(left_of(half, name))) == ([], [])
    assert {each.verdict for each in found.answers.values() if each.id != "destroy"} == {"not asked"}
    assert found.answers["header-lock"].saw == f"a deploy failed: {FAILED}"
    versions = {"aws-cdk-lib": "2.275.0", "ml-gateway": "0.2.0"}
    report = Report(place="aws", date="2026-12-01 10:12", versions=versions, answers=list(found.answers.values()))
    text = write_report(report, tmp_path / "reports", known=found.known).read_text()
    assert "a deploy failed: <an ARN> is not allowed by an SCP" in text


@pytest.mark.usefixtures("nothing_else_changes")
def test_a_run_that_fails_in_another_way_leaves_nothing_and_tells_no_report_why(half: HalfPlace) -> None:
    half.ending, name = PermissionError(FAILED), new_name()
    lines: list[str] = []
    found, left = running.run(half, name, step=quietly, told=lines.append)
    assert (left, list(left_of(half, name))) == ([], [])
    assert found.answers["header-lock"].saw == "the run itself failed: PermissionError"
    assert f"the run failed: {FAILED}" in lines


@pytest.mark.usefixtures("nothing_else_changes")
def test_an_interrupted_run_leaves_nothing(half: HalfPlace) -> None:
    half.ending, name = SystemExit(130), new_name()
    with pytest.raises(SystemExit):
        running.run(half, name, step=quietly, told=tell_nobody)
    assert list(left_of(half, name)) == []


def test_what_cannot_be_destroyed_is_named_with_the_line_that_takes_it_away(
    half: HalfPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    half.ending, name = DeployError("it failed"), new_name()
    lines: list[str] = []

    def refuse(*_arguments: object, **_more: object) -> None:
        raise PermissionError("the credentials are over")

    with monkeypatch.context() as broken:
        broken.setattr(running, "destroy", refuse)
        found, left = running.run(half, name, step=quietly, told=lines.append)
    assert found.answers["destroy"].verdict == "did not hold"
    assert len(left) == 1
    assert f"make live DESTROY={name} ZONE=" in lines[-1]
    # What is there is what the command finds, by the name alone.
    assert {each.what for each in left_of(half, name)} == {
        f"stack {name}-open-keys",
        f"stack {name}-clients-edge",
        f"log group /aws/lambda/{name}-clients-api-Authorizer-1",
        f"secret {bearer_secret(name)}",
    }
    assert destroy(half, name, told=tell_nobody) == []


def test_a_run_in_two_regions_is_not_destroyed_in_one(half: HalfPlace) -> None:
    name = new_name()
    stack = f"{name}-regional-edge"
    half.client("cloudformation").create_stack(StackName=stack, TemplateBody=TEMPLATE)
    both, half.brought = half.brought, Brought()
    with pytest.raises(RefusalError, match="is in a second region, too: add ZONE= and SECOND_REGION="):
        destroy(half, name, told=tell_nobody)
    half.brought = both
    assert destroy(half, name, told=tell_nobody) == []


def test_records_that_validated_its_names_go_and_no_others(half: HalfPlace) -> None:
    client, name = half.client("route53"), new_name()
    zone = client.create_hosted_zone(Name="live.example.com", CallerReference=name)["HostedZone"]["Id"].split("/")[-1]
    half.brought = Brought(two_regions=TwoRegions(zone=zone, zone_name="live.example.com", second_region=SECOND))
    for record in (f"_a1.origin.{name}.live.example.com", "_b2.ml.live.example.com"):
        told = {"Name": record, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "c3.acm-validations.aws"}]}
        changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": told}]}
        client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    assert [each.what for each in left_of(half, name)] == [f"record _a1.origin.{name}.live.example.com."]
    assert destroy(half, name, told=tell_nobody) == []
    there = client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [each["Name"] for each in there if each["Type"] == "CNAME"] == ["_b2.ml.live.example.com."]


def test_nothing_of_another_name_is_touched(half: HalfPlace) -> None:
    client = half.client("cloudformation")
    client.create_stack(StackName="ml-gateway-live-prod-edge", TemplateBody=TEMPLATE)
    try:
        with pytest.raises(ValueError, match="is not the name of a run"):
            destroy(half, "ml-gateway-live-prod", told=tell_nobody)
        assert destroy(half, new_name(), told=tell_nobody) == []
        assert stacks_of(half, "ml-gateway-live-prod") == [(EDGE_REGION, "ml-gateway-live-prod-edge")]
    finally:
        client.delete_stack(StackName="ml-gateway-live-prod-edge")


def test_a_name_that_is_taken_is_refused_and_left_alone(half: HalfPlace) -> None:
    name, client = new_name(), half.client("cloudformation")
    client.create_stack(StackName=f"{name}-echo", TemplateBody=TEMPLATE)
    try:
        with pytest.raises(RefusalError, match=f"there is a stack {name}-echo already; nothing was touched"):
            running.run(half, name, step=quietly, told=tell_nobody)
        assert stacks_of(half, name) == [(EDGE_REGION, f"{name}-echo")]
    finally:
        client.delete_stack(StackName=f"{name}-echo")
