"""Security properties, each with the change of the source that takes it away, and the tests that have to notice."""

from typing import Final

from tests.mutation.backend_mutants import BACKEND_MUTANTS
from tests.mutation.document_mutants import DOCUMENT_MUTANTS
from tests.mutation.edge_mutants import EDGE_MUTANTS
from tests.mutation.encryption_mutants import ENCRYPTION_MUTANTS
from tests.mutation.file_mutants import FILE_MUTANTS
from tests.mutation.firewall_mutants import FIREWALL_MUTANTS
from tests.mutation.iam_mutants import IAM_MUTANTS
from tests.mutation.identity_mutants import IDENTITY_MUTANTS
from tests.mutation.key_mutants import KEY_MUTANTS
from tests.mutation.limit_mutants import LIMIT_MUTANTS
from tests.mutation.mutant import Mutant
from tests.mutation.region_mutants import REGION_MUTANTS
from tests.mutation.rollout_mutants import ROLLOUT_MUTANTS
from tests.mutation.serving_mutants import SERVING_MUTANTS

HOUSE_RULES: Final = "tests/policy/test_house_rules.py"
DEFAULT: Final = "tests/stacks/test_default_gateway.py"
FIREWALL: Final = "tests/policy/test_firewall_rules.py"
CLIENTS: Final = "tests/constructs/test_multi_tenant.py"

