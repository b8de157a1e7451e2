"""More than the services take of what a whole gateway makes."""

from collections.abc import Iterator, Mapping
from typing import Final

from ml_gateway.config.serving_rules import Routes
from ml_gateway.conflicts import ConflictError
from ml_gateway.serving import MOST_RESOURCES_OF_AN_API, resources_of_the_api
from ml_gateway.serving.limits import MOST_RESOURCES_OF_A_STACK

MOST_REFERENCES: Final = 60
"""CloudFormation's quota of dynamic references in a template."""


def too_many_resources(routes: Routes, stack_resources: int, *, with_clients: bool) -> Iterator[ConflictError]:
    """More resources of the API, or of its stack, than either holds."""
    count = resources_of_the_api(route for each in routes.values() for route in each)
    if count > MOST_RESOURCES_OF_AN_API:
        message = (
            f"their paths make {count} resources of the API, and it takes {MOST_RESOURCES_OF_AN_API}; "
            "take out models, or put them in another gateway"
        )
        yield ConflictError(message, ("models",))
    if stack_resources > MOST_RESOURCES_OF_A_STACK:
        make, models = ("and the clients make", "models or keys") if with_clients else ("make", "models")
        message = (
            f"they {make} {stack_resources} resources of the API's stack, and CloudFormation takes "
            f"{MOST_RESOURCES_OF_A_STACK}; take out {models}, or put them in another gateway"
        )
        yield ConflictError(message, ("models",))


def too_many_references(references: Mapping[str, int], *, with_clients: bool) -> Iterator[ConflictError]:
    """More secrets than CloudFormation reads for one template; `references` counts them by what they stand for."""
    total = sum(references.values())
    if total > MOST_REFERENCES:
        counts = ", ".join(f"{kind}: {count}" for kind, count in references.items() if count)
        at, what = ("clients", "keys") if with_clients else ("backends", "models of backends with bearer")
        message = (
            f"the API's template has {total} dynamic references ({counts}), and CloudFormation takes "
            f"{MOST_REFERENCES}; take out {what}, or put them in another gateway"
        )
        yield ConflictError(message, (at,))
