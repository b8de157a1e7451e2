"""What people write who know other tools, and where it stands here.

What there is not at all is answered with what can be done today.
"""

from collections.abc import Mapping
from typing import Final

from ml_gateway.conflicts import Place

_IDENTITIES: Final = (
    "write issuers: {corp: {url: https://login.acme.com/, audience: https://ml.acme.com, claim: azp}} at the top, and "
    "jwt: {corp: batch-prod} in a client; keys need clients alone"
)
_PLAN: Final = "write plans: {default: {rate: 2/s, burst: 10, quota: 1000/month}}"
_DOMAIN: Final = "write edge: {domain: {name: ml.acme.com, hosted_zone: Z0123456789ABCDEFGHIJ}}"
_OF_A_BACKEND: Final = (
    "define a backend that sends it, by bearer or secret_headers, and write backend with its name here"
)
_SENT: Final = "write bearer: {secret: <its name>, version: <its version id>}, or secret_headers for another header"
_SIGNED: Final = "API Gateway signs the call itself, with a role of its own; leave the line out"
_VERIFIED: Final = (
    "API Gateway verifies the certificate in any case, which has to be of a public CA; leave the line out"
)
_SPLIT: Final = "write versions: {v1: {url: ...}, v2: {url: ...}} in a model, and split: {v1: 90, v2: 10} beside it"
_SHARE: Final = "write split: {v1: 90, v2: 10} in the model, with the share of each version"
_STICKY: Final = "write sticky: client, or header:x-user-id"
_ONCE: Final = "nothing is tried twice, so that nobody pays twice; have callers try again"
_BY_BACKEND: Final = "write backend with the name of one that has it"
_ONE_SERVER: Final = "a backend is one address; put several servers behind a load balancer"
_LIMIT: Final = "write limits: {<model>: 1/s} in a plan"
_URL: Final = "write url: https://model.example.com, or for an endpoint of SageMaker a backend of type sagemaker"
_HTTPS: Final = "callers come by HTTPS alone, or are sent there; leave the line out"
_OWN_PLAN: Final = "write plan: {rate: 5/s, burst: 10, quota: 1000/day}, or write it in the plan that this client names"


def _all(way_out: str, *keys: str) -> dict[str, str]:
    return dict.fromkeys(keys, way_out)


_OF_CALLERS: Final = {
    **_all(_IDENTITIES, "authorizers", "authentication", "oidc", "oauth", "oauth2", "openid", "cognito",
           "issuer", "identity"),
    **_all("callers are known by keys and by tokens: write clients: {mobile-app: {plan: free}}", "iam", "mtls"),
}  # fmt: skip
_OF_SERVERS: Final = {
    **_all(
        _SENT, "apikey", "token", "key", "secret", "auth", "authorization", "credentials", "password", "bearertoken"
    ),
    **_all(_VERIFIED, "verify", "verifyssl", "tlsverify", "skiptlsverify", "insecureskipverify", "sslverify"),
    **_all(_ONE_SERVER, "urls", "targets", "servers", "replicas", "fallback", "fallbacks"),
    **_all(_SPLIT, "weight", "weights"),
}
_OF_AWS: Final = {
    **_all(_SIGNED, "apikey", "token", "auth", "authorization", "credentials", "role", "rolearn", "iam", "headers"),
    **_all("it is in the region of the gateway; leave the line out", "region", "regions"),
}

_OF_PLANS: Final = {
    **_all("write rate: 2/s", "ratelimit", "rps", "qps", "requestspersecond", "rpm", "requestsperminute"),
    **_all("write burst: 10", "burstlimit", "burstsize"),
    **_all("write rate: 2/s and burst: 10", "throttle", "throttling"),
    **_all("write quota: 1000/month", "quotalimit", "limit", "period", "monthlyquota", "dailyquota"),
    **_all("API Gateway counts requests alone; leave the line out, and have the model count", "tpm", "tokens",
           "tokensperminute", "concurrency"),
}  # fmt: skip

