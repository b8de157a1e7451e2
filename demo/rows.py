"""The rows of the demo: which claims are observed for a gateway, and in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from demo import identities, observations, regions, rollouts
from demo.observations import ROTATION_REQUESTS, Observation, asked_models, burst_size
from ml_gateway.config import GatewayConfig
from ml_gateway.design import GatewayDesign, ModelDesign
from ml_gateway.local.gateway import LocalGateway, lowest_rate, shown_client, shown_plan
from ml_gateway.serving import Route

LARGEST_BURST: Final = 200
HIGHEST_RATE: Final = 20
"""Requests per second. What passes these two cannot be exceeded here: the emulator is too slow to be flooded."""
LOWEST_RATE: Final = 0.1
"""Requests per second. Below it the demo would do little else than wait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A claim that has yet to be looked at; `title` says what is under way meanwhile."""

    title: str
    observe: Callable[[LocalGateway], Observation]


def rows(config: GatewayConfig, *, keep: bool = False) -> list[Row]:
    """The claims about a gateway, in the order in which they can be observed.

    The last one leaves nothing of it; with `keep` it is left out.
    """
    return [
        *(
            Row(title=f"asking the model {name}", observe=partial(observations.prediction, name=name))
            for name in config.models
        ),
        *(
            Row(title=f"asking for {route.path}", observe=partial(observations.answer_of_the_gateway, route=route))
            for route in _answered(config)
        ),
        Row(title="calling the API without the key", observe=observations.no_key),
        Row(title="calling the API with a wrong key", observe=observations.wrong_key),
        *_of_identities(config),
        *_of_versions(config),
        Row(title="asking over plain HTTP", observe=observations.plain_http),
        Row(title="asking for an unknown path", observe=observations.unknown_path),
        *([] if reason_without_burst(config) else [Row(title="sending a burst", observe=observations.burst)]),
        *(
            [Row(title="using up one region, and draining it", observe=regions.counts_and_drain)]
            if len(config.regions) > 1 and not reason_without_burst(config)
            else []
        ),
        Row(title="cdk diff", observe=observations.no_differences),
        Row(title="a second cdk deploy", observe=observations.second_deploy),
        Row(title="cdk deploy of the next generation, under load", observe=observations.rotation),
        Row(title="looking at what CloudFront sends", observe=observations.sent_secret),
        *([] if keep else [Row(title="cdk destroy", observe=observations.destruction)]),
    ]


def _of_identities(config: GatewayConfig) -> Iterator[Row]:
    design = GatewayDesign.of(config)
    if any(client.tokens for client in design.clients.values()):
        yield Row(title="sending tokens", observe=identities.tokens_are_taken)
        yield Row(title="sending tokens that were changed", observe=identities.changed_tokens_are_refused)
    if any(client.models is not None for client in design.clients.values()):
        yield Row(title="asking for the models of others", observe=identities.others_models_are_refused)


def _of_versions(config: GatewayConfig) -> Iterator[Row]:
    design = GatewayDesign.of(config)
    if design.edge.splits:
        yield Row(title="asking for versions by their paths", observe=rollouts.versions_are_hidden)
    if rollouts.choosable(design):
        yield Row(title="choosing a version", observe=rollouts.versions_are_chosen)


def _answered(config: GatewayConfig) -> list[Route]:
    """The routes that the gateway answers by itself."""
    models = GatewayDesign.of(config).models
    return [route for name in asked_models(config) for route in models[name].routes if route.answer is not None]


def reason_without_burst(config: GatewayConfig) -> str | None:
    """Why no burst is observed, if so."""
    plan = shown_plan(config)
    if plan.burst <= LARGEST_BURST and plan.rate.per_second <= HIGHEST_RATE:
        return None
    return (
        f"no burst is shown: the plan allows {plan.rate.per_second:g} requests/s and {plan.burst} at once; "
        f"the emulator is too slow to exceed more than {HIGHEST_RATE} and {LARGEST_BURST}"
    )


def has_containers(config: GatewayConfig) -> bool:
    """Whether something stands in for SageMaker."""
    return any(model.backend.type == "sagemaker" for model in GatewayDesign.of(config).parts.values())


def _has_a_server(model: ModelDesign) -> bool:
    types = {each.backend.type for each in (model, *model.versions.values())}
    return types == {"http"} or (types <= {"http", "sagemaker"} and model.served.protocol == "raw")


def reason_to_refuse(config: GatewayConfig) -> str | None:
    """Why the rows cannot be observed at all, if so: a model is out of reach, or the plan would not last."""
    if not asked_models(config):
        return "every model is paused, so there is none to ask; try a file with another one"
    models = GatewayDesign.of(config).models
    elsewhere = [f"{name} ({model.backend.type})" for name, model in models.items() if not _has_a_server(model)]
    if elsewhere:
        return (
            "the demo has a server for http models, and for raw ones of SageMaker, whose container it stands in for, "
            f"and none for {', '.join(elsewhere)}; try a file without"
        )
    client = shown_client(config)
    if client is not None and len(GatewayDesign.of(config).may_call(client)) < len(models):
        return "no client may call every model, and the demo asks each with one key; try a file with such a client"
    plan = shown_plan(config)
    if (lowest := lowest_rate(plan)) < LOWEST_RATE:
        return (
            f"a rate of {lowest:g}/s is too low for the demo, which sends many requests; "
            f"try a file with a rate of {LOWEST_RATE}/s or more"
        )
    asked = len(config.models) + len(_answered(config))
    needed = asked + (0 if reason_without_burst(config) else burst_size(plan)) + ROTATION_REQUESTS
    if plan.quota is None or plan.quota.requests >= needed:
        return None
    return (
        f"the quota of {plan.quota.requests} requests is too small for the demo, which sends up to {needed}; "
        "try a file with a larger quota"
    )
