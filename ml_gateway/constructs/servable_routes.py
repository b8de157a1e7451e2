"""Which routes one API can serve together."""

from collections.abc import Collection

from ml_gateway.design import ServiceQuotas
from ml_gateway.serving import Route, misfits, resources_of_the_api
from ml_gateway.wording import format_duration


def check_routes(routes: Collection[Route], quotas: ServiceQuotas) -> None:
    """Raise ValueError with the first that the file would refuse: paths that cannot stand beside each other, answers
    that API Gateway does not wait for, more resources than the account's API takes."""
    named: dict[str, list[Route]] = {}
    for route in routes:
        named.setdefault(f"{route.http_method} {route.path}", []).append(route)
    for name, each in named.items():
        if len(each) > 1:
            raise ValueError(f"routes: {name!r} is there {len(each)} times; keep one, or give one of them another path")
    for misfit in misfits(named, called="route"):
        raise ValueError(f"routes: {misfit.message}")
    for name, (route,) in named.items():
        if not route.streams and route.timeout > quotas.integration_timeout:
            raise ValueError(
                f"routes: the timeout of {name!r}, {format_duration(route.timeout)}, is longer than the "
                f"{format_duration(quotas.integration_timeout)} that API Gateway waits for a whole answer; write "
                "streams=True, or quotas=ServiceQuotas(integration_timeout=...) once AWS raised it for the account"
            )
    count = resources_of_the_api(routes)
    if count > quotas.api_resources:
        raise ValueError(
            f"routes: their paths make {count} resources of the API, and it takes {quotas.api_resources}; write "
            f"quotas=ServiceQuotas(api_resources={count}) once AWS raised it for the account, or take out some"
        )
