"""What all web ACLs share: how much of a body they inspect, what they show, and how statements are combined."""

from collections.abc import Sequence
from typing import Final, Literal

from aws_cdk import aws_wafv2 as wafv2

INSPECTED_BODY: Final = "KB_64"
"""How much of a body WAF looks at, the most that it can; it costs more than the default of 16 KB.

What is longer passes on: the managed rules look at its beginning, and none of our own rules looks at a body.
"""


def render_body_inspection(resource: Literal["API_GATEWAY", "CLOUDFRONT"]) -> wafv2.CfnWebACL.AssociationConfigProperty:
    """`resource`: what the web ACL guards. A limit under another name is accepted, and has no effect."""
    limit = wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
        default_size_inspection_limit=INSPECTED_BODY
    )
    return wafv2.CfnWebACL.AssociationConfigProperty(request_body={resource: limit})


def render_visibility(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Metrics, but no samples: those show all headers of a request, whatever the log redacts."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
    )


def render_any_of(statements: Sequence[wafv2.CfnWebACL.StatementProperty]) -> wafv2.CfnWebACL.StatementProperty:
    """At least one of them holds. WAF wants two or more statements in an Or, so one stands alone."""
    if len(statements) == 1:
        return statements[0]
    return wafv2.CfnWebACL.StatementProperty(or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=statements))


def render_not(statement: wafv2.CfnWebACL.StatementProperty) -> wafv2.CfnWebACL.StatementProperty:
    """It does not hold."""
    return wafv2.CfnWebACL.StatementProperty(not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=statement))
