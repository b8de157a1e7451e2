"""What the tests of the examples read out of a template."""

from collections.abc import Iterator
from typing import Any

from tests.synthesis import Json, resources

# CDK's own helper, which empties a VPC's default security group; it is not ours to write.
CDK_HELPER = "CustomVpcRestrictDefaultSG"

Rule = tuple[str, Any, int]
"""The id of a security group, what it lets in or out, and the port."""


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(template: Json) -> Iterator[Json]:
    """Every statement of every policy that a role of ours has."""
    for policy in resources(template, "AWS::IAM::Policy").values():
        yield from policy["PolicyDocument"]["Statement"]
    for logical_id, role in resources(template, "AWS::IAM::Role").items():
        if not logical_id.startswith(CDK_HELPER):
            for policy in role.get("Policies", []):
                yield from policy["PolicyDocument"]["Statement"]


def actions_on_everything(template: Json) -> set[str]:
    """What a role may do to any resource: with `*` for one, or with `*` in the name of an action or at its end."""
    return {
        action
        for statement in statements(template)
        for action in listed(statement["Action"])
        if "*" in action or "*" in listed(statement["Resource"])
    }


def managed_policies(template: Json) -> list[str]:
    return [
        logical_id
        for logical_id, role in resources(template, "AWS::IAM::Role").items()
        if role.get("ManagedPolicyArns") and not logical_id.startswith(CDK_HELPER)
    ]


def groups(template: Json) -> dict[str, str]:
    """The role of each security group -> its logical id."""
    return {
        properties["GroupDescription"]: logical_id
        for logical_id, properties in resources(template, "AWS::EC2::SecurityGroup").items()
    }


def group_of(reference: Any) -> str:
    """The logical id of a security group that is referred to."""
    logical_id, attribute = reference["Fn::GetAtt"]
    assert attribute == "GroupId"
    return str(logical_id)


def ingress(template: Json) -> list[Rule]:
    """What every security group lets in, whichever way it is written; the source is a group's id or a range."""
    found: list[Rule] = [
        (group_of(rule["GroupId"]), group_of(rule["SourceSecurityGroupId"]), rule["ToPort"])
        if "SourceSecurityGroupId" in rule
        else (group_of(rule["GroupId"]), rule, rule.get("ToPort", 0))
        for rule in resources(template, "AWS::EC2::SecurityGroupIngress").values()
    ]
    return found + _inline(template, "SecurityGroupIngress")


def egress(template: Json) -> list[Rule]:
    """What every security group lets out; the destination is a group's id or a range."""
    found: list[Rule] = [
        (group_of(rule["GroupId"]), group_of(rule["DestinationSecurityGroupId"]), rule["ToPort"])
        for rule in resources(template, "AWS::EC2::SecurityGroupEgress").values()
    ]
    # A group that lets nothing out has to say so with a range that reaches nobody, or EC2 lets all out.
    return found + [rule for rule in _inline(template, "SecurityGroupEgress") if rule[1] != "255.255.255.255/32"]


def _inline(template: Json, name: str) -> list[Rule]:
    return [
        (logical_id, rule.get("CidrIp", rule), rule.get("ToPort", 0))
        for logical_id, group in resources(template, "AWS::EC2::SecurityGroup").items()
        for rule in group.get(name, [])
    ]


def public(template: Json) -> list[str]:
    """What would make a private network public, by its logical id."""
    never = (
        "AWS::EC2::EIP",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
        "AWS::Lambda::Url",
    )
    found = [logical_id for kind in never for logical_id in resources(template, kind)]
    found += [
        logical_id
        for logical_id, subnet in resources(template, "AWS::EC2::Subnet").items()
        if subnet["MapPublicIpOnLaunch"] is not False
    ]
    found += [
        logical_id
        for logical_id, load_balancer in resources(template, "AWS::ElasticLoadBalancingV2::LoadBalancer").items()
        if load_balancer.get("Scheme") != "internal"
    ]
    found += [
        logical_id
        for logical_id, service in resources(template, "AWS::ECS::Service").items()
        if service["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] != "DISABLED"
    ]
    found += [
        logical_id
        for logical_id, launch in resources(template, "AWS::EC2::LaunchTemplate").items()
        for interface in launch["LaunchTemplateData"].get("NetworkInterfaces", [{}])
        if interface.get("AssociatePublicIpAddress") is not False
    ]
    return found


def logs_without_an_end(template: Json) -> list[str]:
    groups = resources(template, "AWS::Logs::LogGroup")
    return [logical_id for logical_id, group in groups.items() if "RetentionInDays" not in group]
