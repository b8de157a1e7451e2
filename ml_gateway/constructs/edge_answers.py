"""What a caller reads whom the firewall at the edge refuses."""

from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_wafv2 as wafv2

from ml_gateway.errors import BLOCKED, THROTTLED_AT_EDGE, Dialect, GatewayError, error_body

_ANY_PAGE_MAY_READ: Final = (("access-control-allow-origin", "*"),)
"""For browsers: the answer is a fixed text that tells nothing about the caller or the gateway's content."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeAnswers:
    """The refusals of a web ACL as JSON in the callers' dialect; with `cors` any web page may read them.

    WAF answers with fixed texts, so the request's id is not among them: CloudFront sends it in `x-amz-cf-id`.
    """

    dialect: Dialect
    cors: bool

    def render_bodies(self) -> dict[str, wafv2.CfnWebACL.CustomResponseBodyProperty]:
        """The texts, by the code of their error: rules name them by it."""
        return {
            error.code: wafv2.CfnWebACL.CustomResponseBodyProperty(
                content=error_body(self.dialect, error, request_id=None), content_type="APPLICATION_JSON"
            )
            for error in (BLOCKED, THROTTLED_AT_EDGE)
        }

    def render_refusal(self, error: GatewayError) -> wafv2.CfnWebACL.RuleActionProperty:
        """Block, and answer with `error`: one of those that have a body."""
        headers = (*error.headers, *(_ANY_PAGE_MAY_READ if self.cors else ()))
        return wafv2.CfnWebACL.RuleActionProperty(
            block=wafv2.CfnWebACL.BlockActionProperty(
                custom_response=wafv2.CfnWebACL.CustomResponseProperty(
                    response_code=error.status,
                    custom_response_body_key=error.code,
                    response_headers=[
                        wafv2.CfnWebACL.CustomHTTPHeaderProperty(name=name, value=value) for name, value in headers
                    ]
                    or None,
                )
            )
        )
