"""Every literal name of a gateway in AWS: what crosses from one stack to another, and what people and tools look for.

All else is named by CloudFormation. A name here is a contract: another one is another resource, or an output that
nobody finds.
"""

import re
from typing import Final

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront's certificates, web ACLs, logs and metrics are, and the secrets that it sends, whichever region the
API is in."""

# Stacks


def keys_stack(gateway: str) -> str:
    """The stack of the secrets and of the clients' keys, in `EDGE_REGION`."""
    return f"{gateway}-keys"


def api_stack(gateway: str) -> str:
    """The regional stack, of one name in each region."""
    return f"{gateway}-api"


def edge_stack(gateway: str) -> str:
    """The global stack, in `EDGE_REGION`."""
    return f"{gateway}-edge"


def account_stack(gateway: str) -> str:
    """The stack of what belongs to the account, of one name in each region."""
    return f"{gateway}-account"


def drain_stack(gateway: str, region: str) -> str:
    """The stack that drains that region; it is in another one."""
    return f"{gateway}-drain-{region}"


def construct_id(stack: str, region: str) -> str:
    """By which the CDK CLI tells stacks of one name apart: what `cdk deploy` and `cdk destroy` take."""
    return f"{stack}-{region}"


# Secrets

_ORIGIN_SECRET: Final = re.compile(r"(.+)/origin/(\d+)")
_CLIENT_SECRET: Final = re.compile(r"(.+)/clients/([^/]+)/([^/]+)")


def origin_secrets(gateway: str) -> str:
    """What the names of all origin secrets of a gateway start with."""
    return f"{gateway}/origin/"


def origin_secret(gateway: str, generation: int) -> str:
    """The secret that the distribution sends in that generation."""
    return f"{origin_secrets(gateway)}{generation}"


def origin_generation(secret: str) -> tuple[str, int] | None:
    """The gateway and the generation of an origin secret; None for the name of any other."""
    match = _ORIGIN_SECRET.fullmatch(secret)
    return (match[1], int(match[2])) if match else None


def client_secret(gateway: str, client: str, key: str) -> str:
    """The secret with the value of a client's key."""
    return f"{gateway}/clients/{client}/{key}"


TOKENS: Final = "_tokens"
"""The key that counts for all tokens of a client in its plan, and which nobody may present: no key of the file is
called so."""


def client_key(secret: str) -> tuple[str, str, str] | None:
    """The gateway, the client and the key whose value a secret has; None for the name of any other."""
    match = _CLIENT_SECRET.fullmatch(secret)
    return (match[1], match[2], match[3]) if match else None


# Outputs: as many whatever the number of models, clients and keys

INVOKE_URL: Final = "InvokeUrl"
"""The API itself."""

KEY_COMMAND: Final = "KeyCommand"
"""The command that prints a client's key."""

USAGE_COMMAND: Final = "UsageCommand"
"""The command that shows what a key has used of its quota."""

API_ID: Final = "PublishOutputRefApiRestApiE35FEAFE44AD69F0"
"""The id of the API, under the name that CDK gives to what the edge refers to while there is no origin name."""

DISTRIBUTION_DOMAIN_NAME: Final = "DistributionDomainName"
"""The address of the distribution."""

BASE_URL: Final = "BaseUrl"
"""What the URLs of all models begin with."""

DISABLE_KEY_COMMAND: Final = "DisableKeyCommand"
"""The command after which a client's key is refused at once."""

FLUSH_COMMAND: Final = "FlushAuthorizerCommand"
"""The command after which an authorizer's answers are not used any more."""

AUTHORIZER_LOG_GROUP: Final = "AuthorizerLogGroup"
"""The log group of the authorizer."""

DISTRIBUTION_ID: Final = "DistributionId"
"""By which commands and tickets name the distribution."""

INVALIDATION_COMMAND: Final = "InvalidationCommand"
"""The command after which no answer that was kept is given any more."""

DASHBOARD_URL: Final = "DashboardUrl"
"""The dashboard, in the console."""

