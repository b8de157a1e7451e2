"""Functions of the gateway, at the edge and beside its API, as code: what defines them lies in `constructs`."""

from ml_gateway.functions.assembly import (
    KeyFormSettings,
    PreflightSettings,
    SplitSettings,
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
from ml_gateway.functions.overrides_code import OverridesSettings, RollbackSettings, find_signer, write_overrides

__all__ = [
    "AuthorizerSettings",
    "ClientSettings",
    "IssuerSettings",
    "KeyFormSettings",
    "MissingModuleError",
    "OverridesSettings",
    "PreflightSettings",
    "RollbackSettings",
    "SplitSettings",
    "ViewerRequestSettings",
    "assembled_viewer_request",
    "find_jose",
    "find_signer",
    "settings_of_viewer_request",
    "write_authorizer",
    "write_overrides",
]
