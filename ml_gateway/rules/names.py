"""Names of entries and tags: their form, what they lead to, and names that only hyphens tell apart."""

from collections.abc import Iterable, Iterator

from ml_gateway import naming
from ml_gateway.config import GatewayConfig
from ml_gateway.config.types.names import ENTRY_NAME, TAG_KEY
from ml_gateway.conflicts import Conflict, refused_names
from ml_gateway.design import GatewayDesign
from ml_gateway.rules.rule import reads
from ml_gateway.wording import shown, suggestion


@reads()
def misnamed_entries(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Entries, or tags, whose names do not have the form of one."""
    forms = dict.fromkeys(("backends", "models", "plans", "clients"), ENTRY_NAME) | {"tags": TAG_KEY}
    for section, form in forms.items():
        for name, message in refused_names(getattr(said, section), form.check):
            yield Conflict(message, (section, name))


@reads("plans")
def unknown_plans(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Clients that name a plan which is not there."""
    for name, client in said.clients.items():
        if client.plan not in said.plans:
            message = f"{shown(client.plan)} is not a plan; {suggestion(client.plan, said.plans)}"
            yield Conflict(message, ("clients", name, "plan"))


@reads("models")
def limits_of_unknown_models(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Limits of models which are not there."""
    for name, plan in said.plans.items():
        for model in plan.limits:
            if model not in said.models:
                message = f"{shown(model)} is not a model; {suggestion(model, said.models)}"
                yield Conflict(message, ("plans", name, "limits", model))


@reads()
def look_alike_entries(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Models, or clients, that would have one output."""
    for section in ("models", "clients"):
        for name, message in _alike(getattr(said, section)):
            yield Conflict(message, (section, name))


@reads()
def look_alike_keys(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Keys of one client that would have one output."""
    for client, config in said.clients.items():
        for _, message in _alike(config.keys):
            yield Conflict(message, ("clients", client, "keys"))


@reads("clients.*.keys")
def confused_keys(said: GatewayConfig, _meant: GatewayDesign) -> Iterator[Conflict]:
    """Keys of two clients for which outputs have one name: key `a-of-b` of `c`, and key `a` of `b-of-c`."""
    first: dict[str, tuple[str, str]] = {}
    for client, config in said.clients.items():
        for key in config.keys:
            other, its_key = first.setdefault(naming.in_outputs(f"{key}-of-{client}"), (client, key))
            # Clients whose names differ in hyphens only are refused as such.
            if naming.in_outputs(other) != naming.in_outputs(client):
                message = (
                    f"{shown(key)} would have the output of key {shown(its_key)} of client {shown(other)}, "
                    "since outputs leave hyphens out; rename one"
                )
                yield Conflict(message, ("clients", client, "keys"), {"clients": (client, other)})


def _alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that differ in hyphens only, and why not: `llama3` and `llama-3` would both give the output `Llama3Url`."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(naming.in_outputs(name), name)
        if other != name:
            yield name, f"{shown(name)} and {shown(other)} differ in hyphens only, which outputs leave out; rename one"