ACCESS_LOG_GROUP: Final = "AccessLogGroup"
"""The log group of the API."""

LOCK_LOG_GROUP: Final = "OriginLockLogGroup"
"""The log group of the web ACL on the API's stage."""

FIREWALL_LOG_GROUP: Final = "FirewallLogGroup"
"""The log group of the web ACL on the distribution."""

EDGE_LOG_GROUP: Final = "EdgeLogGroup"
"""The log group of the distribution."""


DRAIN_COMMAND: Final = "DrainCommand"
"""The command that keeps requests away from a region."""

BRING_BACK_COMMAND: Final = "BringBackCommand"
"""The command that has that region answer again."""

OVERRIDES_COMMAND: Final = "OverridesCommand"
"""The command that shows which models have other shares of versions than the file says."""

OVERRIDE_COMMAND: Final = "OverrideCommand"
"""The command that gives a model other shares at once."""

RELEASE_COMMAND: Final = "ReleaseCommand"
"""The command that has the shares of the file hold again."""


# Metadata of resources

MODELS_METADATA: Final = "ml-gateway:models"
"""What a template says beside the API's document: each model, and what its paths begin with. No service gets it;
reviews tell by it which model a path is."""

SERVED_AS_METADATA: Final = "ml-gateway:served-as"
"""What the paths of a model call it, for those that are called otherwise than in the file."""

CLIENTS_METADATA: Final = "ml-gateway:clients"
"""What an authorizer knows of each client: the models that it may call, and the issuers and values of its tokens."""

ISSUERS_METADATA: Final = "ml-gateway:issuers"
"""By the URL of each issuer, which of its tokens are taken."""

PAUSED_METADATA: Final = "ml-gateway:paused"
"""The names of the models that are paused, if there are any."""

SHARES_TYPE: Final = "Custom::ModelShares"
"""The resource that has the shares of a model's versions: other ones are another one to CloudFormation."""

PLAN_METADATA: Final = "ml-gateway:plan"
"""Where the file has a usage plan: `plans.gold`, or `clients.app.plan` for one of a client's own."""


# Web ACLs, logs, metrics


def origin_lock_web_acl(gateway: str) -> str:
    """The web ACL on the API's stage."""
    return f"{gateway}-origin-lock"


def edge_web_acl(gateway: str) -> str:
    """The web ACL on the distribution."""
    return f"{gateway}-edge"


def firewall_log_group(web_acl: str) -> str:
    """The log group of a web ACL: WAF accepts no other beginning."""
    return f"aws-waf-logs-{web_acl}"


def edge_log_group(gateway: str) -> str:
    """The distribution's access log.

    Groups below /aws/vendedlogs/ are covered by one wildcard wherever AWS itself keeps a list of those that may be
    delivered to.
    """
    return f"/aws/vendedlogs/cloudfront/{gateway}"


def edge_log_delivery(gateway: str) -> str:
    """Source and destination of that log: at most 60 letters, digits, hyphens, underscores."""
    return f"{gateway}-edge"


def metric_namespace(gateway: str, model: str | None = None) -> str:
    """The metrics of one model, or of all together. A metric filter can name no model: it takes dimensions from the log
    line only, so that each model has a namespace below the gateway's."""
    return f"MlGateway/{gateway}" if model is None else f"MlGateway/{gateway}/{model}"


def drain_alarm(gateway: str, region: str, settings: str) -> str:
    """The alarm that drains that region, with a hash of its settings."""
    return f"{gateway}-drain-{region}-{settings}"


def rollback_alarm(gateway: str, model: str, version: str) -> str:
    """The alarm by which the callers of that version get another one: the same name in each region."""
    return f"{gateway}-{model}--{version}-fails"


def annotation(note: str) -> str:
    """The id of what synthesis tells, by which it is silenced."""
    return f"MlGateway::{note}"


def saved_query(gateway: str, question: str) -> str:
    """A saved query of Logs Insights, which shows what stands before the slash as a folder."""
    return f"{gateway}/{question}"
