"""Rules between the regions and what they share: a name, and the limits of callers."""

from collections.abc import Iterator

from ml_gateway.config import GatewayConfig, PlanConfig
from ml_gateway.conflicts import Conflict
from ml_gateway.design import GatewayDesign, MethodLimit
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown


@reads("edge.domain")
def regions_without_a_name(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    if len(meant.regions) > 1 and meant.origin is None:
        message = (
            f"{len(meant.regions)} regions are behind one address by a name in a zone of Route 53, and there is none; "
            "write edge.domain with hosted_zone, or keep one region"
        )
        yield Conflict(message, ("regions",))


@reads()
def no_region_that_answers(_said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    if all(region.drained for region in meant.regions.values()):
        *_, last = meant.regions
        message = "true for every region leaves none that answers; take it off one"
        yield Conflict(message, ("regions", last, "drain"))


@reads("regions")
def plans_that_do_not_say_what_regions_share(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    """API Gateway counts in each region by itself (docs/regions.md)."""
    regions = len(meant.regions)
    for at, plan in said.every_plan.items():
        if regions > 1 and plan.across_regions is None:
            message = (
                f"missing; API Gateway counts in each of the {regions} regions for itself. Write across_regions: each, "
                "and every region lets all of it through, or across_regions: split, and each lets through its part"
            )
            yield Conflict(message, (*at, "across_regions"))


@reads("regions", ".rate", ".burst")
def plans_too_small_to_be_split(said: GatewayConfig, meant: GatewayDesign) -> Iterator[Conflict]:
    regions = len(meant.regions)
    for at, plan in said.every_plan.items():
        if regions < 2 or plan.across_regions != "split":
            continue
        for setting, count in _counted(plan).items():
            if count < regions:
                counted = f"a burst of {count}" if setting[0] == "limits" else shown(count)
                message = (
                    f"{counted} cannot be split between {regions} regions; write at least {regions}, or "
                    "across_regions: each"
                )
                yield Conflict(message, (*at, *setting))


def _counted(plan: PlanConfig) -> dict[tuple[str, ...], int]:
    """What is a number of requests, and so has no fractions."""
    counted: dict[tuple[str, ...], int] = {("burst",): plan.burst}
    if plan.quota:
        counted["quota",] = plan.quota.requests
    counted |= {("limits", name): MethodLimit.of(limit).burst for name, limit in plan.limits.items()}
    return counted
