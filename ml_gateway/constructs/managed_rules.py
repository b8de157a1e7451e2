"""The rule groups that AWS manages: which suit model traffic, and which of their rules only count a request.

Left out: AnonymousIpList (it blocks hosting providers, which is where callers run) and BotControl (it tags SDKs, and
costs extra). A body beyond what is inspected passes: no rule here says that it matches.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.constructs.web_acl import render_visibility


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagedGroup:
    """A rule group of AWS.

    `blocking`: its rules that block. `counted`: those that would block, too, but count here instead. What neither
    names keeps the action that AWS gives it, as does a rule that AWS adds later. WAF ignores a name that is no rule
    (API reference, ManagedRuleGroupStatement), so one that AWS takes away does no harm, and a mistake here goes unseen.
    """

    name: str
    blocking: tuple[str, ...]
    counted: tuple[str, ...] = ()


IP_REPUTATION: Final = ManagedGroup(
    name="AWSManagedRulesAmazonIpReputationList",
    # A third rule, AWSManagedIPDDoSList, counts by itself.
    blocking=("AWSManagedIPReputationList", "AWSManagedReconnaissanceList"),
)
"""AWS WAF Developer Guide, "IP reputation rule groups". For the edge: behind it every address is one of CloudFront."""

KNOWN_BAD_INPUTS: Final = ManagedGroup(
    name="AWSManagedRulesKnownBadInputsRuleSet",
    blocking=(
        "JavaDeserializationRCE_HEADER",
        "JavaDeserializationRCE_BODY",
        "JavaDeserializationRCE_URIPATH",
        "JavaDeserializationRCE_QUERYSTRING",
        "Host_localhost_HEADER",
        "PROPFIND_METHOD",
        "ExploitablePaths_URIPATH",
        "Log4JRCE_HEADER",
        "Log4JRCE_QUERYSTRING",
        "Log4JRCE_BODY",
        "Log4JRCE_URIPATH",
        "ReactJSRCE_BODY",
    ),
)
"""AWS WAF Developer Guide, "Baseline rule groups"."""

COMMON: Final = ManagedGroup(
    name="AWSManagedRulesCommonRuleSet",
    blocking=(
        "UserAgent_BadBots_HEADER",
        "SizeRestrictions_QUERYSTRING",
        "SizeRestrictions_Cookie_HEADER",
        "SizeRestrictions_URIPATH",
        "EC2MetaDataSSRF_COOKIE",
        "EC2MetaDataSSRF_URIPATH",
        "EC2MetaDataSSRF_QUERYARGUMENTS",
        "GenericLFI_QUERYARGUMENTS",
        "GenericLFI_URIPATH",
        "RestrictedExtensions_URIPATH",
        "RestrictedExtensions_QUERYARGUMENTS",
        "GenericRFI_QUERYARGUMENTS",
        "GenericRFI_URIPATH",
        "CrossSiteScripting_COOKIE",
        "CrossSiteScripting_QUERYARGUMENTS",
        "CrossSiteScripting_URIPATH",
    ),
    counted=(
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
)
"""AWS WAF Developer Guide, "Baseline rule groups"."""

COUNT: Final = wafv2.CfnWebACL.RuleActionProperty(count={})


def render_group(
    group: ManagedGroup, *, priority: int, refusal: wafv2.CfnWebACL.RuleActionProperty | None = None
) -> wafv2.CfnWebACL.RuleProperty:
    """The group as one rule. `refusal` takes the place of what its blocking rules do: their own page by default.

    With `COUNT` the whole group counts: each rule, so that the log names all that match and not only the first, and
    the group itself, for the rules that AWS adds later.
    """
    rehearsal = refusal is COUNT
    return wafv2.CfnWebACL.RuleProperty(
        name=group.name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(
            count={} if rehearsal else None, none=None if rehearsal else {}
        ),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=group.name,
                rule_action_overrides=list(_render_overrides(group, refusal)) or None,
            )
        ),
        visibility_config=render_visibility(group.name),
    )


def _render_overrides(
    group: ManagedGroup, refusal: wafv2.CfnWebACL.RuleActionProperty | None
) -> Iterator[wafv2.CfnWebACL.RuleActionOverrideProperty]:
    for rule in group.counted:
        yield wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=COUNT)
    if refusal is not None:
        for rule in group.blocking:
            yield wafv2.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=refusal)
