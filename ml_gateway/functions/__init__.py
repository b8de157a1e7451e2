"""Functions of the gateway, at the edge and beside its API, as code: what defines them lies in `constructs`."""

from ml_gateway.functions.assembly import (
    KeyFormSettings,
    PreflightSettings,
    ViewerRequestSettings,
    assembled_viewer_request,
    settings_of_viewer_request,
)
from ml_gateway.functions.authorizer_code import (
    AuthorizerSettings,
    ClientSettings,
    IssuerSettings,
    MissingModuleError,
    find_jose,
    write_authorizer,
)

__all__ = [
    "AuthorizerSettings",
    "ClientSettings",
    "IssuerSettings",
    "KeyFormSettings",
    "MissingModuleError",
    "PreflightSettings",
    "ViewerRequestSettings",
    "assembled_viewer_request",
    "find_jose",
    "settings_of_viewer_request",
    "write_authorizer",
]
