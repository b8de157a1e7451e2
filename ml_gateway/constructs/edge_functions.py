"""The edge functions of one distribution."""

from collections.abc import Sequence

from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ml_gateway.constructs.edge_function import EdgeFunction
from ml_gateway.design import Callers, EdgeDesign


class EdgeFunctions:
    """A function for behaviors that keep nothing, and one for each set of headers in a cache key; each where needed.

    What passes follows from the key, and no function knows which behavior runs it. The default behavior's is
    `ViewerRequest`, whatever it keeps.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        callers: Callers,
        edge: EdgeDesign,
        default: Sequence[str] | None,
        overrides: cloudfront.IKeyValueStore | None,
    ) -> None:
        self._others = Construct(scope, "ViewerRequests")
        self._callers = callers
        self._edge = edge
        self._overrides = overrides
        self._defined = {_set_of(default): self._define(scope, "ViewerRequest", default)}

    @property
    def all(self) -> tuple[EdgeFunction, ...]:
        """The default behavior's is the first."""
        return tuple(self._defined.values())

    def beside(self, keyed: Sequence[str] | None) -> EdgeFunction:
        """The one for behaviors with these headers in the cache key; None: they keep nothing."""
        headers = _set_of(keyed)
        if headers not in self._defined:
            role = "KeepsNothing" if headers is None else "-".join(headers)
            self._defined[headers] = self._define(self._others, role, headers)
        return self._defined[headers]

    def _define(self, scope: Construct, construct_id: str, keyed: Sequence[str] | None) -> EdgeFunction:
        return EdgeFunction(
            scope, construct_id, callers=self._callers, edge=self._edge, keyed=keyed, overrides=self._overrides
        )


def _set_of(headers: Sequence[str] | None) -> tuple[str, ...] | None:
    """Neither capitals nor the order mean anything."""
    return None if headers is None else tuple(sorted(header.lower() for header in headers))
