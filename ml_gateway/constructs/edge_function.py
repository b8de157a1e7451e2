"""The CloudFront Function that sees each request first."""

from collections.abc import Collection
from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.credentials import API_KEY_HEADER
from ml_gateway.design import Callers, EdgeDesign
from ml_gateway.design.viewer_request import render_edge_function

_NOTHING_ELSE: Final = EdgeDesign()


class EdgeFunction(cloudfront.Function):
    """What every behavior in front of a gateway needs at viewer request: one spelling of paths and headers.

    It refuses paths that could be read in two ways, answers preflights and health checks as `edge` says, removes
    headers that never pass, and sends a key or token of `callers` on as `x-api-key`. `keyed` are the headers in the
    cache key of the behaviors that it is for, in any capitals, where these keep answers: a GET or HEAD then takes on no
    other one. `overrides` is the store in which shares of versions stand in for those of `edge.splits`. House rules
    want it on each behavior whose origin is a gateway's. In a distribution of your own:

        function = EdgeFunction(self, "ViewerRequest", callers=origin.callers)
        cloudfront.BehaviorOptions(..., function_associations=[function.association])

    There is one for all of it: CloudFront runs one function for each event of a behavior.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        callers: Callers,
        edge: EdgeDesign = _NOTHING_ELSE,
        keyed: Collection[str] | None = None,
        overrides: cloudfront.IKeyValueStore | None = None,
    ) -> None:
        if bool(edge.splits) != (overrides is not None):
            raise ValueError(
                "overrides: a store is needed where edge has splits, and only there; name it, or leave it out"
            )
        super().__init__(
            scope,
            construct_id,
            code=cloudfront.FunctionCode.from_inline(render_edge_function(callers, edge, keyed)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment=f"Cleans paths and headers, answers preflights and health, turns keys into {API_KEY_HEADER}",
            key_value_store=overrides,
        )

    @property
    def association(self) -> cloudfront.FunctionAssociation:
        """For `function_associations` of a behavior."""
        return cloudfront.FunctionAssociation(function=self, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
