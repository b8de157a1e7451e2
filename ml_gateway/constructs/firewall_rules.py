"""The rules of the web ACL on the API's stage: the lock first, then what AWS manages."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import SecretValue
from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.credentials import ORIGIN_VERIFY_HEADER

INSPECTED_BODY: Final = "KB_64"
"""How much of a body WAF looks at, the most that it can; it costs more than the default of 16 KB."""

COUNTED: Final = {
    "AWSManagedRulesCommonRuleSet": (
        # Over 8 KB: the size of any longer prompt or tensor (aws-solutions guidance PR#21).
        "SizeRestrictions_BODY",
        # Prompts and documents may speak of markup, paths and addresses: a body is data to the model, never code.
        "CrossSiteScripting_BODY",
        "EC2MetaDataSSRF_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        # Callers are programs, and not every HTTP library names itself.
        "NoUserAgent_HEADER",
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}
"""The managed rule groups, and which of their rules count a request instead of blocking it.

Left out: AmazonIpReputationList (here every request comes from an address of CloudFront: it belongs to the edge),
AnonymousIpList (it blocks hosting providers, which is where callers run) and BotControl (it tags SDKs, and costs
extra). A body beyond what is inspected passes: no rule here says that it matches.
"""


def render_rules(secret_names: Sequence[str]) -> list[wafv2.CfnWebACL.RuleProperty]:
    """All rules in the order in which they apply."""
    groups = [_render_group(name, priority) for priority, name in enumerate(COUNTED, start=1)]
    return [_render_lock(secret_names), *groups]


def render_visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Metrics, but no samples: those show all headers of a request, whatever the log redacts."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
    )


def _render_lock(secret_names: Sequence[str]) -> wafv2.CfnWebACL.RuleProperty:
    """Block what carries none of the secrets. To *allow* what carries one would skip the rules that follow."""
    accepted = [_render_match(secret_name) for secret_name in secret_names]
    # WAF wants two or more statements in an Or.
    proven = (
        accepted[0]
        if len(accepted) == 1
        else wafv2.CfnWebACL.StatementProperty(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=accepted))
    )
    return wafv2.CfnWebACL.RuleProperty(
        name="OriginLock",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=proven)
        ),
        visibility_config=render_visibility("OriginLock"),
    )


def _render_match(secret_name: str) -> wafv2.CfnWebACL.StatementProperty:
    return wafv2.CfnWebACL.StatementProperty(
        byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
            # In plain: CloudFormation resolves the reference and encodes the value. In SearchStringBase64 the
            # secret would be taken for its own encoding.
            search_string=SecretValue.secrets_manager(secret_name).unsafe_unwrap(),
            # WAF compares with the name in lower case.
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": ORIGIN_VERIFY_HEADER}),
            positional_constraint="EXACTLY",
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )


def _render_group(name: str, priority: int) -> wafv2.CfnWebACL.RuleProperty:
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                rule_action_overrides=[
                    wafv2.CfnWebACL.RuleActionOverrideProperty(
                        name=rule, action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={})
                    )
                    for rule in COUNTED[name]
                ]
                or None,
            )
        ),
        visibility_config=render_visibility(name),
    )
