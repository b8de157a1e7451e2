"""The rule that locks the API: what did not come through the distribution is blocked."""

from collections.abc import Sequence

from aws_cdk import SecretValue
from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.constructs.web_acl import render_any_of, render_not, render_visibility
from ml_gateway.credentials import ORIGIN_VERIFY_HEADER


def render_origin_lock(secret_names: Sequence[str]) -> wafv2.CfnWebACL.RuleProperty:
    """Block what carries none of the secrets. To *allow* what carries one would skip the rules that follow."""
    return wafv2.CfnWebACL.RuleProperty(
        name="OriginLock",
        priority=0,
        action=wafv2.CfnWebACL.RuleActionProperty(block={}),
        statement=render_not(render_any_of([_render_match(secret_name) for secret_name in secret_names])),
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
