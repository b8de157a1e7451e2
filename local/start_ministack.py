"""Starts MiniStack with what the CloudFormation of its release 1.5.33 lacks for a gateway that has clients.

* It knows web ACLs, but neither their association with a stage nor their logs, and refuses a template with either
  ("Unrecognized resource types"). Here both are accepted and do nothing: its WAF looks at no request in any case. What
  a web ACL blocks on AWS passes in the local cloud.
* It keeps the limits that a usage plan has for single methods under names that its API Gateway does not read, and so
  ignores them. Here they get the names that it reads.

A program of its own, because MiniStack is configured by the environment of its process.
"""

from collections.abc import Callable
from typing import Any, Final

from ministack.services.cloudformation import provisioners

UNKNOWN_TO_MINISTACK: Final = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFv2::LoggingConfiguration")

Properties = dict[str, Any]


def accept_and_ignore(resource_type: str) -> None:
    """Have stacks create and delete resources of this type without effect, unless MiniStack has learned to."""
    provisioners._RESOURCE_HANDLERS.setdefault(resource_type, {"create": _create, "delete": _delete})


def _create(logical_id: str, _properties: Properties, stack_name: str) -> tuple[str, dict[str, str]]:
    """The physical id, and the attributes that `Fn::GetAtt` finds."""
    return f"{stack_name}-{logical_id}", {}


def _delete(_physical_id: str, _properties: Properties) -> None:
    """There is nothing to delete."""


def with_limits_of_methods(usual: Callable[[Properties], Properties]) -> Callable[[Properties], Properties]:
    """`usual` makes API Gateway's usage plan of CloudFormation's; what it makes lacks nothing any more."""

    def usage_plan(properties: Properties) -> Properties:
        plan = usual(properties)
        for stage in plan["apiStages"]:
            for method, limit in stage["throttle"].items():
                stage["throttle"][method] = {**limit, **provisioners._apigw_throttle(limit)}
        return plan

    return usage_plan


def main() -> None:
    # Not above: it sets up logging for the whole process.
    from ministack.app import main as ministack

    for unknown in UNKNOWN_TO_MINISTACK:
        accept_and_ignore(unknown)
    provisioners._apigw_usage_plan_body = with_limits_of_methods(provisioners._apigw_usage_plan_body)
    ministack()


if __name__ == "__main__":
    main()
