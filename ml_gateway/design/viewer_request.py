"""The code of the edge function, as it follows from what the edge does and who calls."""

from collections.abc import Collection

from ml_gateway.config import CorsConfig
from ml_gateway.credentials import API_KEY_HEADER, BEARER_SCHEME, KEY_FORMS, KeyForm
from ml_gateway.design.callers import Callers, Identified, Keyed
from ml_gateway.design.cors import CORS_MAX_AGE, CORS_METHODS, request_headers
from ml_gateway.design.edge import EdgeDesign
from ml_gateway.design.rollouts import Split
from ml_gateway.errors import INVALID_PATH, UNKNOWN_URL, error_body
from ml_gateway.functions import (
    KeyFormSettings,
    PreflightSettings,
    SplitSettings,
    ViewerRequestSettings,
    assembled_viewer_request,
)


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
            splits=tuple(map(_render_split, edge.splits)),
            unknown=error_body(edge.dialect, UNKNOWN_URL, request_id=None) if edge.splits else None,
            claims=edge.claims,
        )
    )


def _render_split(split: Split) -> SplitSettings:
    return SplitSettings(
        model=split.model,
        takes=split.takes,
        versions=tuple(split.shares),
        shares=tuple(split.shares.values()),
        by_client=split.by_client,
        by_header=split.by_header,
        choose=split.choose,
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
