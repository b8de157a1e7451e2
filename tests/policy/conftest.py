"""What tests of all rules together look at, and how they watch a rule while it reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ml_gateway import CorsConfig, DomainConfig, EdgeConfig, OriginLockConfig
from ml_gateway.policy import Template
from ml_gateway.policy.template import Place
from ml_gateway.policy.tokens import is_token
from tests.constructs.firewalls import full_firewall
from tests.constructs.multi_tenant import CACHE, multi_tenant_template
from tests.policy.reading import templates_of_apis
from tests.synthesis import gateway_config, synthesize

Path = tuple[str | int, ...]


@dataclass
class Watch:
    """What was asked for, each by the id of its resource and its path."""

    needed: set[tuple[str, Path]] = field(default_factory=set)
    maybe: set[tuple[str, Path]] = field(default_factory=set)
    """Needed or not, there or not: all that was asked for by its name."""
    met: set[tuple[str, Path]] = field(default_factory=set)
    """Items of lists, and what was searched."""

    def clear(self) -> None:
        for paths in (self.needed, self.maybe, self.met):
            paths.clear()

    def all(self) -> set[tuple[str, Path]]:
        """Those inside a resource."""
        return {path for path in self.needed | self.maybe | self.met if path[0]}


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watched = Watch()
    get, getitem, items, find = Place.get, Place.__getitem__, Place.items, Place.find

    def watched_get(place: Place, key: str) -> Place | None:
        watched.maybe.add((place.logical_id, (*place.path, key)))
        return get(place, key)

    def watched_getitem(place: Place, key: str) -> Place:
        watched.needed.add((place.logical_id, (*place.path, key)))
        return getitem(place, key)

    def watched_items(place: Place) -> list[Place]:
        found = items(place)
        watched.met |= {(one.logical_id, one.path) for one in found}
        return found

    def watched_find(place: Place, *keys: str) -> list[Place]:
        watched.met |= {(place.logical_id, path) for path in below(place.value, place.path)}
        return find(place, *keys)

    monkeypatch.setattr(Place, "get", watched_get)
    monkeypatch.setattr(Place, "__getitem__", watched_getitem)
    monkeypatch.setattr(Place, "items", watched_items)
    monkeypatch.setattr(Place, "find", watched_find)
    return watched


def below(value: Any, path: Path) -> Iterator[Path]:
    """Every path to an object or a list below a value, but into tokens and ARNs, which may be tokens."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        if isinstance(one, dict | list) and key != "Arn" and not is_token(one):
            yield (*path, key)
            yield from below(one, (*path, key))


@pytest.fixture(scope="session")
def samples() -> list[Template]:
    """One-stack and two-stack gateways, with and without clients, and firewalls: together each rule's subjects."""
    domain = DomainConfig(name="ml.example.com", hosted_zone="Z0123456789ABCDEFGHIJ")
    edge = EdgeConfig(cache=CACHE, cors=CorsConfig(origins=("https://app.example.com",)), domain=domain)
    two_stacks = synthesize(gateway_config(origin_lock=OriginLockConfig(generation=2), edge=edge))
    firewalls = [full_firewall(deny=("AQ",)), full_firewall(), full_firewall(mode="count")]
    return list(map(Template.of, (*two_stacks.values(), multi_tenant_template(), *firewalls, *templates_of_apis())))


def unwritten(content: Any) -> Template:
    """A template with this content and no text, for whoever reads them by the thousand: of its text are sizes alone."""
    template = Template("null")
    template.content = content
    return template


def replaced(content: Any, path: Path, value: Any) -> Any:
    """The content with `value` at the path; what lies beside the path is shared, and nobody changes it."""
    if not path:
        return value
    copied = content.copy()
    copied[path[0]] = replaced(content[path[0]], path[1:], value)
    return copied
