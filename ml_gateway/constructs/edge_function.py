"""The CloudFront Function that sees each request first."""

from collections.abc import Collection
from typing import Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import CorsConfig
from ml_gateway.constructs.cors import CORS_MAX_AGE, CORS_METHODS, request_headers
from ml_gateway.credentials import API_KEY_HEADER, BEARER_SCHEME, KEY_FORMS, KeyForm
from ml_gateway.design import Callers, EdgeDesign, Identified, Keyed
from ml_gateway.errors import INVALID_PATH, error_body
from ml_gateway.functions import (
    KeyFormSettings,
    PreflightSettings,
    ViewerRequestSettings,
    assembled_viewer_request,
)

_NOTHING_ELSE: Final = EdgeDesign()


class EdgeFunction(cloudfront.Function):
    """What every behavior in front of a gateway needs at viewer request: one spelling of paths and headers.

    It refuses paths that could be read in two ways, answers preflights and health checks as `edge` says, removes
    headers that never pass, and sends a key or token of `callers` on as `x-api-key`. `keyed` are the headers in the
    cache key of the behaviors that it is for, in any capitals, where these keep answers: a GET or HEAD then takes on no
    other one. House rules want it on each behavior whose origin is a gateway's. In a distribution of your own:

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
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            code=cloudfront.FunctionCode.from_inline(render_edge_function(callers, edge, keyed)),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment=f"Cleans paths and headers, answers preflights and health, turns keys into {API_KEY_HEADER}",
        )

    @property
    def association(self) -> cloudfront.FunctionAssociation:
        """For `function_associations` of a behavior."""
        return cloudfront.FunctionAssociation(function=self, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)


def render_edge_function(callers: Callers, edge: EdgeDesign, keyed: Collection[str] | None = None) -> str:
    """The code of the function for one gateway."""
    return assembled_viewer_request(
        ViewerRequestSettings(
            refusal=error_body(edge.dialect, INVALID_PATH, request_id=None),
            slashes_in_ids=edge.slashes_in_model_ids,
            cors=_render_cors(edge.cors) if edge.cors else None,
            health=edge.health,
            key_forms=_translated(callers.key_forms) if isinstance(callers, Keyed) else None,
            keyed=tuple(sorted(header.lower() for header in keyed)) if keyed is not None else None,
            issuers=callers.issuers if isinstance(callers, Identified) else (),
        )
    )


def _translated(key_forms: tuple[KeyForm, ...]) -> tuple[KeyFormSettings, ...]:
    """The forms that the function turns into the one that API Gateway reads."""
    return tuple(
        KeyFormSettings(header=header, scheme=f"{BEARER_SCHEME} " if form == "bearer" else "")
        for form, header in KEY_FORMS.items()
        if form in key_forms and form != API_KEY_HEADER
    )


def _render_cors(cors: CorsConfig) -> PreflightSettings:
    return PreflightSettings(
        origins=cors.origins,
        methods=", ".join(CORS_METHODS),
        headers=", ".join(request_headers(cors)),
        max_age=f"{CORS_MAX_AGE.total_seconds():.0f}",
    )
