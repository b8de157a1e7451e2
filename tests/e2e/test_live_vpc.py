"""A VPC link keeps the subnets of a run from going: those that there are go before the subnets, or are named."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no stubs

from live.destroy import destroy, left_of
from live.gateway import resources
from live.local_place import LocalPlace
from live.place import DELETING
from live.plan import Brought, network_stack, new_name
from ml_gateway.local.cloud import Cloud
from ml_gateway.naming import EDGE_REGION
from tests.authorizer.issuer import FailingIssuer

pytestmark = pytest.mark.e2e

NETWORK = json.dumps(
    {
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/24"}},
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/25"}},
        }
    }
)
LOOKS = 3
"""That a link which goes is there for."""


class LinkedPlace(LocalPlace):
    """Links are made up, as the local cloud has none; `referenced`: whether an API refers to them, as API Gateway says
    then. `looked`: how often somebody looked for them."""

    brought = Brought(vpc=True)
    referenced = False
    looked = 0
    links: dict[str, dict[str, Any]]

    def vpc_links(self) -> list[Any]:
        self.looked += 1
        for link in [each for each in self.links.values() if each["VpcLinkStatus"] == DELETING]:
            link["looks"] -= 1
            if not link["looks"]:
                del self.links[link["VpcLinkId"]]
        return list(self.links.values())

    def client(self, service: str, region: str = EDGE_REGION) -> Any:
        return self if service == "apigatewayv2" else super().client(service, region)

    def delete_vpc_link(self, *, VpcLinkId: str) -> None:  # noqa: N803 (boto3's)
        if self.referenced:
            raise ClientError({"Error": {"Code": "BadRequestException", "Message": "is referenced"}}, "DeleteVpcLink")
        self.links[VpcLinkId]["VpcLinkStatus"] = DELETING


@pytest.fixture
def name() -> str:
    return new_name()


@pytest.fixture
def linked(cloud: Cloud, issuer: FailingIssuer, tmp_path: Path, name: str) -> Iterator[LinkedPlace]:
    """With a link in the run's network, another that goes already, and one in a network of somebody else."""
    with ExitStack() as stack:
        place = LinkedPlace(cloud, issuer, tmp_path, stack)
        place.client("cloudformation").create_stack(StackName=network_stack(name), TemplateBody=NETWORK)
        (subnet,) = resources(place, network_stack(name), "AWS::EC2::Subnet").values()
        place.links = {
            link: {"VpcLinkId": link, "VpcLinkStatus": status, "SubnetIds": [subnet_id], "looks": LOOKS}
            for link, status, subnet_id in (
                ("old", "AVAILABLE", subnet),
                ("going", DELETING, subnet),
                ("other", "AVAILABLE", "subnet-of-somebody"),
            )
        }
        yield place


def test_a_link_that_an_update_left_goes_before_its_subnets_and_no_other(linked: LinkedPlace, name: str) -> None:
    assert {each.what for each in left_of(linked, name)} == {
        "VPC link old",
        "VPC link going",
        f"stack {network_stack(name)}",
    }
    there: dict[str, list[str]] = {}
    assert destroy(linked, name, told=lambda line: there.update({line: list(linked.links)})) == []
    assert there == {"deleting VPC link old": ["old", "going", "other"], f"deleting {network_stack(name)}": ["other"]}


def test_a_link_that_an_api_refers_to_ends_nothing_else_and_is_not_waited_for(linked: LinkedPlace, name: str) -> None:
    del linked.links["going"]
    linked.referenced = True
    lines: list[str] = []
    assert destroy(linked, name, told=lines.append) == []
    assert linked.looked == 2
    assert "is referenced" in lines[1]
    assert lines[2] == f"deleting {network_stack(name)}"