MUTANTS: Final = (
    *BACKEND_MUTANTS,
    *DOCUMENT_MUTANTS,
    *FILE_MUTANTS,
    *FIREWALL_MUTANTS,
    *REGION_MUTANTS,
    *IAM_MUTANTS,
    *IDENTITY_MUTANTS,
    *ROLLOUT_MUTANTS,
    Mutant(
        lost="the distribution sends the secret",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="for header, secret_name in origin.headers.items()",
        new="for header, secret_name in ()",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="the API is fetched over HTTPS",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="cloudfront.OriginProtocolPolicy.HTTPS_ONLY",
        new="cloudfront.OriginProtocolPolicy.MATCH_VIEWER",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="the API is fetched with TLS 1.2",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="cloudfront.OriginSslPolicy.TLS_V1_2",
        new="cloudfront.OriginSslPolicy.TLS_V1",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="viewers are served over HTTPS",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="else cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS",
        new="else cloudfront.ViewerProtocolPolicy.ALLOW_ALL",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="a client's key is never answered by a redirect",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY",
        new="viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS",
        tests=("tests/stacks/test_clients.py",),
    ),
    Mutant(
        lost="who may call behind a header lock holds a key",
        file="ml_gateway/constructs/proxy_api.py",
        old="callers=lock.callers,",
        new="callers=__import__('ml_gateway.design').design.Open(),",
        tests=("tests/constructs/test_who_may_call.py",),
    ),
    Mutant(
        lost="what breaks a house rule fails the synthesis",
        file="ml_gateway/policy/house_rules_plugin.py",
        old="for rule in HOUSE_RULES:\n                for",
        new="for rule in ():\n                for",
        tests=("tests/policy/test_house_rules_plugin.py",),
    ),
    Mutant(
        lost="what a house rule cannot read breaks it",
        file="ml_gateway/policy/house_rule.py",
        old="            yield error.finding",
        new="            yield from ()",
        tests=("tests/policy/test_what_cannot_be_read.py",),
    ),
    Mutant(
        lost="the lock comes before every other rule",
        file="ml_gateway/constructs/origin_lock_rule.py",
        old='        name="OriginLock",\n        priority=0,\n',
        new='        name="OriginLock",\n        priority=9,\n',
        tests=("tests/constructs/test_header_lock.py", "tests/stacks/test_clients.py"),
    ),
    Mutant(
        lost="the lock guards the API's stage",
        file="ml_gateway/constructs/header_lock.py",
        old='wafv2.CfnWebACLAssociation(self, "Association", resource_arn=stage.stage_arn, '
        "web_acl_arn=self.web_acl.attr_arn)",
        new="",
        tests=(CLIENTS,),
    ),
    Mutant(
        lost="the lock blocks what does not match",
        file="ml_gateway/constructs/origin_lock_rule.py",
        old="statement=render_not(render_any_of([_render_match(secret_name) for secret_name in secret_names])),",
        new="statement=render_any_of([_render_match(secret_name) for secret_name in secret_names]),",
        tests=("tests/stacks/test_clients.py",),
    ),
    Mutant(
        lost="the lock compares the whole value",
        file="ml_gateway/constructs/origin_lock_rule.py",
        old='positional_constraint="EXACTLY"',
        new='positional_constraint="CONTAINS"',
        tests=("tests/constructs/test_header_lock.py", CLIENTS),
    ),
    Mutant(
        lost="the firewalls' logs have no credentials",
        file="ml_gateway/credentials.py",
        old="UNLOGGED_HEADERS: Final = (ORIGIN_VERIFY_HEADER, ",
        new="UNLOGGED_HEADERS: Final = (",
        tests=(CLIENTS, FIREWALL),
    ),
    Mutant(
        lost="what WAF stores of a rate has no key",
        file="ml_gateway/constructs/edge_firewall.py",
        old="            data_protection_config=render_data_protection(),\n",
        new="",
        tests=(FIREWALL,),
    ),
    Mutant(
        lost="only allowed addresses pass",
        file="ml_gateway/constructs/edge_rules.py",
        old='yield EdgeRule(name="AllowedAddresses", statement=render_not(allowed))',
        new='yield EdgeRule(name="AllowedAddresses", statement=allowed)',
        tests=(FIREWALL,),
    ),
    Mutant(
        lost="a key's rate looks at the header in which its client sends it",
        file="ml_gateway/constructs/edge_rules.py",
        old="_render_key_rate(header, key_rates[form])",
        new='_render_key_rate("x-api-key", key_rates[form])',
        tests=(FIREWALL,),
    ),
    Mutant(
        lost="the firewall stands in front of the distribution",
        file="ml_gateway/stacks/edge_stack.py",
        old="            web_acl=self.firewall.web_acl if self.firewall else None,\n            comment=",
        new="            comment=",
        tests=("tests/stacks/test_edge.py",),
    ),
    Mutant(
        lost="what one caller did wrong is never kept",
        file="ml_gateway/constructs/gateway_distribution.py",
        old="dict.fromkeys((*_ERRORS_OF_THE_CALLER, _PAUSED), never)",
        new="dict.fromkeys((*_ERRORS_OF_THE_CALLER, _PAUSED), as_said)",
        tests=("tests/constructs/test_gateway_distribution.py",),
    ),
    Mutant(
        lost="viewers of an own name speak TLS 1.2",
        file="ml_gateway/constructs/gateway_domain.py",
        old="cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021",
        new="cloudfront.SecurityPolicyProtocol.TLS_V1_2016",
        tests=("tests/constructs/test_gateway_domain.py",),
    ),
    Mutant(
        lost="browsers send no cookies from other pages",
        file="ml_gateway/constructs/response_headers.py",
        old="access_control_allow_credentials=False",
        new="access_control_allow_credentials=True",
        tests=("tests/constructs/test_response_headers.py",),
    ),
    Mutant(
        lost="the edge's log has no query",
        file="ml_gateway/constructs/edge_access_log.py",
        old='    "cs-uri-stem",\n',
        new='    "cs-uri-stem",\n    "cs-uri-query",\n',
        tests=("tests/constructs/test_edge_access_log.py",),
    ),
    Mutant(
        lost="Authorization is in the cache key",
        file="ml_gateway/config/types/headers.py",
        old='ALWAYS_IN_CACHE_KEY: Final = ("Authorization", "Accept")',
        new='ALWAYS_IN_CACHE_KEY: Final = ("Accept",)',
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="the query string is in the cache key",
        file="ml_gateway/constructs/cache_policies.py",
        old="cloudfront.CacheQueryStringBehavior.all()",
        new="cloudfront.CacheQueryStringBehavior.none()",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="cookies are in the cache key",
        file="ml_gateway/constructs/cache_policies.py",
        old="cloudfront.CacheCookieBehavior.all()",
        new="cloudfront.CacheCookieBehavior.none()",
        tests=(HOUSE_RULES,),
    ),
    Mutant(
        lost="a client's key is in the cache key",
        file="ml_gateway/constructs/cache_policies.py",
        old="(*ALWAYS_IN_CACHE_KEY, API_KEY_HEADER) if isinstance(callers, Keyed) else ALWAYS_IN_CACHE_KEY",
        new="ALWAYS_IN_CACHE_KEY",
        tests=("tests/constructs/test_cache_policies.py",),
    ),
    Mutant(
        lost="the access log has the id of a key, not its value",
        file="ml_gateway/constructs/access_log.py",
        old="$context.identity.apiKeyId",
        new="$context.identity.apiKey",
        tests=(DEFAULT,),
    ),
    *EDGE_MUTANTS,
    *ENCRYPTION_MUTANTS,
    *KEY_MUTANTS,
    *LIMIT_MUTANTS,
    *SERVING_MUTANTS,
)
