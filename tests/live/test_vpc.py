"""What a run makes for a VPC link; and its questions notice one that does not do what was promised."""

from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
from botocore.stub import Stubber  # type: ignore[import-untyped]  # it has no stubs

from live.account import Account
from live.caller import Caller
from live.gateway import Asked, Gateway
from live.observations import vpc
from live.observations.seen import Observe
from live.place import Place
from live.plan import NETWORK_OF_FILES, STAGE_IN_FRONT, STAGE_NOT_IN_FRONT, network_stack, write_files
from ml_gateway import naming
from ml_gateway.config import LoadBalancerBackendConfig
from ml_gateway.local.loopback import LoopbackServer, serving
from ml_gateway.naming import EDGE_REGION
from tests.live.synthesized import NAME, WITH_NETWORK
from tests.synthesis import Json, only, resources

WITH_LINKS = {"use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"}
"""API Gateway Developer Guide, "Set up VPC links V2 in API Gateway": us-east-1."""
FIRST, SECOND = NETWORK_OF_FILES["FirstSubnet"], NETWORK_OF_FILES["SecondSubnet"]


@pytest.fixture
def network(of_all: dict[str, Json]) -> Json:
    return of_all[f"{network_stack(NAME)} {EDGE_REGION}"]


def test_nothing_leads_out_of_the_network_or_into_it(network: Json) -> None:
    types = {each["Type"] for each in network["Resources"].values()}
    assert types == {
        "AWS::EC2::VPC",
        "AWS::EC2::Subnet",
        "AWS::EC2::RouteTable",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::SecurityGroup",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
    }
    assert only(network, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Scheme"] == "internal"
    addresses = only(network, "AWS::EC2::VPC")["CidrBlock"]
    let_in = [
        rule["CidrIp"]
        for group in resources(network, "AWS::EC2::SecurityGroup").values()
        for rule in group.get("SecurityGroupIngress", [])
    ]
    assert let_in == [addresses]


def test_its_subnets_are_in_zones_that_have_vpc_links(network: Json) -> None:
    subnets = list(resources(network, "AWS::EC2::Subnet").values())
    zones = {each["AvailabilityZoneId"] for each in subnets}
    assert len(zones) == 2
    assert zones <= WITH_LINKS
    assert not [each for each in subnets if "AvailabilityZone" in each]


def test_nothing_of_it_stays(network: Json) -> None:
    assert not [each for each in network["Resources"].values() if each.get("DeletionPolicy") == "Retain"]
    attributes = only(network, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    assert {"Key": "deletion_protection.enabled", "Value": "false"} in attributes


def test_the_files_name_all_that_it_tells(network: Json) -> None:
    assert network["Outputs"].keys() == NETWORK_OF_FILES.keys()


def test_the_open_gateway_reaches_it_through_a_link_with_and_without_a_stream(of_all: dict[str, Json]) -> None:
    api = of_all[f"{naming.api_stack(f'{NAME}-open')} {EDGE_REGION}"]
    link = only(api, "AWS::ApiGatewayV2::VpcLink")
    assert (link["SubnetIds"], link["SecurityGroupIds"]) == ([FIRST, SECOND], [NETWORK_OF_FILES["LinksGroup"]])
    paths = only(api, "AWS::ApiGateway::RestApi")["Body"]["paths"]
    found = {path: paths[path]["get"]["x-amazon-apigateway-integration"] for path in ("/probe", "/probe-stream")}
    for each in found.values():
        assert each["connectionType"] == "VPC_LINK"
        assert each["integrationTarget"] == NETWORK_OF_FILES["LoadBalancerArn"]
    assert found["/probe-stream"]["responseTransferMode"] == "STREAM"
    assert found["/probe"].get("responseTransferMode") != "STREAM"


def test_a_link_that_the_second_deploy_changes_is_another_one(tmp_path: Path) -> None:
    """`SubnetIds` of AWS::ApiGatewayV2::VpcLink: an update requires replacement."""
    subnets = []
    for changed in (False, True):
        config, _ = write_files(NAME, WITH_NETWORK, tmp_path, changed=changed).values()
        subnets.append(cast(LoadBalancerBackendConfig, config.backends["balancer"]).subnets)
    assert subnets == [(FIRST, SECOND), (SECOND,)]


class _Balancer(BaseHTTPRequestHandler):
    """What a gateway passes on of a load balancer, or says itself."""

    answer: ClassVar[tuple[int, str]]

    def do_GET(self) -> None:
        status, text = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """After the second deploy."""
    configs = list(write_files(NAME, WITH_NETWORK, tmp_path, changed=True).values())
    with serving(LoopbackServer(_Balancer)) as server:
        caller = Caller(server.url)
        both = [Gateway(config=each, edge=caller, api=caller, secret="shh", keys={}) for each in configs]
        place = SimpleNamespace(vpc_links=list)
        yield Asked(place=cast(Place, place), open=both[0], clients=both[1], bearer="b")


@pytest.mark.parametrize("observe", [vpc.vpc_link, vpc.vpc_link_stream])
@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ((200, STAGE_IN_FRONT), True),
        ((200, STAGE_NOT_IN_FRONT), True),
        ((200, '{"received": {}}'), False),
        ((404, ""), False),
        ((502, STAGE_IN_FRONT), False),
    ],
    ids=["with the stage", "without it", "somebody else", "another path", "not passed on"],
)
def test_who_answers_is_noticed(
    observe: Observe, answer: tuple[int, str], held: bool, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Balancer, "answer", answer, raising=False)
    assert observe(asked).held is held


