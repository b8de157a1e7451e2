"""What must hold of a gateway whose clients have keys of their own.

The web ACL in front of an API's stage is the lock; that of a distribution has rules of its own (firewall_rules.py).
"""

import json
from typing import Final

from ml_gateway.policy.edge_rules import cache_key, headers_of_key
from ml_gateway.policy.house_rule import HouseRule, house_rule
from ml_gateway.policy.template import (
    API_KEY,
    CREDENTIALS,
    MANAGED_CACHING_DISABLED,
    ORIGIN_VERIFY,
    Json,
    Subjects,
    client_behaviors,
    everything_named,
    first_rule,
    is_secret,
    logs_of,
    redacted_field,
    resources,
    web_acls,
)


def locks(template: Json) -> Subjects:
    """The web ACLs of stages that compare something with a secret, or look at the header of the origin lock."""
    return {
        name: web_acl
        for name, web_acl in web_acls(template, "REGIONAL").items()
        if ORIGIN_VERIFY in json.dumps(web_acl["Rules"]).lower() or "{{resolve:" in json.dumps(web_acl["Rules"])
    }


@house_rule(locks, source="docs/adr/0010-two-locks-one-edge-function.md")
def the_first_rule_blocks_what_is_not_proven(_name: str, web_acl: Json, _template: Json) -> bool:
    """The lock blocks what carries no secret, before any other rule.

    To allow what carries one would skip the others.
    """
    rule = first_rule(web_acl)
    return (
        rule["Action"] == {"Block": {}}
        and list(rule["Statement"]) == ["NotStatement"]
        and any(everything_named("ByteMatchStatement", rule["Statement"]["NotStatement"]))
        and not any(everything_named("NotStatement", rule["Statement"]["NotStatement"]))
        and not any(everything_named("AndStatement", rule))
    )


@house_rule(locks, source="AWS WAF API reference, ByteMatchStatement")
def the_secret_is_compared_as_it_is(_name: str, web_acl: Json, _template: Json) -> bool:
    """The whole value, no transformation, the header in lower case, the secret by a literal reference in plain."""

    def exact(match: Json) -> bool:
        return (
            match["PositionalConstraint"] == "EXACTLY"
            and [transformation["Type"] for transformation in match["TextTransformations"]] == ["NONE"]
            and match["FieldToMatch"] == {"SingleHeader": {"Name": ORIGIN_VERIFY}}
            and is_secret(match["SearchString"])
            and "SearchStringBase64" not in match
        )

    matches = list(everything_named("ByteMatchStatement", first_rule(web_acl)))
    return bool(matches) and all(map(exact, matches))


@house_rule(locks, source="AWS WAF API reference, AssociateWebACL")
def every_lock_guards_a_stage(name: str, _web_acl: Json, template: Json) -> bool:
    """The lock is associated with a stage of the template, as a whole."""
    stages = resources(template, "AWS::ApiGateway::Stage")

    def guards(association: Json) -> bool:
        parts = association["ResourceArn"]["Fn::Join"][1]
        of_stage = "/stages/" in parts and any(part == {"Ref": stage} for stage in stages for part in parts)
        return of_stage and association["WebACLArn"] == {"Fn::GetAtt": [name, "Arn"]}

    return any(map(guards, resources(template, "AWS::WAFv2::WebACLAssociation").values()))


@house_rule(locks, source="AWS WAF developer guide, logging: redacted fields; samples redact nothing")
def no_log_of_the_lock_shows_a_credential(name: str, web_acl: Json, template: Json) -> bool:
    """The lock has a log with all credentials redacted, and nothing samples requests."""
    redacted = [set(map(redacted_field, log["RedactedFields"])) for log in logs_of(name, template)]
    settings = list(everything_named("VisibilityConfig", web_acl))
    return (
        bool(redacted)
        and all(fields >= {*CREDENTIALS, "?"} for fields in redacted)
        and all(setting["SampledRequestsEnabled"] is False for setting in settings)
    )


@house_rule(client_behaviors, source="docs/adr/0010-two-locks-one-edge-function.md")
def keys_travel_over_https_alone(_name: str, behavior: Json, _template: Json) -> bool:
    """Plain HTTP is refused where clients send keys: a redirect answers a key that has already travelled in clear."""
    return bool(behavior["ViewerProtocolPolicy"] == "https-only")


@house_rule(client_behaviors, source="docs/clients.md")
def keys_are_accepted_at_viewer_request(_name: str, behavior: Json, template: Json) -> bool:
    """Every behavior has the function that takes keys, and it alone: at viewer request, published, runtime 2.0."""
    functions = resources(template, "AWS::CloudFront::Function")

    def accepted(association: Json) -> bool:
        function = functions[association["FunctionARN"]["Fn::GetAtt"][0]]
        return (
            association["EventType"] == "viewer-request"
            and function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
            and function["AutoPublish"] is True
        )

    return [accepted(association) for association in behavior["FunctionAssociations"]] == [True]


@house_rule(client_behaviors, source="docs/adr/0004-what-the-edge-caches.md; sst#6383")
def no_client_gets_the_cached_answer_of_another(_name: str, behavior: Json, template: Json) -> bool:
    """Nothing is kept, or the key of the client is in the cache key."""
    policy_id = behavior["CachePolicyId"]
    return policy_id == MANAGED_CACHING_DISABLED or API_KEY in headers_of_key(cache_key(policy_id, template))


CLIENT_RULES: Final[tuple[HouseRule, ...]] = (
    the_first_rule_blocks_what_is_not_proven,
    the_secret_is_compared_as_it_is,
    every_lock_guards_a_stage,
    no_log_of_the_lock_shows_a_credential,
    keys_travel_over_https_alone,
    keys_are_accepted_at_viewer_request,
    no_client_gets_the_cached_answer_of_another,
)
