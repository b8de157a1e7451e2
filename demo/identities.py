"""What the demo claims of gateways whose callers an authorizer tells apart."""

from collections.abc import Iterator
from dataclasses import replace

from demo.model_requests import model_request
from demo.observations import Observation, distinct
from ml_gateway.credentials import API_KEY_HEADER, CLIENT_HEADER
from ml_gateway.local.gateway import LocalGateway, keys_of_clients
from ml_gateway.local.http_client import Answer


def tokens_are_taken(gateway: LocalGateway) -> Observation:
    told = []
    for client, token in gateway.tokens.items():
        answer = _asked(gateway, gateway.design.may_call(client)[0], token)
        headers = (answer.json() or {}).get("received", {}).get("headers", {})
        told.append({name.lower(): value for name, value in headers.items()}.get(CLIENT_HEADER, f"{answer.status}"))
    return Observation(
        claim="a token is taken in place of a key, and the model is told whose it is",
        expected=", ".join(gateway.tokens),
        observed=", ".join(told),
    )


def others_models_are_refused(gateway: LocalGateway) -> Observation:
    return Observation(
        claim="a client that has a list of models is refused by all others",
        expected="403",
        observed=distinct(_statuses_of_others(gateway)),
    )


def changed_tokens_are_refused(gateway: LocalGateway) -> Observation:
    changed = [f"{token.rpartition('.')[0]}.{'A' * 342}" for token in gateway.tokens.values()]
    model = next(iter(gateway.design.models))
    return Observation(
        claim="a token with another signature is nobody's",
        expected="401",
        observed=distinct(_asked(gateway, model, token).status for token in changed),
    )


def _statuses_of_others(gateway: LocalGateway) -> Iterator[int]:
    keys = keys_of_clients(gateway.config, gateway.cloud)
    for client in gateway.design.clients:
        allowed = gateway.design.may_call(client)
        credential = next(iter(keys[client].values()), gateway.tokens.get(client, ""))
        for model in gateway.design.models:
            if model not in allowed:
                yield _asked(gateway, model, credential).status


def _asked(gateway: LocalGateway, model: str, credential: str) -> Answer:
    request = model_request(gateway.design, model)
    return gateway.edge.send(replace(request, headers={**request.headers, API_KEY_HEADER: credential}))
