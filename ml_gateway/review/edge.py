"""What callers lose at the edge by other settings of its function: forms of keys, the health check, pages that call."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.credentials import API_KEY_HEADER, KEY_FORMS
from ml_gateway.functions.assembly import settings_line_of
from ml_gateway.review.assembly import Json, Resource, Template
from ml_gateway.review.changes import StackChange
from ml_gateway.review.wording import Quoted, Words

_ANY_ORIGIN: Final = "*"
_FORMS: Final = {header: form for form, header in KEY_FORMS.items() if header != API_KEY_HEADER}


def lost_at_the_edge(change: StackChange) -> Iterator[Words]:
    """All functions of one gateway agree in these settings, so the first one tells."""
    before, now = _settings(change.old), _settings(change.new)
    if before is None or now is None:
        return
    if now.get("keyForms") is not None:
        for form in sorted(_forms(before) - _forms(now)):
            yield ("keys that come as ", Quoted(form), ": refused once the edge is deployed (`edge.accept_keys`)")
    health = before.get("health")
    if isinstance(health, str) and health != now.get("health"):
        yield (Quoted(f"GET {health}"), " is no longer answered by the edge (`edge.health`)")
    left = set() if _ANY_ORIGIN in _origins(now) else _origins(before) - _origins(now)
    for origin in sorted(left):
        whose: Words = ("any origin",) if origin == _ANY_ORIGIN else (Quoted(origin),)
        yield ("pages of ", *whose, " may no longer call (`edge.cors`)")


def lost_names(change: StackChange) -> Iterator[Words]:
    """Names of its own at which a distribution that stays answers no more."""
    for logical_id, old in (change.old.resources if change.old else {}).items():
        new = change.new.resources.get(logical_id) if change.new else None
        if new is not None and old.type == "AWS::CloudFront::Distribution":
            for name in sorted(_names(old) - _names(new)):
                yield (Quoted(f"https://{name}"), " answers no more once the edge is deployed (`edge.domain`)")


def _names(distribution: Resource) -> set[str]:
    match distribution.properties.get("DistributionConfig"):
        case {"Aliases": [*names]}:
            return {name for name in names if isinstance(name, str)}
    return set()


def _settings(template: Template | None) -> Json | None:
    for resource in template.resources.values() if template else ():
        code = resource.properties.get("FunctionCode")
        if resource.type == "AWS::CloudFront::Function" and isinstance(code, str):
            found = settings_line_of(code)
            if found is not None:
                return found
    return None


def _forms(settings: Json) -> set[str]:
    forms = settings.get("keyForms")
    headers = [str(form.get("header")) for form in forms if isinstance(form, dict)] if isinstance(forms, list) else []
    return {_FORMS.get(header, header) for header in headers}


def _origins(settings: Json) -> set[str]:
    cors = settings.get("cors")
    found = cors.get("origins") if isinstance(cors, dict) else None
    return set(map(str, found)) if isinstance(found, list) else set()
