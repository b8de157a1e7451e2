"""What counts as a difference, and what CloudFormation makes of it."""

import pytest

from ml_gateway.review.assembly import Resource
from ml_gateway.review.differences import differences
from ml_gateway.review.replacement import Replacement, immutable_properties, replacement
from tests.review.assemblies import LOG_GROUP, resource
from tests.review.conftest import ReviewResources
from tests.synthesis import Json


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({"A": 1}, {"A": 1}, []),
        ({"A": 1}, {"A": 2}, ["A"]),
        ({"A": {"B": [1, 2]}}, {"A": {"B": [1, 3]}}, ["A.B[1]"]),
        ({"A": [1, 2]}, {"A": [1]}, ["A"]),
        ({"A": 1}, {"B": 1}, ["A", "B"]),
        ({"A": {"Ref": "X"}}, {"A": {"Ref": "Y"}}, ["A"]),
        ({"A": {"Fn::GetAtt": ["X", "Arn"]}}, {"A": {"Fn::GetAtt": ["Y", "Arn"]}}, ["A"]),
        # What only looks like a function: of CloudFront's response headers, and of a statement of IAM.
        (
            {"SecurityHeadersConfig": {"ReferrerPolicy": {"Override": True, "ReferrerPolicy": "no-referrer"}}},
            {"SecurityHeadersConfig": {"ReferrerPolicy": {"Override": False, "ReferrerPolicy": "no-referrer"}}},
            ["SecurityHeadersConfig.ReferrerPolicy.Override"],
        ),
        ({"A": {"Condition": {"Bool": 1}}}, {"A": {"Condition": {"Bool": 2}}}, ["A.Condition.Bool"]),
    ],
)
def test_differences_are_named_by_their_smallest_part(old: Json, new: Json, paths: list[str]) -> None:
    assert [difference.path for difference in differences(old, new)] == paths


@pytest.mark.parametrize(
    ("resource_type", "old", "new", "verdict"),
    [
        ("AWS::SecretsManager::Secret", {"Name": "a"}, {"Name": "b"}, Replacement.CERTAIN),
        ("AWS::SecretsManager::Secret", {}, {"Name": "b"}, Replacement.CERTAIN),
        ("AWS::SecretsManager::Secret", {"Description": "a"}, {"Description": "b"}, Replacement.NO),
        ("AWS::ApiGateway::RestApi", {"Name": "a"}, {"Name": "b"}, Replacement.NO),
        ("AWS::ApiGateway::ApiKey", {"Value": "a"}, {"Value": "b"}, Replacement.CERTAIN),
        ("AWS::EC2::Instance", {"Tenancy": "a"}, {"Tenancy": "b"}, Replacement.POSSIBLE),
        # In the identifier, though not among the create-only properties.
        ("AWS::Route53::RecordSet", {"Name": "a"}, {"Name": "b"}, Replacement.POSSIBLE),
        ("AWS::Nowhere::Known", {"Name": "a"}, {"Name": "b"}, Replacement.POSSIBLE),
        ("AWS::Nowhere::Known", {"Name": "a"}, {"Name": "a"}, Replacement.NO),
        ("Custom::Thing", {"ServiceToken": "a"}, {"ServiceToken": "b"}, Replacement.CERTAIN),
    ],
)
def test_the_schema_of_the_type_says_what_replaces(
    resource_type: str, old: Json, new: Json, verdict: Replacement
) -> None:
    before, after = (Resource(Type=resource_type, Properties=properties) for properties in (old, new))
    assert replacement(before, after) is verdict


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ({"IpFamily": "ipv4"}, {"IpFamily": "ipv6"}, Replacement.CERTAIN),
        ({"Beside": "a"}, {"Beside": "b"}, Replacement.NO),
        ({"ReferrerPolicy": "a"}, {"ReferrerPolicy": "b"}, Replacement.NO),
        ({"Fn::If": ["a"]}, {"Fn::If": ["b"]}, Replacement.CERTAIN),
        ([{"IpFamily": "ipv4"}], [{"IpFamily": "ipv6"}], Replacement.CERTAIN),
    ],
)
def test_a_part_of_a_property_may_be_what_replaces(old: object, new: object, verdict: Replacement) -> None:
    before, after = (
        Resource(Type="AWS::EKS::Cluster", Properties={"KubernetesNetworkConfig": part}) for part in (old, new)
    )
    assert ("KubernetesNetworkConfig", "IpFamily") in immutable_properties("AWS::EKS::Cluster").certain
    assert replacement(before, after) is verdict


def test_another_type_under_the_same_name_replaces(review_resources: ReviewResources) -> None:
    review = review_resources({"A": resource("AWS::SNS::Topic")}, {"A": resource("AWS::SQS::Queue")})
    assert review.status == 1
    assert '"AWS::SNS::Topic"</code> → <code>"AWS::SQS::Queue"' in review.comment
    assert "1 replaced" in review.comment


def test_what_is_bound_to_a_replaced_resource_is_replaced_in_turn(review_resources: ReviewResources) -> None:
    def resources(name: str) -> Json:
        return {
            "Function": resource("AWS::Lambda::Function", FunctionName=name),
            "Permission": resource("AWS::Lambda::Permission", FunctionName={"Fn::GetAtt": ["Function", "Arn"]}),
            "Alarm": resource("AWS::CloudWatch::Alarm", AlarmDescription={"Fn::Sub": "${Function}"}),
        }

    review = review_resources(resources("a"), resources("b"))
    assert "2 replaced\n" in review.comment
    assert "(<code>AWS::Lambda::Permission</code>) | <code>Function</code> is replaced |" in review.comment
    assert "Alarm" not in review.comment


def test_a_renamed_resource_is_moved_with_what_refers_to_it(review_resources: ReviewResources) -> None:
    def resources(prefix: str) -> Json:
        return {
            f"{prefix}Queue": resource("AWS::SQS::Queue", DelaySeconds=5),
            f"{prefix}Policy": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": f"{prefix}Queue"}]),
        }

    review = review_resources(resources("Old"), resources("New"))
    assert "2 moved: will be replaced\n" in review.comment
    assert "now <code>NewPolicy</code>, otherwise equal" in review.comment


def test_a_renamed_resource_that_differs_is_a_removal_and_an_addition(review_resources: ReviewResources) -> None:
    def resources(prefix: str, delay: int) -> Json:
        return {
            f"{prefix}Queue": resource("AWS::SQS::Queue", DelaySeconds=delay),
            f"{prefix}Policy": resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": f"{prefix}Queue"}]),
        }

    assert "2 removed, 2 added\n" in review_resources(resources("Old", 5), resources("New", 6)).comment


def test_policies_are_shown_with_what_is_lost_and_as_changes(review_resources: ReviewResources) -> None:
    kept = {**LOG_GROUP, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Delete"}
    review = review_resources({"A": kept, "B": kept}, {"B": {**kept, "DeletionPolicy": "Delete"}})
    assert "| DeletionPolicy <code>Retain</code><br>UpdateReplacePolicy <code>Delete</code> |" in review.comment
    assert '<code>DeletionPolicy</code>: <code>"Retain"</code> → <code>"Delete"</code>' in review.comment


def test_metadata_are_no_difference(review_resources: ReviewResources) -> None:
    review = review_resources({"A": LOG_GROUP}, {"A": {**LOG_GROUP, "Metadata": {"aws:cdk:path": "elsewhere"}}})
    assert review.status == 0
    assert review.comment.endswith("\nNo difference in resources or outputs.\n")
