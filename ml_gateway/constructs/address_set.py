"""Lists of addresses that the firewall at the edge compares callers with."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from itertools import groupby
from operator import attrgetter

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from ml_gateway.constructs.web_acl import render_any_of


def define_address_set(
    scope: Construct, construct_id: str, *, ranges: Iterable[str]
) -> wafv2.CfnWebACL.StatementProperty:
    """The statement that a caller's address lies in one of the `ranges`: at least one, in CIDR notation.

    WAF wants an IP set for each version of addresses: `IPv4`, `IPv6`. Errors: a range that is none.
    """
    versions = groupby(sorted(map(ip_network, ranges), key=attrgetter("version")), key=attrgetter("version"))
    sets = Construct(scope, construct_id)
    return render_any_of([_define_set(sets, version, list(map(str, networks))) for version, networks in versions])


def _define_set(scope: Construct, version: int, addresses: Sequence[str]) -> wafv2.CfnWebACL.StatementProperty:
    # There is no L2 construct for IP sets.
    ip_set = wafv2.CfnIPSet(
        scope, f"IPv{version}", scope="CLOUDFRONT", ip_address_version=f"IPV{version}", addresses=addresses
    )
    return wafv2.CfnWebACL.StatementProperty(
        ip_set_reference_statement=wafv2.CfnWebACL.IPSetReferenceStatementProperty(arn=ip_set.attr_arn)
    )
