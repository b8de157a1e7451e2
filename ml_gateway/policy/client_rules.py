"""Rules about gateways whose clients have keys of their own: the lock of the API, and behaviors that carry keys."""

from collections.abc import Iterator
from typing import Final

from ml_gateway.policy.cache_rules import cache_policy, keyed_headers
from ml_gateway.policy.edge_functions import our_settings
from ml_gateway.policy.finding import Finding
from ml_gateway.policy.gateway_distributions import API_KEY_HEADER, ORIGIN_VERIFY_HEADER, behaviors_with_clients
from ml_gateway.policy.gateway_web_acls import CREDENTIALS, firewall_logs, guards_a_stage, origin_locks, unprotected
from ml_gateway.policy.house_rule import house_rule
from ml_gateway.policy.template import Place


def first_rule(web_acl: Place) -> Place:
    """The rule that WAF looks at first. Errors: no rule."""
    rules = web_acl["Rules"].items()
    if not rules:
        raise web_acl["Rules"].unreadable("is empty")
    return min(rules, key=lambda rule: rule["Priority"].number())


@house_rule(
    "LockBlocksWhatIsNotProven",
    "the first rule of the lock blocks whatever does not carry the secret; to allow what does would skip the others",
    subjects=origin_locks,
    source="docs/adr/0010-two-locks-one-edge-function.md",
)
def lock_blocks_what_is_not_proven(web_acl: Place) -> Iterator[Finding]:
    rule = first_rule(web_acl)
    yield from rule["Action"].must_be({"Block": {}})
    statement = rule["Statement"]
    proven = statement["NotStatement"]
    if not proven.find("ByteMatchStatement"):
        yield proven.wrong("compares with no secret")
    if statement.keys() != ["NotStatement"] or proven.find("NotStatement", "AndStatement"):
        yield statement.wrong("is not: none of the secrets")


@house_rule(
    "LockComparesTheSecretAsItIs",
    "the lock compares the whole value of x-origin-verify with the secret, by reference and in plain",
    subjects=origin_locks,
    source="AWS WAF Developer Guide, String match rule statement; docs/adr/0010-two-locks-one-edge-function.md",
)
def lock_compares_the_secret_as_it_is(web_acl: Place) -> Iterator[Finding]:
    for match in first_rule(web_acl).find("ByteMatchStatement"):
        yield from match["PositionalConstraint"].must_be("EXACTLY")
        yield from match["FieldToMatch"].must_be({"SingleHeader": {"Name": ORIGIN_VERIFY_HEADER}})
        yield from match["SearchString"].must_be_a_secret()
        transformations = match["TextTransformations"].items()
        if [one["Type"].text() for one in transformations] != ["NONE"]:
            yield match["TextTransformations"].wrong("is not NONE alone")
        encoded = match.get("SearchStringBase64")
        if encoded is not None:
            yield encoded.wrong("takes the secret for its own encoding")


@house_rule(
    "LockGuardsAStage",
    "the lock is a regional web ACL, and is associated with a stage of the API",
    subjects=origin_locks,
    source="AWS WAF Developer Guide, Associating or disassociating protection with an AWS resource",
)
def lock_guards_a_stage(web_acl: Place) -> Iterator[Finding]:
    yield from web_acl["Scope"].must_be("REGIONAL")
    if not guards_a_stage(web_acl):
        yield web_acl.wrong("is associated with no stage of this template")


def log_findings(web_acl: Place) -> Iterator[Finding]:
    """What a web ACL's log, or its samples of requests, show of credentials, queries and bodies. To have no log is
    wrong, too."""
    logs = firewall_logs(web_acl)
    if not logs:
        yield web_acl.wrong("has no log")
    for log in logs:
        redacted = set()
        for field in log["RedactedFields"].items():
            query = field.get("QueryString")
            if query is not None:
                yield from query.must_be({})
                redacted.add("?")
            else:
                redacted.add(field["SingleHeader"]["Name"].text())
        if missing := sorted({*CREDENTIALS, "?"} - redacted):
            yield log["RedactedFields"].wrong(f"lacks {', '.join(missing).replace('?', 'the query')}")
    for setting in web_acl.find("VisibilityConfig"):
        # Samples show all headers of a request, whatever the log redacts.
        yield from setting["SampledRequestsEnabled"].must_be(False)
    if missing := unprotected(web_acl):
        yield web_acl["DataProtectionConfig"].wrong(f"lacks {', '.join(missing)}")


@house_rule(
    "LockLogsNoCredential",
    "the lock logs no credential, and nothing of a query or a body, whatever matched; it samples no requests",
    subjects=origin_locks,
    source="AWS WAF Developer Guide, Logging fields, Data protection exceptions; docs/firewall.md",
)
def lock_logs_no_credential(web_acl: Place) -> Iterator[Finding]:
    yield from log_findings(web_acl)


@house_rule(
    "KeysTravelOverHttpsAlone",
    "where callers send keys plain HTTP is refused: a redirect would answer a key that travelled in clear",
    subjects=behaviors_with_clients,
    source="CloudFront API Reference, ViewerProtocolPolicy; docs/clients.md",
)
def keys_travel_over_https_alone(behavior: Place) -> Iterator[Finding]:
    yield from behavior["ViewerProtocolPolicy"].must_be("https-only")


@house_rule(
    "KeysAreTakenAtViewerRequest",
    "where callers send keys the gateway's function takes them",
    subjects=behaviors_with_clients,
    source="docs/adr/0010-two-locks-one-edge-function.md",
)
def keys_are_taken_at_viewer_request(behavior: Place) -> Iterator[Finding]:
    if not isinstance(our_settings(behavior).get("keyForms"), list):
        yield behavior["FunctionAssociations"].wrong("is of a function that was told of no clients")


@house_rule(
    "ClientsHaveAnswersOfTheirOwn",
    "where callers have keys nothing is cached, or the key is part of the cache key",
    subjects=behaviors_with_clients,
    source="docs/adr/0004-what-the-edge-caches.md",
)
def clients_have_answers_of_their_own(behavior: Place) -> Iterator[Finding]:
    policy = cache_policy(behavior)
    if policy is not None and API_KEY_HEADER not in keyed_headers(policy):
        headers = policy["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
        yield headers.wrong(f"lacks {API_KEY_HEADER}")


CLIENT_RULES: Final = (
    lock_blocks_what_is_not_proven,
    lock_compares_the_secret_as_it_is,
    lock_guards_a_stage,
    lock_logs_no_credential,
    keys_travel_over_https_alone,
    keys_are_taken_at_viewer_request,
    clients_have_answers_of_their_own,
)
