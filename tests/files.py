"""Files to load: a small valid one, and what becomes of it when settings are changed."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from ml_gateway.reading import ConfigError, load_config
from ml_gateway.serving.paths import in_url

TOP = Path(__file__).parents[1]

MISSING = object()

SMALL: dict[str, Any] = {
    "name": "acme-ml",
    "regions": ["us-east-1"],
    "models": {"predict": {"url": "https://model.example.com/invocations"}},
    "plans": {"default": {"rate": "2/s", "burst": 10}},
}

LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/llm/0123456789abcdef/fedcba9876543210"
LOAD_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llm/0123456789abcdef"

KMS_KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"

BACKENDS: dict[str, Any] = {
    "http": {"type": "http", "url": "https://model.example.com/base"},
    "sagemaker": {"type": "sagemaker", "endpoint": "fraud-prod"},
    "lambda": {"type": "lambda", "function": "fraud"},
    "load_balancer": {
        "type": "load_balancer",
        "listener": LISTENER,
        "host": "llama.internal",
        "subnets": ["subnet-0123456789abcdef0"],
    },
}
"""The smallest backend of each type, under the name of its type."""


CLIENTS: dict[str, Any] = {"clients.mobile": {"plan": "default"}}
"""The change that gives the small file a client."""


IDENTITIES: dict[str, Any] = {
    "models.llama": {"url": "https://llm.example.com/v1", "protocol": "openai"},
    "issuers.corp": {"url": "https://login.acme.com/", "audience": "https://ml.acme.com", "claim": "azp"},
    "clients.mobile": {"plan": "default", "models": ["predict"]},
    "clients.batch": {"plan": "default", "jwt": {"corp": "batch-prod"}},
}
"""The change that gives the small file a second model, a client with a key that may call the first, and one with tokens
that may call both."""


TWO_REGIONS = ["us-east-1", "eu-west-1"]
ZONE = {"name": "ml.acme.com", "hosted_zone": "Z0123456789ABCDEFGHIJ"}
REGIONAL: dict[str, Any] = {"regions": TWO_REGIONS, "edge.domain": ZONE, "plans.default.across_regions": "each"}
"""The change that puts the small file into two regions."""


def behind(kind: str, model: Mapping[str, Any] = MappingProxyType({}), /, **settings: Any) -> dict[str, Any]:
    """The small file with its model behind a backend `b` of that type, which has `settings`, or lacks the MISSING."""
    backend = {key: value for key, value in {**BACKENDS[kind], **settings}.items() if value is not MISSING}
    return changed({"backends": {"b": backend}, "models.predict": {"backend": "b", **model}})


def changed(changes: dict[str, Any], data: dict[str, Any] = SMALL) -> dict[str, Any]:
    """`data` with the value at each place, such as plans.default.rate, replaced, or taken out where it is MISSING."""
    data = deepcopy(data)
    for place, value in changes.items():
        *above, key = place.split(".")
        section = data
        for step in above:
            section = section.setdefault(step, {})
        if value is MISSING:
            del section[key]
        else:
            section[key] = deepcopy(value)
    return data


def get(path: str, **settings: Any) -> dict[str, Any]:
    """A model that answers GET at `path`, and is asked with the variables in it."""
    return {"url": f"https://model.example.com{in_url(path)}", "path": path, "methods": ["GET"], **settings}


def gateway(changes: dict[str, Any], data: dict[str, Any] = SMALL) -> dict[str, Any]:
    """`data`, with a client on the plan it has, and these changes."""
    return changed({**CLIENTS, **changes}, data)


def report(path: Path) -> list[str]:
    """The lines that loading the file gives, none when it is right."""
    try:
        load_config(path)
    except ConfigError as error:
        return str(error).splitlines()
    return []


def report_on(text: str | bytes, directory: Path) -> list[str]:
    """The lines for a file with this text, each without the name of the file."""
    path = directory / "gateway.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [line.removeprefix(f"{path}:") for line in report(path)]


class _QuotingDumper(yaml.CSafeDumper):
    """Quotes all text: PyYAML leaves bare what is text in YAML 1.1 but a number in 1.2, such as 0E0."""


_QuotingDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)


def report_on_data(data: dict[str, Any], directory: Path) -> list[str]:
    """The lines for a file with these settings, each without its place in the file."""
    lines = report_on(yaml.dump(data, Dumper=_QuotingDumper, sort_keys=False), directory)
    return [line.partition(": ")[2] for line in lines]
