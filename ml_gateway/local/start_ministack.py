"""Starts MiniStack with what the CloudFormation of its release 1.5.33 lacks for a gateway.

* It refuses a template with a type that it does not know ("Unrecognized resource types"). Here these are accepted and
  do nothing. Of web ACLs: their association with a stage, their logs, their sets of addresses; its WAF looks at no
  request in any case, and what a web ACL blocks on AWS passes in the local cloud. Of the edge: the delivery of
  CloudFront's access log, which stays empty, and CloudFront's additional metrics. Of the API's log, which stays empty,
  too: saved queries.
* It refuses alarms over metric math, which those of `alerts` are. Here they are accepted, and never go off.
* It keeps the limits that a usage plan has for single methods under names that its API Gateway does not read, and so
  ignores them. Here they get the names that it reads.
* It serves a distribution at its own name alone. Here also at its alternate names, as CloudFront does.
* The ids of its load balancers have letters, which those of AWS have not, and no file may name. Here they are
  hexadecimal.
* What its API Gateway lacks for an API that is one OpenAPI document is in ministack_api.py, where it is kinder than AWS
  with secrets in ministack_secrets.py, what stands in for DNS in ministack_dns.py, the store that picks versions in
  ministack_versions.py, and when it answers the CDK CLI in ministack_deploys.py.

A program of its own, because MiniStack is configured by the environment of its process.
"""

import secrets
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from ministack.services.cloudformation import provisioners

UNKNOWN_TO_MINISTACK: Final = (
    "AWS::CloudFront::MonitoringSubscription",
    "AWS::Logs::Delivery",
    "AWS::Logs::DeliveryDestination",
    "AWS::Logs::DeliverySource",
    "AWS::Logs::QueryDefinition",
    "AWS::WAFv2::IPSet",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACLAssociation",
)

_LOOPBACK: Final = ("127.0.0.1", "localhost")
"""No distribution has such a name."""

Properties = dict[str, Any]


def accept_and_ignore(resource_type: str) -> None:
    """Have stacks create and delete resources of this type without effect."""
    provisioners._RESOURCE_HANDLERS[resource_type] = IGNORED


def _create(logical_id: str, _properties: Properties, stack_name: str) -> tuple[str, dict[str, str]]:
    """The physical id, and the attributes that `Fn::GetAtt` finds: of what is ignored, others ask for the ARN alone."""
    physical_id = f"{stack_name}-{logical_id}"
    return physical_id, {"Arn": f"arn:aws:ignored:us-east-1:000000000000:{physical_id}"}


def _delete(_physical_id: str, _properties: Properties) -> None:
    """There is nothing to delete."""


IGNORED: Final = {"create": _create, "delete": _delete}


def with_limits_of_methods(usual: Callable[[Properties], Properties]) -> Callable[[Properties], Properties]:
    """`usual` makes API Gateway's usage plan of CloudFormation's; what it makes lacks nothing any more."""

    def usage_plan(properties: Properties) -> Properties:
        plan = usual(properties)
        for stage in plan["apiStages"]:
            for method, limit in stage["throttle"].items():
                stage["throttle"][method] = {**limit, **provisioners._apigw_throttle(limit)}
        return plan

    return usage_plan


def with_alternate_names(usual: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """`usual` finds the label of the distribution that a host names; now it knows alternate domain names, too."""
    from ministack.services import cloudfront

    def label(host: str) -> str | None:
        name = host.partition(":")[0].lower()
        if name in _LOOPBACK:  # most requests, and to look at each distribution takes a while
            return usual(host)
        named = (
            each["DomainName"].partition(".")[0]
            for each in cloudfront._distributions.values()
            if name in cloudfront._get_distribution_aliases(each)
        )
        return usual(host) or next(named, None)

    return label


def main() -> None:
    # Not above: it sets up logging for the whole process.
    from ministack import app

    # Last, so that nothing in this repository is taken for another's package.
    sys.path.append(str(Path(__file__).parents[2]))
    from ml_gateway.local import ministack_api, ministack_deploys, ministack_dns, ministack_secrets, ministack_versions

    ministack_api.mend(provisioners._RESOURCE_HANDLERS)
    ministack_secrets.mend(provisioners._RESOURCE_HANDLERS)
    ministack_dns.mend(provisioners._RESOURCE_HANDLERS, ignored=IGNORED)
    ministack_versions.mend()
    ministack_deploys.mend()
    for resource_type in UNKNOWN_TO_MINISTACK:
        accept_and_ignore(resource_type)
    provisioners._apigw_usage_plan_body = with_limits_of_methods(provisioners._apigw_usage_plan_body)
    provisioners._alb._short_id = partial(secrets.token_hex, 8)
    app._parse_cloudfront_dataplane_host = with_alternate_names(app._parse_cloudfront_dataplane_host)
    app.main()


if __name__ == "__main__":
    main()
