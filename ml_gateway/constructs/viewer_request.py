"""The CloudFront Function that sees each request first."""

import json
from pathlib import Path
from typing import Any, Final

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.config import CorsConfig
from ml_gateway.constructs.cors import CORS_MAX_AGE, CORS_METHODS, request_headers
from ml_gateway.credentials import API_KEY_HEADER, KEY_FORMS, KeyForm
from ml_gateway.design import Callers, Keyed, Open

SOURCE: Final = Path(__file__).parent.parent / "edge_functions" / "viewer_request.js"


def define_viewer_request(
    scope: Construct, construct_id: str, *, callers: Callers, cors: CorsConfig | None, health: str | None
) -> cloudfront.Function | None:
    """The function that takes keys of `callers`, answers preflights and health checks, or None if it had none to do.

    There is one for all of them: CloudFront runs one function for each event of a behavior.
    """
    if isinstance(callers, Open) and cors is None and health is None:
        return None
    return cloudfront.Function(
        scope,
        construct_id,
        code=cloudfront.FunctionCode.from_inline(render_viewer_request(callers=callers, cors=cors, health=health)),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
        comment=f"Answers preflights and health checks, turns keys into {API_KEY_HEADER}",
    )


def render_viewer_request(*, callers: Callers, cors: CorsConfig | None, health: str | None) -> str:
    """The code of the function: the file, in which one line has other settings.

    Unchanged, the file takes every form of a key, and that is all.
    """
    before, after = SOURCE.read_text().split(_render_settings(callers=Keyed(tuple(KEY_FORMS)), cors=None, health=None))
    return f"{before}{_render_settings(callers=callers, cors=cors, health=health)}{after}"


def _render_settings(*, callers: Callers, cors: CorsConfig | None, health: str | None) -> str:
    settings = {
        "keyForms": _translated(callers.key_forms) if isinstance(callers, Keyed) else None,
        "cors": _render_cors(cors) if cors else None,
        "health": health,
    }
    return f"const SETTINGS = {json.dumps(settings, separators=(',', ':'))};"


def _translated(key_forms: tuple[KeyForm, ...]) -> list[str]:
    """The forms that the function turns into the one that API Gateway reads."""
    return [form for form in KEY_FORMS if form in key_forms and form != API_KEY_HEADER]


def _render_cors(cors: CorsConfig) -> dict[str, Any]:
    return {
        "origins": cors.origins,
        "methods": ", ".join(CORS_METHODS),
        "headers": ", ".join(request_headers(cors)),
        "maxAge": f"{CORS_MAX_AGE.total_seconds():.0f}",
    }