@pytest.mark.parametrize(("answer", "held"), [(STAGE_IN_FRONT, True), (STAGE_NOT_IN_FRONT, False)])
def test_which_path_arrived_is_told(answer: str, held: bool, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Balancer, "answer", (200, answer), raising=False)
    seen = vpc.vpc_link_path(asked)
    assert (seen.held, seen.saw) == (held, answer)


def test_of_the_path_nothing_is_told_where_no_load_balancer_answers(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_Balancer, "answer", (502, "model_unreachable"), raising=False)
    with pytest.raises(ValueError, match="no load balancer answered"):
        vpc.vpc_link_path(asked)


NEW = {"SubnetIds": [SECOND], "VpcLinkStatus": "AVAILABLE"}
OLD = {"SubnetIds": [FIRST, SECOND], "VpcLinkStatus": "AVAILABLE"}
GOING = {**OLD, "VpcLinkStatus": "DELETING"}
OTHERS = {"SubnetIds": ["subnet-00000000"], "VpcLinkStatus": "AVAILABLE"}


@pytest.mark.parametrize(
    ("links", "meanwhile", "now", "held"),
    [
        ([NEW, OTHERS], ["200", "200"], 200, True),
        ([GOING, NEW], ["200"], 200, True),
        ([OLD, NEW], ["200"], 200, False),
        ([OLD], ["200"], 200, False),
        ([], ["200"], 200, False),
        ([NEW], ["200", "504"], 200, False),
        ([NEW], ["200"], 502, False),
    ],
    ids=["gone", "going", "the old one stays", "not replaced", "no link", "refused meanwhile", "refused now"],
)
def test_a_link_that_is_not_replaced_whole_is_noticed(
    links: Sequence[Any],
    meanwhile: list[str],
    now: int,
    held: bool,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_Balancer, "answer", (now, STAGE_IN_FRONT), raising=False)
    monkeypatch.setattr(asked.place, "vpc_links", lambda: links)
    asked.meanwhile["/probe"] = meanwhile
    assert vpc.vpc_link_replaced(asked).held is held


def test_all_links_of_an_account_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    account = Account(tmp_path)
    client = account.client("apigatewayv2")
    monkeypatch.setattr(account, "client", lambda _service: client)
    one, two = [{"VpcLinkId": each, "Name": each, "SubnetIds": [each], "SecurityGroupIds": []} for each in ("a", "b")]
    with Stubber(client) as stubber:
        stubber.add_response("get_vpc_links", {"Items": [one], "NextToken": "more"}, {})
        stubber.add_response("get_vpc_links", {"Items": [two]}, {"NextToken": "more"})
        assert account.vpc_links() == [one, two]
