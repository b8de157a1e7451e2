"""What two gateways have in common, whoever wrote them: their assemblies without the names that differ."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bench.gateways import read_templates
from tests.synthesis import Json


def comparable_resources(assembly: Path) -> dict[str, list[Json]]:
    """Type -> its resources in both stacks, in an order that depends on nothing but what they are."""
    by_type: defaultdict[str, list[Json]] = defaultdict(list)
    for template in read_templates(assembly):
        for resource in _without_names(template["Resources"]).values():
            by_type[resource["Type"]].append({key: resource[key] for key in resource if key != "Metadata"})
    return {name: sorted(resources, key=json.dumps) for name, resources in by_type.items()}


def _without_names(resources: Json) -> dict[str, Json]:
    """A reference names the type that it is to, and all names that CDK generates are the same."""
    values: dict[str, Json] = {}
    for logical_id, resource in resources.items():
        text = json.dumps(resource, sort_keys=True)
        for other, target in resources.items():
            text = text.replace(f'"{other}"', f'"{target["Type"]}"')
        text = re.sub(r'"(acmemledge|PublishOutputRef)\w+(-us-east-1)?"', r'"\1"', text)
        # JSON within strings: Python sets spaces where JavaScript does not.
        values[logical_id] = json.loads(re.sub(r'(\\"[:,]) (\\")', r"\1\2", text))
    return values


def only_resource(assembly: Path, resource_type: str) -> Any:
    """The properties of the one resource of that type."""
    (resource,) = comparable_resources(assembly)[resource_type]
    return resource["Properties"]


def acknowledged_rules(assembly: Path) -> Counter[str]:
    """The rules of cdk-nag that constructs of the assembly are exempt from, and how often."""
    return Counter(
        rule.removeprefix("Annotation::")
        for path in assembly.glob("*.metadata.json")
        for entries in json.loads(path.read_text()).values()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for rule in entry["data"]
    )


def findings(assembly: Path) -> set[tuple[str, str, str]]:
    """All that the checks found: the plugin, its rule, and the id of the construct."""
    report = json.loads((assembly / "validation-report.json").read_text())
    return {
        (plugin["pluginName"], violation["ruleName"], construct["constructPath"].rpartition("/")[-1])
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }
