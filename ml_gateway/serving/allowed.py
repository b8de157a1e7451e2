"""What a client may call, as resources of an IAM policy below the stage of an API: `POST/fraud`.

The paths of requests stand in such a resource, not those of routes: a variable is whatever a caller writes. IAM's `*`
takes any characters, slashes among them (IAM User Guide, "Wildcards in resources"), as in a path pattern of CloudFront.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from posixpath import commonpath
from typing import Final

from ml_gateway.serving.model import ServedModel
from ml_gateway.serving.patterns import pattern_of, stray_request

EVERYTHING: Final = ("*",)
"""All that the API has."""

LONGEST_RESOURCE: Final = 512
"""Characters of a resource in the policy that an authorizer answers with (API Gateway Developer Guide, "Output from an
API Gateway Lambda authorizer")."""


def allowed_by(model: ServedModel) -> tuple[str, ...]:
    """The methods of one model, written out: `*` in the place of one would take paths of other models as well.

    Each twice, with a slash at its end, too, which API Gateway ignores when it chooses a route; whether it does so when
    it compares a policy is not documented. A protocol has many routes, which are all below a path of their own.
    """
    found = dict.fromkeys(f"{method}{pattern}" for method, pattern in _patterns(model))
    return tuple(found)


def stray_call(allowed: ServedModel, other: ServedModel, *, own: Iterable[str]) -> str | None:
    """A request for `other` that the policy for `allowed` lets through, such as `POST /a/b`; None if there is none.

    Requests for which API Gateway chooses one of the paths `own` do not count.
    """
    own = tuple(own)
    for (method, pattern), route, slash in product(dict.fromkeys(_patterns(allowed)), other.routes, (False, True)):
        if route.http_method == method and (found := stray_request(pattern, route.path, own, slash=slash)):
            return f"{method} {found}"
    return None


def _patterns(model: ServedModel) -> Iterator[tuple[str, str]]:
    below = f"{commonpath([route.path for route in model.routes])}/"
    for route in model.routes:
        if model.protocol != "raw" and route.path.startswith(below):
            yield route.http_method, f"{below}*"
            continue
        pattern = pattern_of(route.path)
        yield route.http_method, pattern
        if not pattern.endswith("*"):
            yield route.http_method, f"{pattern}/"
