"""Parts of a template as a deployed stack has them."""

import re
from typing import Any, Final

from tests.synthesis import Json

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"

PSEUDO_PARAMETERS: Final = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws"}

ATTRIBUTES: Final = {
    ("AWS::ApiGateway::RestApi", "Ref"): "{name}",
    ("AWS::CloudFront::KeyValueStore", "Arn"): f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/{{name}}",
    ("AWS::EC2::VPC", "DefaultSecurityGroup"): "sg-of-{name}",
    ("AWS::Events::Rule", "Arn"): f"arn:aws:events:{{region}}:{ACCOUNT}:rule/{{name}}",
    ("AWS::IAM::OIDCProvider", "Ref"): f"arn:aws:iam::{ACCOUNT}:oidc-provider/{{name}}",
    ("AWS::Lambda::Function", "Arn"): f"arn:aws:lambda:{{region}}:{ACCOUNT}:function:{{name}}",
    ("AWS::Logs::LogGroup", "Arn"): f"arn:aws:logs:{{region}}:{ACCOUNT}:log-group:{{name}}:*",
    ("AWS::S3::Bucket", "Arn"): "arn:aws:s3:::{name}",
    ("AWS::SNS::Topic", "Ref"): f"arn:aws:sns:{{region}}:{ACCOUNT}:{{name}}",
}
"""What policies say of other resources: by their type and attribute, as each type's page of CloudFormation's reference
has it."""


def concrete(value: object, template: Json, *, region: str = REGION) -> Any:
    """A part of a template with a text in place of each reference, as a deployed stack has it.

    A reference to a type or an attribute that is in no table here is an error.
    """
    match value:
        case {"Ref": "AWS::Region"}:
            return region
        case {"Ref": str(name)} if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        case {"Ref": str(name)} if name in template.get("Parameters", {}):
            return template["Parameters"][name]["Default"]
        case {"Ref": str(logical_id)}:
            return _attribute(logical_id, "Ref", template, region)
        case {"Fn::GetAtt": [str(logical_id), str(attribute)]}:
            return _attribute(logical_id, attribute, template, region)
        case {"Fn::Join": [str(between), list(parts)]}:
            return between.join(concrete(part, template, region=region) for part in parts)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda name: concrete({"Ref": name[1]}, template, region=region), text)
        case {"Fn::If": [str(condition), yes, no]}:
            one, other = (concrete(each, template) for each in template["Conditions"][condition]["Fn::Equals"])
            return concrete(yes if one == other else no, template, region=region)
        case dict():
            assert not [key for key in value if key == "Ref" or key.startswith("Fn::")], value
            return {key: concrete(each, template, region=region) for key, each in value.items()}
        case list():
            return [concrete(each, template, region=region) for each in value]
    return value


def _attribute(logical_id: str, attribute: str, template: Json, region: str) -> str:
    resource = template["Resources"][logical_id]
    name = resource.get("Properties", {}).get("LogGroupName") or name_of(logical_id)
    return ATTRIBUTES[resource["Type"], attribute].format(name=name, region=region)


def name_of(logical_id: str) -> str:
    """What a resource is called here that CloudFormation names: its logical id without the hash of CDK."""
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)


def log_group(logical_id: str) -> str:
    """The ARN of a log group that CloudFormation names, without its end."""
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name_of(logical_id)}"
