"""Who may call what, as an API's metadata has it: what becomes of the models and tokens of each client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ml_gateway import naming
from ml_gateway.review.assembly import Json, Resource
from ml_gateway.review.wording import Quoted, Words

UNTIL_THE_STAGE: Final = (
    "AWS does not say whether requests are refused for some seconds, until the new deployment is the stage's"
)

_PAGE: Final = " (docs/changes.md)"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownClient:
    """`models`: None for no list, which is all of them. `tokens`: pairs of an issuer and what its claim says."""

    models: frozenset[str] | None = None
    tokens: frozenset[tuple[str, str]] = field(default_factory=frozenset)


def described_callers(api: Resource) -> Json:
    """What an API's table of differences says of them; nothing where no authorizer knows them."""
    found = {
        "clients": _object(api.metadata.get(naming.CLIENTS_METADATA)),
        "issuers": _object(api.metadata.get(naming.ISSUERS_METADATA)),
    }
    return {name: _in_words(value) for name, value in found.items() if value}


def changed_callers(old: Resource, new: Resource) -> Iterator[Words]:
    """What clients lose with the change of an API, and which lists of models go."""
    before, after = _clients(old), _clients(new)
    if bool(before) != bool(after):
        came, where = ("comes", "from") if after else ("goes", "no longer from")
        yield (f"the first `jwt` or `models` {came}: " if after else f"the last `jwt` or `models` {came}: ",
               f"the API takes the key of a request {where} an authorizer then; {UNTIL_THE_STAGE}{_PAGE}")  # fmt: skip
    left = _models(new)
    owners = {token: name for name, client in after.items() for token in client.tokens}
    for name, client in before.items():
        now = after.get(name, KnownClient())
        yield from _of_models(name, client, now, left)
        if name in after and now.tokens:  # else the key that counts for them goes, and says so
            yield from _of_tokens(name, client, now, owners)


def _of_models(name: str, before: KnownClient, now: KnownClient, left: frozenset[str]) -> Iterator[Words]:
    listed = left if before.models is None else before.models
    if before.models is not None and now.models is None:
        yield ("client ", Quoted(name), " **may call every model**, and no longer ", *_names(before.models), " alone")
    elif now.models is not None and (lost := (listed & left) - now.models):
        yield ("client ", Quoted(name), ": 403 for ", *_names(lost), " once the API is deployed, or up to 5 minutes on")


def _of_tokens(
    name: str, before: KnownClient, now: KnownClient, owners: Mapping[tuple[str, str], str]
) -> Iterator[Words]:
    for issuer, value in sorted(before.tokens - now.tokens):
        lost: Words = ("client ", Quoted(name), ", tokens of ", Quoted(value), " by ", Quoted(issuer), ": ")
        owner = owners.get((issuer, value))
        yield (*lost, "those of client ", Quoted(owner), " then") if owner else (*lost, "refused within 5 minutes")


def _names(models: frozenset[str]) -> Iterator[str | Quoted]:
    for number, model in enumerate(sorted(models)):
        yield from ((", ",) if number else ())
        yield Quoted(model)


def _clients(api: Resource) -> Mapping[str, KnownClient]:
    return {name: _client(value) for name, value in _object(api.metadata.get(naming.CLIENTS_METADATA)).items()}


def _client(value: Any) -> KnownClient:
    said = _object(value)
    models, tokens = said.get("models"), _object(said.get("tokens"))
    return KnownClient(
        models=frozenset(map(str, models)) if isinstance(models, list) else None,
        tokens=frozenset(
            (issuer, str(each)) for issuer, values in tokens.items() if isinstance(values, list) for each in values
        ),
    )


def _models(api: Resource) -> frozenset[str]:
    return frozenset(_object(api.metadata.get(naming.MODELS_METADATA)))


def _in_words(value: Any) -> Any:
    """Lists as the file has them."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {name: _in_words(each) for name, each in value.items()} if isinstance(value, dict) else value


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
