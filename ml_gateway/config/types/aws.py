"""The types of names, ids and ARNs of things in AWS, as the services define them."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, WithJsonSchema

from ml_gateway.config.types.annotated import Matching, ReadOnlyMap
from ml_gateway.config.types.lists import Distinct
from ml_gateway.naming import EDGE_REGION
from ml_gateway.serving.paths import VARIABLE, variable_alone
from ml_gateway.wording import shown

_REGION: Final = r"[a-z]{2}-[a-z]+-[0-9]"
_NEARLY_A_REGION: Final = re.compile(
    r"(?!us.?central)(af|ap|ca|eu|il|me|mx|sa|us)[-_ ]?"
    r"((?:north|south)(?:east|west)?|east|west|central)[-_ ]?([0-9])[a-f]?"
)
"""us-east1, as Google Cloud spells its own; useast1, US_EAST_1, and us-east-1a, which is a zone in it."""
_ACCOUNT: Final = r"[0-9]{12}"
_LOAD_BALANCING: Final = rf"arn:aws:elasticloadbalancing:{_REGION}:{_ACCOUNT}"
_OF_LOAD_BALANCER: Final = r"(app|net)/[a-zA-Z0-9-]{1,32}/[0-9a-f]+"
_SAGEMAKER_NAME: Final = Matching(
    r"(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*", "a name of SageMaker", "up to 63 letters and digits, hyphens in between"
)


def _check_qualifier(function: str) -> str:
    if function.endswith(":$LATEST"):
        raise ValueError(f"{shown(function)} names $LATEST, for which Lambda takes no permission; leave :$LATEST out")
    return function


def _check_joins_nothing(text: str) -> str:
    """A text without braces, or one variable alone."""
    if re.search("[{}]", text) and variable_alone(text) is None:
        raise ValueError(
            f"{shown(text)} would be sent as it is: a mapping of API Gateway joins no texts; write a text without "
            "braces, or one variable of the path alone, such as '{model}', and have callers put the rest, such as "
            ".tar.gz, into the URL"
        )
    return text


def check_region(region: str) -> str:
    """A region by the name that AWS has for it; of other spellings, and of availability zones, the message says it."""
    found = _NEARLY_A_REGION.fullmatch(region.lower())
    meant = "-".join(found.groups()) if found else region
    if meant != region and COMMERCIAL_REGION.fits(meant):
        raise ValueError(f"{shown(region)} is not a commercial region; did you mean {meant!r}?")
    return COMMERCIAL_REGION.check(region)


# Of the account

Account = Annotated[
    StrictStr,
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    Matching(_ACCOUNT, "an account", "its 12 digits without hyphens, such as 123456789012"),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "pattern": f"^{_ACCOUNT}$",
            "minimum": 10**11,
            "maximum": 10**12 - 1,
            "examples": ["123456789012"],
        }
    ),
]
# The edge is in us-east-1: China, GovCloud and the isolated regions cannot share a gateway with it.
COMMERCIAL_REGION: Final = Matching(rf"(?!cn-){_REGION}", "a commercial region", "one such as eu-west-1")
Region = Annotated[
    StrictStr,
    AfterValidator(check_region),
    Field(json_schema_extra={"pattern": f"^{COMMERCIAL_REGION.pattern}$"}),
]

# Of KMS

_SOME_KMS_KEY: Final = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
_KMS_KEY: Final = Matching(
    rf"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/(mrk-[0-9a-f]{{32}}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})",
    "an ARN of a KMS key",
    f"one such as {_SOME_KMS_KEY}",
)


def _check_alias(key: str) -> str:
    """CloudWatch Logs takes no alias (API reference, AssociateKmsKey, kmsKeyId: the ARN of the key)."""
    if "alias/" in key:
        raise ValueError(
            f"{shown(key)} is an alias, which CloudWatch Logs does not take; write the ARN of the key behind it, as "
            f"aws kms describe-key --key-id {key} --query KeyMetadata.Arn prints it"
        )
    return key


def _by_its_region(value: Any) -> Any:
    """A key alone is that of its own region."""
    return {_KMS_KEY.check(_check_alias(value)).split(":")[3]: value} if isinstance(value, str) else value


_KmsKeyArn = Annotated[StrictStr, AfterValidator(_check_alias), _KMS_KEY]
_KMS_KEY_SCHEMA: Final = {"type": "string", "pattern": f"^{_KMS_KEY.pattern}$"}
KmsKeys = Annotated[
    Mapping[str, _KmsKeyArn],
    ReadOnlyMap(Matching(_REGION, "a region", "one such as eu-west-1")),
    BeforeValidator(_by_its_region),
    WithJsonSchema(
        {
            **_KMS_KEY_SCHEMA,
            "type": ["object", "string"],
            "propertyNames": {"pattern": f"^{_REGION}$"},
            "additionalProperties": {**_KMS_KEY_SCHEMA, "examples": [_SOME_KMS_KEY]},
            "minProperties": 1,
        }
    ),
]

# Of Secrets Manager

SecretName = Annotated[
    StrictStr,
    Matching(
        r"[a-zA-Z0-9/_+=.@-]{1,512}", "a name of a secret", "letters, digits and / _ + = . @ -, no ARN", repeated=False
    ),
]
SecretVersion = Annotated[
    StrictStr,
    Matching(r"[a-zA-Z0-9-]{32,64}", "a version id of a secret", "its 32 to 64 letters, digits and hyphens"),
]

# Of SageMaker

EndpointName = Annotated[StrictStr, _SAGEMAKER_NAME]
# SageMaker runtime API reference, InvokeEndpoint: up to 1024 characters. API Gateway puts texts in single quotes.
_TEXT_OR_VARIABLE: Final = rf"({VARIABLE}|(?=.{{1,1024}}$)[!-&(-z|~]([ -&(-z|~]*[!-&(-z|~])?)"
TargetModel = Annotated[
    StrictStr,
    AfterValidator(_check_joins_nothing),
    Matching(_TEXT_OR_VARIABLE, "a target model", "the name of its archive in printable ASCII without '"),
]
CustomAttributes = Annotated[
    StrictStr,
    AfterValidator(_check_joins_nothing),
    Matching(_TEXT_OR_VARIABLE, "a text for the model", "printable ASCII without ', no space at either end"),
]

# Of Lambda: API reference, Invoke, FunctionName. A part of an ARN, which Lambda takes too, is refused.

Function = Annotated[
    StrictStr,
    AfterValidator(_check_qualifier),
    Matching(
        rf"(arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:)?[a-zA-Z0-9_-]{{1,64}}(:[a-zA-Z0-9_-]{{1,128}})?",
        "a Lambda function",
        "its name or its whole ARN, either with :alias or :version, such as fraud:live",
    ),
]

# Of load balancers and their network

LoadBalancerArn = Annotated[
    StrictStr,
    Matching(
        rf"{_LOAD_BALANCING}:loadbalancer/{_OF_LOAD_BALANCER}",
        "an ARN of an application or network load balancer",
        "one such as arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/llm/0123456789abcdef",
    ),
]
ListenerArn = Annotated[
    StrictStr,
    Matching(
        rf"{_LOAD_BALANCING}:listener/{_OF_LOAD_BALANCER}/[0-9a-f]+",
        "an ARN of a listener",
        "one such as arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/llm/0123456789abcdef/"
        "fedcba9876543210",
    ),
]
VpcLinkId = Annotated[
    StrictStr, Matching(r"[a-z0-9]{1,64}", "an id of a VPC link", "its lower-case letters and digits, such as a1b2c3")
]
_SubnetId = Annotated[
    StrictStr, Matching(r"subnet-[0-9a-f]{8,17}", "an id of a subnet", "one such as subnet-0123456789abcdef0")
]
_SecurityGroupId = Annotated[
    StrictStr, Matching(r"sg-[0-9a-f]{8,17}", "an id of a security group", "one such as sg-0123456789abcdef0")
]
Subnets = Annotated[tuple[_SubnetId, ...], Distinct()]
SecurityGroups = Annotated[tuple[_SecurityGroupId, ...], Distinct()]
Port = Annotated[StrictInt, Field(ge=1, le=65535)]

# Of the edge

CertificateArn = Annotated[
    StrictStr,
    Matching(
        rf"arn:aws:acm:{EDGE_REGION}:{_ACCOUNT}:certificate/[a-zA-Z0-9-]{{1,64}}",
        f"an ARN of a certificate in {EDGE_REGION}, where CloudFront reads it",
        f"one such as arn:aws:acm:{EDGE_REGION}:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    ),
]
HostedZoneId = Annotated[
    StrictStr, Matching(r"Z[A-Z0-9]{1,31}", "an id of a hosted zone", "one such as Z0123456789ABCDEFGHIJ")
]
