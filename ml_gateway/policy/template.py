"""A template as house rules read it: nothing is guessed, and what cannot be read is a finding."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from ml_gateway.policy.finding import Finding, UnreadableError
from ml_gateway.policy.tokens import Json, is_token, reference

Key = str | int

SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:[\w/+=.@-]+:SecretString:[^:{}]*:[^:{}]*:[^:{}]*\}\}")
"""A dynamic reference to a secret by its name. An ARN has colons, and is another region's as soon as a stack moves."""

_LONGEST_SHOWN: Final = 60


class Template:
    """A CloudFormation template in JSON, as it is written to a file.

    `region`: where its stack is deployed to, if that is known.
    """

    app: "Sequence[Template]"
    """All templates of the app that it belongs to, itself among them."""

    def __init__(self, text: str, *, region: str | None = None) -> None:
        self.region = region
        self.app = (self,)
        self._text = text
        self.content: Json = json.loads(text)

    @classmethod
    def of(cls, content: Json, *, region: str | None = None) -> Self:
        """The template with this content, written as CDK writes it."""
        return cls(json.dumps(content, indent=1, ensure_ascii=False), region=region)

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self._text.encode())

    @property
    def references(self) -> int:
        """How many dynamic references it has."""
        return self._text.count("{{resolve:")

    @property
    def whole(self) -> "Place":
        return Place(template=self, logical_id="", path=(), value=self.content)

    @property
    def resources(self) -> "list[Place]":
        """All resources, each as a whole."""
        return [self.resource(logical_id) for logical_id in self._resources]

    def resource(self, logical_id: str) -> "Place":
        return Place(template=self, logical_id=logical_id, path=(), value=self._resources[logical_id])

    def properties(self, logical_id: str) -> "Place":
        found = self._resources[logical_id].get("Properties", {})
        place = Place(template=self, logical_id=logical_id, path=("Properties",), value=found)
        if not isinstance(found, dict):
            raise place.unreadable("is not an object")
        return place

    def all_of(self, resource_type: str) -> "list[Place]":
        """The properties of every resource of that type. Errors: one in what is no resource, such as a loop."""
        for logical_id, text in self._no_resources.items():
            if resource_type in text:
                raise self._unreadable(logical_id, f"has an {resource_type}, which no check can read: write it out")
        return [self.properties(logical_id) for logical_id in self._logical_ids.get(resource_type, [])]

    def type_of(self, logical_id: str) -> str | None:
        """None if it is no resource of this template."""
        resource = self._resources.get(logical_id)
        return str(resource.get("Type")) if resource is not None else None

    @cached_property
    def _entries(self) -> Json:
        """What stands among the resources."""
        found = self.content.get("Resources", {}) if isinstance(self.content, dict) else None
        if not isinstance(found, dict):
            raise self._unreadable("", "is not an object")
        return found

    @cached_property
    def _resources(self) -> dict[str, Json]:
        return {key: entry for key, entry in self._entries.items() if isinstance(entry, dict)}

    @cached_property
    def written(self) -> dict[str, str]:
        """Each resource as JSON, by its logical id: what many rules look through, and is written once."""
        return {logical_id: json.dumps(resource) for logical_id, resource in self._resources.items()}

    @cached_property
    def _no_resources(self) -> dict[str, str]:
        """The other entries, as text: `Fn::ForEach` is a list."""
        return {key: json.dumps(entry) for key, entry in self._entries.items() if key not in self._resources}

    @cached_property
    def _logical_ids(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for logical_id, resource in self._resources.items():
            found.setdefault(str(resource.get("Type")), []).append(logical_id)
        return found

    def _unreadable(self, logical_id: str, found: str) -> UnreadableError:
        return UnreadableError(Finding(logical_id=logical_id, location="" if logical_id else "Resources", found=found))


def make_one_app(templates: Sequence[Template]) -> None:
    """Have each of the templates know all the others."""
    for template in templates:
        template.app = templates


# Not frozen, which takes thrice as long to make: rules make ten thousands of them for a large template.
@dataclass(kw_only=True, slots=True)
class Place:
    """A value somewhere in a template, which stays what it is.

    Whoever takes something else for granted than is there gets an `UnreadableError`, which is a finding of the rule.
    """

    template: Template
    logical_id: str
    path: tuple[Key, ...]
    value: Any

    def __getitem__(self, key: str) -> "Place":
        """What the object has under `key`: it has to be there."""
        found = self.get(key)
        if found is None:
            raise UnreadableError(
                Finding(logical_id=self.logical_id, location=_dotted(*self.path, key), found="is missing")
            )
        return found

    def get(self, key: str) -> "Place | None":
        """What the object has under `key`, where nothing is as good as something."""
        return self._inner(key) if key in self._plain(dict, "an object") else None

    def items(self) -> "list[Place]":
        return [self._inner(number) for number in range(len(self._plain(list, "a list")))]

    def keys(self) -> list[str]:
        """What the object has."""
        return list(self._plain(dict, "an object"))

    def entries(self, key: str | None = None) -> "dict[str, Place]":
        """All that the object has, or an object that it may have under `key`."""
        found = self if key is None else self.get(key)
        return {name: found._inner(name) for name in found._plain(dict, "an object")} if found is not None else {}

    def entry(self, key: Key) -> "Place":
        """What is known to be under `key`, such as what led to the place that is looked at."""
        return self._inner(key)

    def text(self) -> str:
        return str(self._plain(str, "a text"))

    def number(self) -> float:
        return float(self._plain((int, float), "a number"))

    def texts(self) -> list[str]:
        return [item.text() for item in self.items()]

    def depends_on(self) -> list[str]:
        """The logical ids that a resource waits for."""
        found = self.get("DependsOn")
        if found is None:
            return []
        return [found.text()] if isinstance(found.value, str) else found.texts()

    def refers_to(self, resource_type: str) -> "Place | None":
        """The properties of the resource of this template, and of that type, which the value is a reference to."""
        logical_id = reference(self.value)
        if logical_id is None or self.template.type_of(logical_id) != resource_type:
            return None
        return self.template.properties(logical_id)

    def find(self, *keys: str) -> "list[Place]":
        """What lies under these keys, however deep. Errors: a token, which might hide some; an `Arn` may be one."""
        found = []
        left: list[tuple[tuple[Key, ...], Any]] = [(self.path, self.value)]
        while left:
            path, value = left.pop()
            if not isinstance(value, dict | list):
                raise self._at(path, value).unreadable("is neither an object nor a list")
            if is_token(value):
                if path[-1] != "Arn":
                    raise self._at(path, value).unreadable(_token(value))
                continue
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                if key in keys:
                    found.append(self._at((*path, key), inner))
                if isinstance(inner, dict | list):
                    left.append(((*path, key), inner))
        return found

    def must_be(self, *expected: Any) -> Iterator[Finding]:
        """A finding unless the value is one of the `expected` ones, which are no secrets."""
        if not any(type(self.value) is type(one) and self.value == one for one in expected):
            wanted = " or ".join(map(_shown, expected))
            yield self.wrong(f"is {_shown(self.value)}, and has to be {wanted}")

    def must_be_a_secret(self) -> Iterator[Finding]:
        """A finding unless the value is a reference to a secret by its name. What it is instead is not repeated."""
        if not SECRET.fullmatch(self.text()):
            yield self.wrong("is no dynamic reference to a secret by its name")

    def wrong(self, found: str) -> Finding:
        return Finding(logical_id=self.logical_id, location=_dotted(*self.path), found=found)

    def unreadable(self, found: str) -> UnreadableError:
        return UnreadableError(self.wrong(found))

    def _inner(self, key: Key) -> "Place":
        return self._at((*self.path, key), self.value[key])

    def _at(self, path: tuple[Key, ...], value: Any) -> "Place":
        return Place(template=self.template, logical_id=self.logical_id, path=path, value=value)

    def _plain(self, wanted: type | tuple[type, ...], called: str) -> Any:
        if is_token(self.value):
            raise self.unreadable(_token(self.value))
        if not isinstance(self.value, wanted) or isinstance(self.value, bool):
            raise self.unreadable(f"is not {called}")
        return self.value


def _token(value: Json) -> str:
    (function,) = value
    return f"is {function}, which no check can read: write the value out"


def _dotted(*path: Key) -> str:
    return ".".join(map(str, path))


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
