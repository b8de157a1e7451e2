"""The web ACL of the default gateway and its log, for both subjects in Python."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2

from bench.subjects.tables import TABLES

NAME: Final = "acme-ml-edge"
COUNT: Final = wafv2.CfnWebACL.RuleActionProperty(count={})


def render_web_acl() -> dict[str, Any]:
    """What a `CfnWebACL` is made with."""
    return {
        "name": NAME,
        "description": "Refuses who may not call the gateway, or calls too often.",
        "scope": "CLOUDFRONT",
        "default_action": wafv2.CfnWebACL.DefaultActionProperty(allow={}),
        "rules": [render_rate(), *(render_group(1 + n, group) for n, group in enumerate(TABLES["ruleGroups"]))],
        "custom_response_bodies": {
            code: wafv2.CfnWebACL.CustomResponseBodyProperty(content=content, content_type="APPLICATION_JSON")
            for code, content in TABLES["answers"].items()
        },
        "visibility_config": render_visibility(NAME),
        "association_config": wafv2.CfnWebACL.AssociationConfigProperty(
            request_body={
                "CLOUDFRONT": wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                    default_size_inspection_limit="KB_64"
                )
            }
        ),
        "data_protection_config": render_data_protection(),
    }


def render_rate() -> wafv2.CfnWebACL.RuleProperty:
    """2000 requests in 5 minutes from one address."""
    retry_after = wafv2.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value="30")
    return wafv2.CfnWebACL.RuleProperty(
        name="AddressRate",
        priority=0,
        action=render_refusal(429, "rate_limit_exceeded", headers=[retry_after]),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="IP", limit=2000, evaluation_window_sec=300
            )
        ),
        visibility_config=render_visibility("AddressRate"),
    )


def render_group(priority: int, group: Mapping[str, Any]) -> wafv2.CfnWebACL.RuleProperty:
    """A group of AWS's rules, and what each of them does."""
    return wafv2.CfnWebACL.RuleProperty(
        name=group["name"],
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=group["name"], rule_action_overrides=list(render_overrides(group))
            )
        ),
        visibility_config=render_visibility(group["name"]),
    )


def render_overrides(group: Mapping[str, Any]) -> Iterator[wafv2.CfnWebACL.RuleActionOverrideProperty]:
    blocked = render_refusal(403, "blocked")
    for name in group["counted"]:
        yield wafv2.CfnWebACL.RuleActionOverrideProperty(name=name, action_to_use=COUNT)
    for name in group["blocked"]:
        yield wafv2.CfnWebACL.RuleActionOverrideProperty(name=name, action_to_use=blocked)


def render_refusal(
    status: int, code: str, *, headers: Sequence[wafv2.CfnWebACL.CustomHTTPHeaderProperty] | None = None
) -> wafv2.CfnWebACL.RuleActionProperty:
    response = wafv2.CfnWebACL.CustomResponseProperty(
        response_code=status, custom_response_body_key=code, response_headers=headers
    )
    return wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty(custom_response=response))


def render_visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
    )


def render_data_protection() -> wafv2.CfnWebACL.DataProtectionConfigProperty:
    fields = (
        wafv2.CfnWebACL.FieldToProtectProperty(field_type="SINGLE_HEADER", field_keys=TABLES["unloggedHeaders"]),
        wafv2.CfnWebACL.FieldToProtectProperty(field_type="SINGLE_COOKIE"),
    )
    return wafv2.CfnWebACL.DataProtectionConfigProperty(
        data_protections=[wafv2.CfnWebACL.DataProtectProperty(action="SUBSTITUTION", field=field) for field in fields]
    )


def define_firewall_log(stack: Stack, web_acl: wafv2.CfnWebACL) -> None:
    """A line for each request that a rule blocks or counts. Solutions Constructs have nothing for it."""
    log = logs.LogGroup(
        stack,
        "FirewallLog",
        log_group_name=f"aws-waf-logs-{NAME}",
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.DESTROY,
    )
    arn = stack.format_arn(
        service="logs",
        resource="log-group",
        resource_name=log.log_group_name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    field = wafv2.CfnLoggingConfiguration.FieldToMatchProperty
    conditions = [{"ActionCondition": {"Action": action}} for action in ("BLOCK", "COUNT")]
    wafv2.CfnLoggingConfiguration(
        stack,
        "FirewallLogging",
        resource_arn=web_acl.attr_arn,
        log_destination_configs=[arn],
        redacted_fields=[
            *(field(single_header={"Name": header}) for header in TABLES["unloggedHeaders"]),
            field(query_string={}),
        ],
        logging_filter={
            "DefaultBehavior": "DROP",
            "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": conditions}],
        },
    )
