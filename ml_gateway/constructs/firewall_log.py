"""Where a web ACL writes what it did, without the credentials of its callers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway import naming
from ml_gateway.constructs.log_group import define_log_group
from ml_gateway.credentials import UNLOGGED_HEADERS

_PROTECTED_AS_A_WHOLE: Final = ("SINGLE_COOKIE", "SINGLE_QUERY_ARGUMENT", "QUERY_STRING", "BODY")


def define_firewall_log(
    scope: Construct,
    *,
    web_acl: wafv2.CfnWebACL,
    name: str,
    retention: timedelta,
    kept_actions: Sequence[str] = (),
    encryption_key: kms.IKey | None = None,
) -> logs.LogGroup:
    """A log group with a line for each request, or for each of the `kept_actions` of any rule, if there are any.

    `name`: that of the web ACL. Errors: see `define_log_group`.
    """
    log = define_log_group(
        scope,
        "FirewallLog",
        retention=retention,
        log_group_name=naming.firewall_log_group(name),
        encryption_key=encryption_key,
    )
    # WAF takes the ARN without the `:*` that the log group's own attribute ends with.
    arn = Stack.of(scope).format_arn(
        service="logs",
        resource="log-group",
        resource_name=log.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    wafv2.CfnLoggingConfiguration(
        scope,
        "Logging",
        resource_arn=web_acl.attr_arn,
        log_destination_configs=[arn],
        redacted_fields=[
            *(
                wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": header})
                for header in UNLOGGED_HEADERS
            ),
            # A query may hold a prompt, or a key in a form that is none of ours.
            wafv2.CfnLoggingConfiguration.FieldToMatchProperty(query_string={}),
        ],
        logging_filter=_render_filter(kept_actions) if kept_actions else None,
    )
    return log


def render_data_protection() -> wafv2.CfnWebACL.DataProtectionConfigProperty:
    """No credential and nothing of a query or a body in anything that WAF stores.

    A log's redaction alone does not do: the log names the value of the header by which a rate rule counts, and the
    piece of a query or a body that a rule matched (AWS WAF Developer Guide, "Data protection exceptions"). Substituted
    rather than hashed, since a list of hashes would find a password. Without keys all of a type are protected
    (AWS WAF API Reference, FieldToProtect).
    """
    fields = (
        wafv2.CfnWebACL.FieldToProtectProperty(field_type="SINGLE_HEADER", field_keys=list(UNLOGGED_HEADERS)),
        *(wafv2.CfnWebACL.FieldToProtectProperty(field_type=whole) for whole in _PROTECTED_AS_A_WHOLE),
    )
    return wafv2.CfnWebACL.DataProtectionConfigProperty(
        data_protections=[
            wafv2.CfnWebACL.DataProtectProperty(action="SUBSTITUTION", field=protected) for protected in fields
        ]
    )


def _render_filter(kept_actions: Sequence[str]) -> dict[str, Any]:
    """In CloudFormation's own names: CDK has the filter's type, but takes it for JSON and passes it as it is."""
    conditions = [{"ActionCondition": {"Action": action}} for action in kept_actions]
    kept = {"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": conditions}
    return {"DefaultBehavior": "DROP", "Filters": [kept]}
