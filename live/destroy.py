"""Takes away all that a run made: by its name alone, so also what an earlier run left."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # it has no stubs

from live.gateway import resources
from live.place import DELETING, Place, RefusalError
from live.plan import bearer_secret, is_name, network_stack, regions
from ml_gateway.naming import EDGE_REGION

NETWORK: Final = network_stack("")
ORDER: Final = ("-edge", "-api", "-account", "-drain-", "-keys", "-echo", NETWORK)
"""What the names of stacks have at their ends, in the order in which they go: what refers to a secret before the
secret, a record before the alarm that it follows, and a VPC link before its subnets."""
GONE: Final = "DELETE_COMPLETE"
BEGINNINGS_OF_GROUPS: Final = ("", "/aws/lambda/", "aws-waf-logs-", "/aws/vendedlogs/cloudfront/")
"""What may stand before the name in that of a log group. A function that ends may make its group once more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What is still there, and the line that takes it away."""

    what: str
    command: str


def destroy(place: Place, name: str, *, told: Callable[[str], None]) -> list[Left]:
    """Destroy all that is called `name`, and say what is left.

    Raises ValueError for a name that is none of a run, RefusalError where it would not see all of it.
    """
    if not is_name(name):
        raise ValueError(f"{name!r} is not the name of a run")
    in_two = any(stack.startswith(f"{name}-regional-") for _, stack in stacks_of(place, name))
    if in_two and not place.brought.two_regions:
        raise RefusalError(f"{name} is in a second region, too: add ZONE= and SECOND_REGION= as it was begun with")
    for ending in ORDER:
        if ending == NETWORK:
            _delete_links(place, name, told)
        going = [stack for stack in stacks_of(place, name) if ending in stack[1].removeprefix(name)]
        for region, stack in going:
            told(f"deleting {stack}")
            _delete(place, region, stack)
        for region, stack in going:
            # Once more: what refused to go may have waited for something else.
            if _ended(place, region, stack) != GONE:
                _delete(place, region, stack)
                _ended(place, region, stack)
    _delete_records(place, name)
    for region in regions(place.brought):
        _delete_secret(place, region, name)
        for group in _groups(place, region, name):
            place.client("logs", region).delete_log_group(logGroupName=group)
        for key in _keys(place, region, name):
            place.client("apigateway", region).delete_api_key(apiKey=key)
    return list(left_of(place, name))


def left_of(place: Place, name: str) -> Iterator[Left]:
    """What there is that is called so."""
    for link in _links(place, name):
        yield Left(
            what=f"VPC link {link['VpcLinkId']}",
            command=f"aws apigatewayv2 delete-vpc-link --region {EDGE_REGION} --vpc-link-id {link['VpcLinkId']}",
        )
    for region, stack in stacks_of(place, name):
        yield Left(
            what=f"stack {stack}", command=f"aws cloudformation delete-stack --region {region} --stack-name {stack}"
        )
    for record in _records(place, name):
        yield Left(
            what=f"record {record['Name']}",
            command="aws route53 change-resource-record-sets --hosted-zone-id <zone> --change-batch <its deletion>",
        )
    for region in regions(place.brought):
        for group in _groups(place, region, name):
            yield Left(
                what=f"log group {group}",
                command=f"aws logs delete-log-group --region {region} --log-group-name {group}",
            )
        for key in _keys(place, region, name):
            yield Left(
                what=f"API key {key}", command=f"aws apigateway delete-api-key --region {region} --api-key {key}"
            )
        for secret in _secrets(place, region, name):
            yield Left(
                what=f"secret {secret}",
                command="aws secretsmanager delete-secret --force-delete-without-recovery "
                f"--region {region} --secret-id {secret}",
            )


def stacks_of(place: Place, name: str) -> list[tuple[str, str]]:
    """Region and name of the stacks of a run, and of no other."""
    return [
        (region, stack["StackName"])
        for region in regions(place.brought)
        for page in place.client("cloudformation", region).get_paginator("describe_stacks").paginate()
        for stack in page["Stacks"]
        if stack["StackName"].startswith(f"{name}-") and stack["StackStatus"] != GONE
    ]


def _delete(place: Place, region: str, stack: str) -> None:
    """Once CloudFormation takes it: a stack that is being updated it does not delete."""
    _wait(place, region, stack, until=lambda status: not (status.startswith("UPDATE") and "IN_PROGRESS" in status))
    place.client("cloudformation", region).delete_stack(StackName=stack)


def _ended(place: Place, region: str, stack: str) -> str:
    return _wait(place, region, stack, until=lambda status: status in (GONE, "DELETE_FAILED"))


def _wait(place: Place, region: str, stack: str, *, until: Callable[[str], bool]) -> str:
    """The status, as soon as it is one that was waited for, or else after a long time."""
    deadline = time.monotonic() + place.patience
    while not until(status := _status(place.client("cloudformation", region), stack)):
        if time.monotonic() > deadline:
            break
        time.sleep(place.pause)
    return status


def _status(client: Any, stack: str) -> str:
    try:
        (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # there is none of that name
            return GONE
        raise
    return str(described["StackStatus"])


def _links(place: Place, name: str) -> list[Any]:
    """The VPC links in the run's own subnets: those of stacks, and one that an update replaced and left."""
    stack = network_stack(name)
    if stack not in (each for _, each in stacks_of(place, name)):
        return []
    subnets = set(resources(place, stack, "AWS::EC2::Subnet").values())
    return [each for each in place.vpc_links() if subnets & set(each["SubnetIds"])]


