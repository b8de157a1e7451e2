"""Where a backend keeps what all its routes share."""

from constructs import Construct


def namespace(scope: Construct, name: str) -> Construct:
    """The construct called `name` in `scope`, defined when it is first asked for."""
    found = scope.node.try_find_child(name)
    return found if isinstance(found, Construct) else Construct(scope, name)
