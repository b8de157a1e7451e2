"""The CloudFront Function that sees each request first."""

import json
from pathlib import Path
from typing import Any, Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import CorsConfig, EdgeConfig
from ml_gateway.constructs.cors import CORS_MAX_AGE, CORS_METHODS, request_headers
from ml_gateway.credentials import API_KEY_HEADER, KEY_FORMS

SOURCE: Final = Path(__file__).parent.parent / "edge_functions" / "viewer_request.js"

EVERY_FORM: Final = 'const SETTINGS = {"keyForms":["bearer","api-key","x-goog-api-key"],"cors":null,"health":null};'
"""The line of the file that a definition replaces: unchanged, the file takes every form of a key, and that is all."""


def define_viewer_request(scope: Construct, construct_id: str, *, edge: EdgeConfig) -> cloudfront.Function | None:
    """The function for `edge.accept_keys`, `edge.cors` and `edge.health`, or None if all three are absent.

    There is one for all of them: CloudFront runs one function for each event of a behavior.
    """
    if edge.accept_keys is None and edge.cors is None and edge.health is None:
        return None
    return cloudfront.Function(
        scope,
        construct_id,
        code=cloudfront.FunctionCode.from_inline(render_viewer_request(edge)),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
        comment=f"Answers preflights and health checks, turns keys into {API_KEY_HEADER}",
    )


def render_viewer_request(edge: EdgeConfig) -> str:
    """The code of the function. `x-api-key` is taken whether it is listed or not: API Gateway reads it."""
    settings = {
        "keyForms": None if edge.accept_keys is None else _translated(edge.accept_keys),
        "cors": _render_cors(edge.cors) if edge.cors else None,
        "health": edge.health,
    }
    before, after = SOURCE.read_text().split(EVERY_FORM)
    return f"{before}const SETTINGS = {json.dumps(settings, separators=(',', ':'))};{after}"


def _translated(accepted_keys: tuple[str, ...]) -> list[str]:
    return [form for form in KEY_FORMS if form in accepted_keys and form != API_KEY_HEADER]


def _render_cors(cors: CorsConfig) -> dict[str, Any]:
    return {
        "origins": cors.origins,
        "methods": ", ".join(CORS_METHODS),
        "headers": ", ".join(request_headers(cors)),
        "maxAge": f"{CORS_MAX_AGE.total_seconds():.0f}",
    }
