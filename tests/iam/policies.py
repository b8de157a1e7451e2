"""The policies of a template, wherever they stand in it, as a deployed stack has them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.iam.concrete import REGION, concrete, name_of
from tests.synthesis import Json

PLACES: Final = {
    ("AWS::EC2::VPCEndpoint", "PolicyDocument"): "endpoint",
    ("AWS::IAM::Policy", "PolicyDocument"): "identity",
    ("AWS::IAM::Role", "AssumeRolePolicyDocument"): "attached",
    ("AWS::IAM::Role", "Policies"): "identity",
    ("AWS::KMS::Key", "KeyPolicy"): "attached",
    ("AWS::Logs::LogGroup", "ResourcePolicyDocument"): "attached",
    ("AWS::S3::BucketPolicy", "PolicyDocument"): "attached",
    ("AWS::SNS::TopicPolicy", "PolicyDocument"): "attached",
}
"""Where documents stand, by type and property, and which of `Policies` they are."""

WITHOUT_A_POLICY: Final = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
"""What a VPC endpoint has then: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"""

NO_POLICIES: Final = ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy")
"""What CloudFront calls a policy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policies:
    """Statements about one thing: who may ask it; what it may ask, as a role; what passes it, as a VPC endpoint.

    `managed`: the policies of AWS that a role has, by the ends of their ARNs.
    """

    attached: list[Json] = field(default_factory=list)
    identity: list[Json] = field(default_factory=list)
    endpoint: list[Json] = field(default_factory=list)
    managed: list[str] = field(default_factory=list)


def policies_of(template: Json, *, region: str = REGION) -> dict[str, Policies]:
    """All of a template, by the name of what has them. A policy that is not understood here is an error."""
    found: dict[str, Policies] = {}
    for logical_id, resource in template["Resources"].items():
        kind, properties = resource["Type"], resource.get("Properties", {})
        documents = [(key, each) for key, value in properties.items() for each in _documents(value)]
        if kind == "AWS::Lambda::Permission":
            permission = concrete(properties, template, region=region)
            function = permission["FunctionName"].partition(":function:")[2]
            found.setdefault(function, Policies()).attached.append(_statement_of(permission))
        elif kind == "AWS::EC2::VPCEndpoint" and not documents:
            found[name_of(logical_id)] = Policies(endpoint=[WITHOUT_A_POLICY])
        elif kind.endswith(("Policy", "Permission")) and not kind.endswith(NO_POLICIES):
            assert documents, f"{logical_id}: no policy was found in {kind}"
        for name in _holders(logical_id, kind, properties):
            for key, document in documents:
                its = found.setdefault(name, Policies())
                statements = concrete(document["Statement"], template, region=region)
                getattr(its, PLACES[kind, key]).extend(_in_one_spelling(each) for each in statements)
            for arn in concrete(properties.get("ManagedPolicyArns", []), template, region=region):
                found[name].managed.append(arn.removeprefix("arn:aws:iam::aws:policy/"))
    return found


def _documents(value: Any) -> Iterator[Json]:
    """The documents of policies in a property. In a text they could not be read, nor without a list."""
    match value:
        case {"Statement": list()}:
            yield value
        case {"Statement": {"Effect": _}}:
            raise AssertionError(value)
        case dict():
            for each in value.values():
                yield from _documents(each)
        case list():
            for each in value:
                yield from _documents(each)
        case str():
            assert '"Statement"' not in value, value


def _in_one_spelling(statement: Json) -> Json:
    """Everybody as `*`, which is the same: the evaluator knows but this at VPC endpoints.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    return {**statement, "Principal": "*"} if statement.get("Principal") == {"AWS": "*"} else statement


def _holders(logical_id: str, kind: str, properties: Json) -> list[str]:
    """The names of what a resource's policies are about."""
    if kind != "AWS::IAM::Policy":
        return [name_of(logical_id)]
    assert not properties.keys() & {"Users", "Groups"}, logical_id
    return [name_of(role["Ref"]) for role in properties["Roles"]]


def _statement_of(permission: Json) -> Json:
    """What Lambda adds to the function's policy because of a permission, in our reading.

    The source is compared by ArnLike, its account by StringEquals, as the example has it of
    https://docs.aws.amazon.com/cli/latest/reference/lambda/add-permission.html; AddPermission's reference names
    StringLike. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """
    known = {"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount"}
    assert permission.keys() <= known, permission
    principal = permission["Principal"]
    condition = {}
    if "SourceArn" in permission:
        condition["ArnLike"] = {"aws:SourceArn": permission["SourceArn"]}
    if "SourceAccount" in permission:
        condition["StringEquals"] = {"aws:SourceAccount": permission["SourceAccount"]}
    return {
        "Effect": "Allow",
        "Principal": {"Service": principal} if principal.endswith(".amazonaws.com") else principal,
        "Action": permission["Action"],
        "Resource": permission["FunctionName"],
        **({"Condition": condition} if condition else {}),
    }
