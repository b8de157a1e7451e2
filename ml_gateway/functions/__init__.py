"""Functions that run at the edge, as code: what defines them lies in `constructs`."""

from ml_gateway.functions.assembly import (
    KeyFormSettings,
    PreflightSettings,
    ViewerRequestSettings,
    assembled_viewer_request,
    settings_of_viewer_request,
)

__all__ = [
    "KeyFormSettings",
    "PreflightSettings",
    "ViewerRequestSettings",
    "assembled_viewer_request",
    "settings_of_viewer_request",
]
