"""Which function a behavior has, and whether it is the gateway's own."""

from typing import Any

from ml_gateway.functions import settings_of_viewer_request
from ml_gateway.policy.template import Place


def our_function(behavior: Place) -> Place:
    """The one function of a behavior. Errors: none, more than one, another event, one that is not the gateway's."""
    function = _only_function(behavior)
    _settings(function)
    return function


def our_settings(behavior: Place) -> dict[str, Any]:
    """What the gateway's function is set to. Errors: as for `our_function`."""
    return _settings(_only_function(behavior))


def _settings(function: Place) -> dict[str, Any]:
    """A function is known by its code, to the last character: only its settings may be others."""
    settings = settings_of_viewer_request(function["FunctionCode"].text())
    if settings is None:
        raise function["FunctionCode"].unreadable("is not that of EdgeFunction")
    return settings


def _only_function(behavior: Place) -> Place:
    associations = behavior["FunctionAssociations"]
    found = associations.items()
    if [association["EventType"].text() for association in found] != ["viewer-request"]:
        raise associations.unreadable("is not one function at viewer-request")
    function = found[0]["FunctionARN"].refers_to("AWS::CloudFront::Function")
    if function is None:
        raise found[0]["FunctionARN"].unreadable("is no function of this template")
    return function