def _delete_links(place: Place, name: str, told: Callable[[str], None]) -> None:
    """And wait for those that go: their network interfaces are in the subnets, which go next."""
    for link in _links(place, name):
        if link["VpcLinkStatus"] != DELETING:
            told(f"deleting VPC link {link['VpcLinkId']}")
            try:
                place.client("apigatewayv2").delete_vpc_link(VpcLinkId=link["VpcLinkId"])
            except ClientError as error:  # an API that did not go refers to it
                told(f"it stays: {error}")
    deadline = time.monotonic() + place.patience
    while any(link["VpcLinkStatus"] == DELETING for link in _links(place, name)) and time.monotonic() < deadline:
        time.sleep(place.pause)


def _records(place: Place, name: str) -> list[Any]:
    """Those by which ACM validated the names of the run: CloudFormation makes them, and leaves them."""
    two = place.brought.two_regions
    if two is None:
        return []
    client = place.client("route53")
    pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=two.zone)
    try:
        found = [each for page in pages for each in page["ResourceRecordSets"]]
    except client.exceptions.NoSuchHostedZone:
        return []
    return [each for each in found if each["Type"] == "CNAME" and f".{name}." in each["Name"]]


def _delete_records(place: Place, name: str) -> None:
    for record in _records(place, name):
        changes = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
        zone = two.zone if (two := place.brought.two_regions) else ""
        place.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)


def _delete_secret(place: Place, region: str, name: str) -> None:
    for secret in _secrets(place, region, name):
        if secret == bearer_secret(name):
            client = place.client("secretsmanager", region)
            client.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)


def _secrets(place: Place, region: str, name: str) -> list[str]:
    pages = place.client("secretsmanager", region).get_paginator("list_secrets").paginate()
    names: list[Mapping[str, str]] = [each for page in pages for each in page["SecretList"]]
    return [each["Name"] for each in names if each["Name"].startswith((f"{name}/", f"{name}-"))]


def _keys(place: Place, region: str, name: str) -> list[str]:
    """The ids of API keys: that of a client who is removed may stay, in no plan (docs/clients.md)."""
    pages = place.client("apigateway", region).get_paginator("get_api_keys").paginate()
    found = [key for page in pages for key in page["items"]]
    return [each["id"] for each in found if each.get("description", "").startswith(f"{name}-")]


def _groups(place: Place, region: str, name: str) -> list[str]:
    client, found = place.client("logs", region), list[str]()
    for beginning in BEGINNINGS_OF_GROUPS:
        pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"{beginning}{name}-")
        found += [group["logGroupName"] for page in pages for group in page["logGroups"]]
    return found