WAYS_OUT: Final[Mapping[Place, Mapping[str, str]]] = {
    (): {
        **_OF_CALLERS,
        **_all("write regions: [us-east-1]", "region", "awsregion"),
        **_all(_IDENTITIES, "auth", "authorization", "jwt"),
        **_all("write clients: {mobile-app: {plan: free}}; their keys are generated", "apikeys", "apikey", "keys",
               "key",
               "users", "consumers", "tenants"),
        **_all("write models: {predict: {url: https://model.example.com/invocations}}", "routes", "endpoints", "paths",
               "services", "modellist", "apis", "endpoint", "url"),
        **_all(_PLAN, "ratelimit", "ratelimits", "throttling", "quota", "quotas", "limits", "usageplan",
               "usageplans", "rate", "burst", "burstlimit"),
        **_all("write logs: {retention: 30d}, and edge: {access_log: true} for CloudFront's own", "logging", "log"),
        **_all("write alerts: {email: ops@acme.com, errors: 1%}", "alarms", "alarm", "monitoring", "metrics",
               "dashboard",
               "notifications"),
        **_all("write edge: {firewall: {rate: 2000/5m}}", "waf", "webacl"),
        **_all(_DOMAIN, "customdomain", "domainname", "hostname", "domains", "certificate", "certificatearn"),
        **_all("write edge: {cache: 60s}", "cache", "caching", "ttl"),
        **_all("write edge: {cors: {origins: [https://app.acme.com]}}", "cors"),
        **_all(_SPLIT, "rollout", "rollouts", "canary", "canaries", "traffic", "weights", "versions", "abtest",
               "experiments"),
        **_all("write edge", "cloudfront", "cdn", "distribution"),
        **_all("write name: acme-ml; another environment is a file with another name", "env", "environment", "project",
               "apiname", "service", "prefix"),
        **_all("write extends: gateway.yaml, with the path of the file below this one", "extend", "include", "includes",
               "inherit", "inherits", "inheritfrom", "base", "bases", "imports", "parent"),
        **_all("write a file for each, such as prod.yaml, with extends: gateway.yaml and what is other there",
               "environments", "envs", "stages", "overlays", "overrides", "profiles"),
        "version": "the file has no version; leave the line out",
    },
    ("models", "*"): {
        **_OF_CALLERS,
        **_all(_URL, "endpoint", "endpointurl", "endpointname", "uri", "address", "target", "upstream", "baseurl",
               "apibase",
               "host"),
        **_all(_OF_A_BACKEND, "apikey", "token", "secret", "key", "auth", "authorization", "credentials", "headers",
               "secretheaders", "bearer"),
        **_all(_LIMIT, "ratelimit", "throttle", "throttling", "rate", "burst", "burstlimit", "quota", "limit", "rps",
               "rpm",
               "tpm"),
        **_all(_SPLIT, "weight", "weights", "traffic", "trafficsplit", "canary", "variants", "backends", "abtest",
               "rollout", "version", "percent", "experiment", "experiments", "share", "shares", "bluegreen",
               "canarypercent", "revisions", "releases"),
        **_all("write split: {v1: 90, v2: 10}, and raise the share deploy by deploy", "ramp", "steps", "schedule"),
        **_all("a request goes to one version; write split: {v1: 100, v2: 0}, and choose: x-model-version for testers",
               "mirror", "shadow"),
        **_all("write choose: x-model-version", "header", "versionheader"),
        **_all("write rollback: {to: v1, errors: 2%}", "autorollback", "rollbackto", "onerror"),
        **_all(_STICKY, "stickiness", "affinity", "sessionaffinity", "session", "cookie", "hashby"),
        **_all(_ONCE, "retry", "retries", "maxretries", "fallback", "fallbacks"),
        **_all("write edge: {cors: {origins: [https://app.acme.com]}}, for all models", "cors"),
        **_all("write cache: 60s", "caching", "ttl", "cachettl"),
        **_all("write path: /fraud", "route", "prefix", "basepath"),
        **_all("write stream: true", "sse"),
    },
    ("models", "*", "versions", "*"): {
        **_all(_SHARE, "weight", "share", "percent", "percentage", "traffic", "split", "canary", "default", "primary"),
        **_all("write it in the model, for all versions", "path", "protocol", "methods", "method", "backendmethod",
               "stream", "cache", "paused"),
        **_all("write target_variant: challenger", "variant", "variantname", "productionvariant"),
        **_all("write target_model: fraud-v2.tar.gz", "model", "modelname"),
        **_all(_OF_A_BACKEND, "apikey", "token", "secret", "key", "auth", "authorization", "credentials", "headers",
               "secretheaders", "bearer"),
        **_all(_BY_BACKEND, "function", "alias", "version", "endpoint", "endpointname", "listener", "host", "port",
               "arn", "role", "region", "type"),
        **_all(_LIMIT, "ratelimit", "throttle", "rate", "burst", "quota", "limit", "limits"),
        **_all(_ONCE, "retry", "retries", "maxretries", "fallback"),
    },
    ("models", "*", "rollback"): {
        **_all("write to: v1", "version", "toversion", "target"),
        **_all("write errors: 2%", "errorrate", "errorpercent", "threshold", "maxerrors", "maxerrorrate", "error",
               "percent", "rate"),
        **_all("write for: 5m", "window", "period", "duration", "interval", "within", "after"),
        **_all("write least: 50", "minrequests", "minimumrequests", "requests", "samples", "min", "minimum", "count"),
        **_all("a version fails by its 5xx answers alone; write errors: 2%", "latency", "latencyp95", "metric"),
        **_all("leave rollback out where nothing is to be rolled back by itself", "enabled", "auto", "automatic"),
        **_all("write alerts: {email: ops@acme.com, errors: 1%} at the top", "email", "mail", "notify", "alarm",
               "alarms", "sns", "topic"),
    },
    ("backends", "*", "http"): {
        **_OF_SERVERS,
        **_all("write url: https://model.example.com", "endpoint", "endpointurl", "uri", "address", "baseurl",
               "apibase",
               "host", "target", "server"),
        "port": "write it into the url: https://model.example.com:8443",
    },
    ("backends", "*", "load_balancer"): {
        **_OF_SERVERS,
        **_all("write load_balancer with the ARN", "arn", "alb", "nlb", "loadbalancerarn", "elb"),
        **_all("write load_balancer with the ARN of the one that stands before it", "targetgroup", "targetgrouparn",
               "cluster", "service", "instance", "instanceid"),
        **_all("write host, port and tls in its place", "url", "endpoint", "uri"),
        **_all("write tls: true", "ssl", "https", "insecure"),
    },
    ("backends", "*", "sagemaker"): {
        **_OF_AWS,
        **_all("write endpoint: fraud-prod, its name", "endpointname", "name", "url", "arn", "endpointarn"),
        **_all("write target_variant: AllTraffic", "variant", "productionvariant"),
        **_all("write target_model: fraud.tar.gz", "model", "modelname"),
        **_all(_SPLIT, "weight", "weights", "traffic", "variants"),
    },
    ("backends", "*", "lambda"): {
        **_OF_AWS,
        **_all("write function: fraud:live, its name or ARN", "functionname", "functionarn", "arn", "name", "url",
               "handler"),
        **_all("write it behind the name, as in function: fraud:live", "alias", "version", "qualifier"),
        **_all(_SPLIT, "weight", "weights", "traffic"),
    },
    ("plans", "*"): {
        **_OF_PLANS,
        **_all("write plan with the name of this plan in a client", "clients", "apikeys", "keys", "members"),
    },
    ("clients", "*", "plan"): _OF_PLANS,
    ("clients", "*"): {
        **_OF_CALLERS,
        **_all("keys are generated, and KeyCommand prints one: write keys: [a, b] for their names", "apikey", "apikeys",
               "value", "secret", "token", "password"),
        **_all(_OWN_PLAN, "ratelimit", "throttle", "burstlimit", "rate", "burst", "quota", "limits"),
        **_all("write models: [predict, llama]", "scopes", "allow", "allowedmodels", "permissions", "roles"),
    },
    ("issuers", "*"): {
        **_all("write url: https://login.acme.com/, to the letter as tokens have it in iss", "issuer", "iss",
               "issuerurl", "authority", "domain", "discoveryurl", "wellknownurl", "metadataurl"),
        **_all("the issuer's own document, below its url, says where its keys are; leave the line out", "jwksuri",
               "jwksurl", "jwks", "keys", "publickey", "publickeys", "certs"),
        **_all("write audience: https://ml.acme.com", "audiences", "aud", "allowedaudience", "allowedaudiences"),
        **_all("write claim: azp, and jwt: {corp: batch-prod} in a client for its value", "clientid", "clientids",
               "allowedclients", "sub", "subject", "clientclaim", "identityclaim"),
        **_all("write require: {scope: models.read}, a claim and the whole text that it has to be", "scope", "scopes",
               "allowedscopes", "roles", "groups", "claims", "requiredclaims", "customclaims"),
        **_all("RS, PS, ES and EdDSA are taken, whichever the issuer's keys are for; leave the line out", "algorithms",
               "algorithm", "alg", "algs"),
    },
    ("authorizer",): {
        **_OF_CALLERS,
        **_all("answers are kept for 5 minutes, and FlushAuthorizerCommand ends that at once; leave the line out",
               "ttl", "cachettl", "resultttl", "resultcachettl", "authorizerresultttlinseconds", "cache"),
        **_all("the gateway brings a function of its own along: " + _IDENTITIES, "function", "functionarn", "lambda",
               "arn", "type", "uri"),
        **_all("write reserved_concurrency: 50", "concurrency", "maxconcurrency"),
    },
    ("edge",): {
        **_OF_CALLERS,
        **_all("write firewall: {rate: 2000/5m}", "waf", "webacl", "ratelimit", "rate", "throttle"),
        **_all("write domain: {name: ml.acme.com, hosted_zone: Z0123456789ABCDEFGHIJ}", "customdomain", "domainname",
               "domains", "aliases", "alias", "hostname", "cname"),
        **_all("write countries: {deny: [AQ]}", "geo", "georestriction", "geoblocking"),
        **_all("write cache: 60s", "caching", "ttl", "cachettl", "defaultttl", "maxage"),
        **_all("write security_headers: true", "hsts"),
        **_all("write access_log: true", "logging", "logs"),
        **_all(_HTTPS, "https", "httpsonly", "ssl", "tls", "redirecthttp", "tlsversion", "minimumtlsversion"),
    },
    ("edge", "cache"): {
        **_all("write default: 1h and max: 24h, or a duration alone, as in cache: 60s", "ttl", "defaultttl", "maxttl",
               "minttl",
               "maxage", "enabled"),
        **_all("write headers: [X-Model-Version]", "key", "cachekey", "vary", "varyby"),
    },
    ("edge", "cors"): {
        **_all("write origins: [https://app.acme.com]", "alloworigins", "allowedorigins", "alloworigin", "origin"),
        **_all("write headers: [X-Trace-Id]", "allowheaders", "allowedheaders"),
        **_all("it follows from the models, and a browser's credentials are never allowed; leave the line out",
               "allowmethods", "allowedmethods", "methods", "maxage", "credentials", "allowcredentials"),
    },
    ("logs",): {
        **_all("write retention: 30d", "days", "retentiondays", "retentionindays", "ttl"),
        **_all("a line is written for each request, and bodies never; leave the line out", "level", "loglevel",
               "enabled"),
    },
    ("alerts",): {
        **_all("write errors: 1%", "errorrate", "errorratio"),
        **_all("write latency_p95: 2s", "latency", "p95", "p99"),
        **_all("write email: ops@acme.com; what gets that mail may go on to others", "sns", "topic", "slack",
               "recipients", "to", "pagerduty"),
    },
}  # fmt: skip
"""Section, with the type of a backend -> the key without capitals and signs -> what to do; a star is any name."""
