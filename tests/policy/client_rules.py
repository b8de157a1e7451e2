"""What must hold in every template of a gateway whose clients have keys of their own.

One rule, one pure function that returns what breaks it. The web ACL in front of an API's stage is the lock; that of a
distribution has rules of its own (firewall_rules.py).
"""

from typing import Any

from tests.policy.reading import (
    CREDENTIALS,
    DYNAMIC_REFERENCE,
    MANAGED_CACHING_DISABLED,
    Rule,
    behaviors,
    everything_named,
    first_rule,
    redacted_field,
    web_acls,
)
from tests.synthesis import Json, resources


def the_first_rule_blocks_what_is_not_proven(template: Json) -> list[str]:
    def locks(web_acl: Json) -> bool:
        rule = first_rule(web_acl)
        return (
            rule.get("Action") == {"Block": {}}
            and list(rule["Statement"]) == ["NotStatement"]
            and any(everything_named("ByteMatchStatement", rule["Statement"]["NotStatement"]))
            and not any(everything_named("NotStatement", rule["Statement"]["NotStatement"]))
            and not any(everything_named("AndStatement", rule))
        )

    return [name for name, web_acl in web_acls(template, "REGIONAL").items() if not locks(web_acl)]


def the_secret_is_compared_as_it_is(template: Json) -> list[str]:
    """The whole value, no transformation, the header in lower case, the secret by a literal reference in plain."""

    def exact(match: Json) -> bool:
        return (
            match["PositionalConstraint"] == "EXACTLY"
            and [transformation["Type"] for transformation in match["TextTransformations"]] == ["NONE"]
            and match["FieldToMatch"] == {"SingleHeader": {"Name": "x-origin-verify"}}
            and isinstance(match.get("SearchString"), str)
            and bool(DYNAMIC_REFERENCE.match(match["SearchString"]))
            and "SearchStringBase64" not in match
        )

    return [
        name
        for name, web_acl in web_acls(template, "REGIONAL").items()
        if not all(map(exact, everything_named("ByteMatchStatement", first_rule(web_acl))))
    ]


def every_web_acl_of_an_api_guards_a_stage(template: Json) -> list[str]:
    stages = resources(template, "AWS::ApiGateway::Stage")

    def guarded(association: Json) -> set[str]:
        parts = association["ResourceArn"]["Fn::Join"][1]
        whole = "/stages/" in parts and any(part == {"Ref": stage} for stage in stages for part in parts)
        return {association["WebACLArn"]["Fn::GetAtt"][0]} if whole else set()

    found = map(guarded, resources(template, "AWS::WAFv2::WebACLAssociation").values())
    return sorted(set(web_acls(template, "REGIONAL")) - set().union(*found))


def no_firewall_log_shows_a_credential(template: Json) -> list[str]:
    """Each web ACL has a log with all credentials redacted, and nothing samples requests, which redacts nothing."""

    def quiet(web_acl: str) -> bool:
        logs = [
            log
            for log in resources(template, "AWS::WAFv2::LoggingConfiguration").values()
            if log["ResourceArn"] == {"Fn::GetAtt": [web_acl, "Arn"]}
        ]
        redacted = [set(map(redacted_field, log.get("RedactedFields", []))) for log in logs]
        settings = list(everything_named("VisibilityConfig", template["Resources"][web_acl]))
        return (
            bool(logs)
            and all(fields >= {*CREDENTIALS, "?"} for fields in redacted)
            and not any(setting["SampledRequestsEnabled"] for setting in settings)
        )

    return [web_acl for web_acl in resources(template, "AWS::WAFv2::WebACL") if not quiet(web_acl)]


def keys_travel_over_https_alone(template: Json) -> list[str]:
    return [name for name, one in behaviors(template).items() if one["ViewerProtocolPolicy"] != "https-only"]


def keys_are_accepted_at_viewer_request(template: Json) -> list[str]:
    functions = resources(template, "AWS::CloudFront::Function")

    def accepted(association: Json) -> bool:
        name = association["FunctionARN"]["Fn::GetAtt"][0]
        return (
            association["EventType"] == "viewer-request"
            and functions[name]["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
            and functions[name]["AutoPublish"] is True
        )

    return [
        name
        for name, one in behaviors(template).items()
        if [accepted(association) for association in one.get("FunctionAssociations", [])] != [True]
    ]


def no_client_gets_the_cached_answer_of_another(template: Json) -> list[str]:
    """A behavior caches nothing, or has an own policy with the client's key in the cache key."""
    policies = resources(template, "AWS::CloudFront::CachePolicy")

    def keyed(policy_id: Any) -> bool:
        if policy_id == MANAGED_CACHING_DISABLED:
            return True
        if not isinstance(policy_id, dict) or policy_id.get("Ref") not in policies:
            return False
        key = policies[policy_id["Ref"]]["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        return "x-api-key" in {header.lower() for header in key["HeadersConfig"].get("Headers", [])}

    return [name for name, one in behaviors(template).items() if not keyed(one.get("CachePolicyId"))]


CLIENT_RULES: list[Rule] = [
    the_first_rule_blocks_what_is_not_proven,
    the_secret_is_compared_as_it_is,
    every_web_acl_of_an_api_guards_a_stage,
    no_firewall_log_shows_a_credential,
    keys_travel_over_https_alone,
    keys_are_accepted_at_viewer_request,
    no_client_gets_the_cached_answer_of_another,
]
