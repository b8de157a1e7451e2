"""The calls of API Gateway's control plane that a deploy makes after a change of one line: another URL of one model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bench.first_deploy import count_calls

BEFORE: Final = "https://m0.example.com/invocations"
AFTER: Final = "https://m0.example.com/next"

UPDATES: Final[Mapping[str, str]] = {
    "AWS::ApiGateway::Method": "PutIntegration",
    "AWS::ApiGateway::RestApi": "PutRestApi",
    "AWS::ApiGateway::Stage": "UpdateStage",
}
"""The call that changes one resource of each type that such a line reaches."""

DELETIONS: Final[Mapping[str, str]] = {"AWS::ApiGateway::Deployment": "DeleteDeployment"}
"""The call that takes one away: each change of an API has a deployment of its own."""

Templates = Sequence[Mapping[str, Any]]


def count_calls_of_a_change(before: Templates, after: Templates) -> Counter[str]:
    """The calls for all that differs between templates of the same stacks.

    Errors: nothing differs, a type that is not known here.
    """
    calls: Counter[str] = Counter()
    for old, new in zip((each["Resources"] for each in before), (each["Resources"] for each in after), strict=True):
        calls += count_calls([{"Resources": {key: new[key] for key in new.keys() - old.keys()}}])
        calls.update(_call_of(UPDATES, new[key]) for key in old.keys() & new.keys() if _differs(old[key], new[key]))
        calls.update(_call_of(DELETIONS, old[key]) for key in old.keys() - new.keys())
    if not calls:
        raise ValueError(f"nothing differs; change a file that has {BEFORE}")
    return calls


def _differs(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return old["Type"].startswith("AWS::ApiGateway::") and old.get("Properties") != new.get("Properties")


def _call_of(calls: Mapping[str, str], resource: Mapping[str, Any]) -> str:
    if resource["Type"] not in calls:
        raise ValueError(f"{resource['Type']} is not known here; say in UPDATES or DELETIONS which call it takes")
    return calls[resource["Type"]]
