"""CloudFront's log: where it goes, who may write it, and what is not in it."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront

from ml_gateway.constructs import EdgeAccessLog
from ml_gateway.constructs.edge_access_log import RECORD_FIELDS
from tests.synthesis import Json, bare_stack, only, resources, template_of

LONGEST_NAME = "a" * 41


def define_log(
    *, region: str | None = "us-east-1", gateway_name: str = "fraud", retention: timedelta = timedelta(days=14)
) -> Stack:
    stack = bare_stack(region=region)
    distribution = cloudfront.Distribution.from_distribution_attributes(
        stack, "Distribution", distribution_id="E123", domain_name="d123.cloudfront.net"
    )
    EdgeAccessLog(stack, "Log", gateway_name=gateway_name, distribution=distribution, retention=retention)
    return stack


def log_template(gateway_name: str = "fraud") -> Json:
    return template_of(define_log(gateway_name=gateway_name))


def revealing(fields: Sequence[str]) -> set[str]:
    """The fields that may hold a key, a prompt, or text that callers word freely in a header for proxies."""
    return {
        field
        for field in fields
        if re.search(r"cookie|query|referer|forwarded|log-data|cs-headers|authorization", field, re.IGNORECASE)
    }


def test_the_log_of_the_distribution_goes_to_a_group_that_ends() -> None:
    template = log_template()
    source = only(template, "AWS::Logs::DeliverySource")
    assert source["LogType"] == "ACCESS_LOGS"
    assert source["ResourceArn"]["Fn::Join"][1][-1].endswith(":distribution/E123")
    (group,) = resources(template, "AWS::Logs::LogGroup")
    assert only(template, "AWS::Logs::DeliveryDestination") == {
        "Name": "fraud-edge",
        "DestinationResourceArn": {"Fn::GetAtt": [group, "Arn"]},
        "OutputFormat": "json",
    }
    settings = only(template, "AWS::Logs::LogGroup")
    assert (settings["LogGroupName"], settings["RetentionInDays"]) == ("/aws/vendedlogs/cloudfront/fraud", 14)
    assert template["Resources"][group]["DeletionPolicy"] == "Delete"


def test_source_and_destination_are_joined_by_a_delivery() -> None:
    template = log_template()
    (source,) = resources(template, "AWS::Logs::DeliverySource")
    (destination,) = resources(template, "AWS::Logs::DeliveryDestination")
    properties = only(template, "AWS::Logs::Delivery")
    assert properties["DeliverySourceName"] == {"Ref": source}
    assert properties["DeliveryDestinationArn"] == {"Fn::GetAtt": [destination, "Arn"]}
    # A policy of the account, of which a region has room for ten, is left to the account.
    assert not resources(template, "AWS::Logs::ResourcePolicy")


def test_only_the_delivery_service_may_write_and_only_for_this_account() -> None:
    template = log_template()
    group = only(template, "AWS::Logs::LogGroup")
    account = {"Ref": "AWS::AccountId"}
    partition = {"Ref": "AWS::Partition"}
    arn = ["arn:", partition, ":logs:us-east-1:", account]
    assert group["ResourcePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": {"Fn::Join": ["", [*arn, ":log-group:/aws/vendedlogs/cloudfront/fraud:*"]]},
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": {"Fn::Join": ["", [*arn, ":*"]]}},
            },
        }
    ]


def test_nothing_is_logged_that_may_hold_a_key_or_a_prompt() -> None:
    fields = only(log_template(), "AWS::Logs::Delivery")["RecordFields"]
    assert fields == list(RECORD_FIELDS)
    assert len(set(fields)) == len(fields)
    assert revealing(fields) == set()


@pytest.mark.parametrize(
    "field", ["cs(Cookie)", "cs-uri-query", "cs(Referer)", "x-forwarded-for", "viewer-request-log-data"]
)
def test_a_log_of_what_callers_keep_to_themselves_is_refused(field: str) -> None:
    assert revealing([*RECORD_FIELDS, field]) == {field}


def test_a_request_can_be_found_by_its_id_and_its_caller() -> None:
    assert {"x-edge-request-id", "c-ip", "cs-uri-stem", "sc-status", "x-edge-detailed-result-type"} <= set(
        RECORD_FIELDS
    )


def test_the_longest_name_of_a_gateway_makes_names_that_cloudwatch_accepts() -> None:
    template = log_template(LONGEST_NAME)
    names = [only(template, f"AWS::Logs::{kind}")["Name"] for kind in ("DeliverySource", "DeliveryDestination")]
    assert all(re.fullmatch(r"[\w-]{1,60}", name) for name in names), names
    assert re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", only(template, "AWS::Logs::LogGroup")["LogGroupName"])


def test_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="the access log of a distribution cannot be defined in eu-west-1"):
        define_log(region="eu-west-1")


def test_a_stack_that_does_not_know_its_region_is_trusted() -> None:
    assert resources(template_of(define_log(region=None)), "AWS::Logs::Delivery")


def test_a_retention_that_cloudwatch_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="log retention must be one of 1, 3, 5, 7,"):
        define_log(retention=timedelta(days=2))
