"""The way of one request through a gateway, step by step, as the design has it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ml_gateway.cli.asked_backend import asked_backend
from ml_gateway.cli.explained_versions import hidden_model, parts_taken, picked_version
from ml_gateway.cli.requests import Asked, Taken, cleaned, methods_at, taken_by
from ml_gateway.config.types.headers import ALWAYS_IN_CACHE_KEY
from ml_gateway.credentials import API_KEY_HEADER, ORIGIN_VERIFY_HEADER
from ml_gateway.design import EdgeDesign, GatewayDesign, Identified, Keyed, ModelDesign, PlanDesign
from ml_gateway.errors import IDENTITY_UNAVAILABLE, INVALID_PATH, PAUSED, UNKNOWN_URL
from ml_gateway.serving import takes
from ml_gateway.wording import format_duration

DISTRIBUTION: Final = "<distribution>"
"""Stands for the domain name that CloudFront gives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Where the request is, and what happens to it there: each thing a sentence."""

    at: str
    says: tuple[str, ...]


def steps_of(asked: Asked, design: GatewayDesign) -> Iterator[Step]:
    """In the order in which the request meets them. The last one is who answers it, as far as the file tells."""
    yield Step(at="edge", says=tuple(_edge(asked, design)))
    path = cleaned(asked.path, slashes_in_ids=design.edge.slashes_in_model_ids)
    if path is None:
        refused = f"the edge function: {INVALID_PATH.status} {INVALID_PATH.code}, as the path could be read in two ways"
        yield Step(at="answer", says=(refused,))
        return
    asked = replace(asked, path=path)
    if answer := _answer_of_the_edge(asked, design.edge):
        yield Step(at="answer", says=(answer,))
        return
    if model := hidden_model(asked, design):
        refused = (
            f"the edge function: {UNKNOWN_URL.status} {UNKNOWN_URL.code}, as no caller asks for a version of {model}"
        )
        yield Step(at="answer", says=(refused,))
        return
    taken = taken_by(asked, design)
    if taken is not None and (split := design.models[taken.model].split):
        yield Step(at="version", says=tuple(picked_version(split, design.models[taken.model].rollback)))
    yield Step(at="cache", says=tuple(_cache(asked, design)))
    yield Step(at="region", says=tuple(_region(design)))
    yield Step(at="lock", says=tuple(_lock(design)))
    if taken is None:
        yield Step(at="answer", says=tuple(_nobody(asked, design)))
        return
    if isinstance(design.callers, Identified):
        yield Step(at="client", says=tuple(_client(taken, design)))
    yield Step(at="limits", says=tuple(_limits(taken, design)))
    yield Step(at="time", says=tuple(_time(taken, design)))
    yield Step(at="answer", says=tuple(_answer(taken, design)))


def _edge(asked: Asked, design: GatewayDesign) -> Iterator[str]:
    domain = design.edge.domain.name if design.edge.domain else DISTRIBUTION
    plain = "plain HTTP is refused" if isinstance(design.callers, Keyed) else "plain HTTP is redirected"
    yield f"{asked.method} https://{domain}{asked.path}; {plain}"
    if design.edge.countries:
        yield "CloudFront refuses callers by their country with 403 first (edge.countries)"
    if firewall := design.firewall:
        each = f"one address may send {firewall.rate}"
        keys = f", one key {next(iter(firewall.key_rates.values()))}" if firewall.key_rates else ""
        then = "what is above it, or looks like an attack, is logged" if firewall.mode == "count" else "429 above it"
        yield f"the firewall: {each}{keys}; {then}; managed rules answer 403"
    yield "the edge function refuses a path that reads in two ways with 400, and takes out headers that never pass"


def _answer_of_the_edge(asked: Asked, edge: EdgeDesign) -> str | None:
    if asked.path == edge.health and asked.method in ("GET", "HEAD"):
        return "the edge function: 200, and nothing behind it is asked (edge.health)"
    if edge.cors and asked.method == "OPTIONS":
        return "the edge function: 204 to a preflight of a page that edge.cors names, and nothing behind it is asked"
    return None


def _cache(asked: Asked, design: GatewayDesign) -> Iterator[str]:
    edge = design.edge
    never = next((pattern for pattern in edge.never_kept if takes(pattern, asked.path)), None)
    own = ((pattern, cache) for pattern, cache in edge.model_caches.items() if takes(pattern, asked.path))
    pattern, cache = next(own, ("*", edge.cache))
    if asked.method not in ("GET", "HEAD"):
        yield "nothing is kept: only answers to GET and HEAD ever are"
    elif never:
        yield f"nothing is kept: {never} tells which models there are, or are ready"
    elif cache is None or not cache.keeps:
        yield "nothing is kept of this path"
    else:
        yield (
            f"an answer is kept for {format_duration(cache.default)}, or as long as it says, at most "
            f"{format_duration(cache.max)} (path pattern {pattern}): the next request that is alike gets it"
        )
        key = (*ALWAYS_IN_CACHE_KEY, *([API_KEY_HEADER] if isinstance(design.callers, Keyed) else []), *cache.headers)
        yield f"alike are path, query, cookies and {', '.join(key)}; other headers do not reach the model"


def _region(design: GatewayDesign) -> Iterator[str]:
    answering = [name for name, region in design.regions.items() if not region.drained]
    if design.origin is None:
        yield f"the API in {answering[0]}, at its own address"
    elif len(answering) == 1:
        yield f"the API in {answering[0]}, where {design.origin.name} leads"
    else:
        yield f"{design.origin.name} leads to the nearest of {', '.join(answering)} that is healthy"
    for name in design.regions:
        if name not in answering:
            yield f"{name} is drained (regions.{name}.drain)"


def _lock(design: GatewayDesign) -> Iterator[str]:
    secret = f"the origin secret, generation {design.generation}"
    refused = "401" if design.errors or isinstance(design.callers, Identified) else "403"
    if isinstance(design.callers, Keyed):
        yield f"the distribution sends {ORIGIN_VERIFY_HEADER} with {secret}; without it a web ACL answers 403"
        what = f"a client's key or a token of {', '.join(design.issuers)}" if design.issuers else "a client's key"
        yield f"the caller sends {what} as {', '.join(design.callers.key_forms)}; without it {refused}"
    else:
        yield f"the distribution sends {API_KEY_HEADER} with {secret}; who calls the API directly gets {refused}"
        yield "there are no clients: whoever knows the address may call"


def _client(taken: Taken, design: GatewayDesign) -> Iterator[str]:
    yield "an authorizer says which client it is: 401 for nobody's key or token; it is asked again after 5 minutes"
    allowed = [name for name in design.clients if taken.model in design.may_call(name)]
    if len(allowed) == len(design.clients):
        yield f"every client may call {taken.model}"
    else:
        yield f"{', '.join(allowed)} may call {taken.model}; every other client gets 403 model_not_allowed"
    if design.issuers:
        yield f"while an issuer cannot be asked for its keys: {IDENTITY_UNAVAILABLE.status} to its tokens alone"


def _nobody(asked: Asked, design: GatewayDesign) -> Iterator[str]:
    status = "404 unknown_url" if design.errors else "403 Missing Authentication Token"
    yield f"API Gateway: {status}, as no model has it"
    if methods := methods_at(asked, design):
        yield f"the path has {', '.join(methods)}"
    else:
        yield f"models begin at {', '.join(sorted(model.served.common_path for model in design.models.values()))}"


def _limits(taken: Taken, design: GatewayDesign) -> Iterator[str]:
    if len(design.regions) > 1:
        yield "each region counts for itself:"
    for place, plan in design.every_plan.items():
        yield f"{'.'.join(place)}: {_of_plan(plan, taken, design.models[taken.model])}{_who(place, design)}"
    if design.throttle:
        yield f"the stage: {design.throttle.rate:g}/s, {design.throttle.burst} at once, of all callers to this method"
    yield "; ".join(
        [
            "above a rate 429",
            *(["when a quota is used up 429 until it starts anew"] if any(_quotas(design)) else []),
            *(["with a key that is disabled 403"] if design.clients else []),
        ]
    )


def _quotas(design: GatewayDesign) -> Iterator[bool]:
    yield from (plan.plan.quota is not None for plan in design.every_plan.values())


def _of_plan(plan: PlanDesign, taken: Taken, model: ModelDesign) -> str:
    said = f"{plan.plan.rate}, {plan.plan.burst} at once"
    several = len(model.versions) > 1
    route = next(iter(model.versions.values())).routes[model.routes.index(taken.route)] if several else taken.route
    if own := plan.limits.get(route):
        of_each = " of each version" if several else ""
        said += f", of which {own.rate:g}/s, {own.burst} at once to this method{of_each}"
    return said + (f"; {plan.plan.quota}" if plan.plan.quota else "")


def _who(place: tuple[str, ...], design: GatewayDesign) -> str:
    """Whose keys a plan with a name limits, each for itself."""
    if place[0] != "plans" or not design.clients:
        return ""
    named = [name for name, client in design.clients.items() if client.plan == place[1]]
    each = "each key, and all tokens together," if any(design.clients[name].tokens for name in named) else "each key"
    return f" ({each} of {', '.join(named)})" if named else " (no client has it)"


def _time(taken: Taken, design: GatewayDesign) -> Iterator[str]:
    for label, _, route in parts_taken(taken, design):
        how = "passes the answer on as it comes" if route.streams else "waits for the whole answer"
        yield f"{label}API Gateway {how}, for at most {format_duration(route.timeout)}; then 504"
    yield f"the edge waits {format_duration(design.edge.response_timeout)} for the first byte, and in each gap"


def _answer(taken: Taken, design: GatewayDesign) -> Iterator[str]:
    model = design.models[taken.model]
    if model.served.paused:
        yield f"API Gateway: {PAUSED.status} {PAUSED.code}, as models.{taken.model} is paused"
    elif taken.route.answer is not None:
        yield f"API Gateway: 200 {taken.route.answer}"
    else:
        identified = isinstance(design.callers, Identified)
        for label, part, route in parts_taken(taken, design):
            for said in asked_backend(replace(taken, route=route), part, stage=design.stage, identified=identified):
                yield label + said
