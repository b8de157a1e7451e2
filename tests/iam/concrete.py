"""Parts of a template as a deployed stack has them."""

from typing import Final

from tests.synthesis import Json

ACCOUNT: Final = "123456789012"


def concrete(value: object, template: Json) -> object:
    """A part of a template with a text in place of each reference, as a deployed stack has it."""
    match value:
        case {"Ref": "AWS::AccountId"}:
            return ACCOUNT
        case {"Fn::Join": [str(between), list(parts)]}:
            return between.join(str(concrete(part, template)) for part in parts)
        case {"Fn::GetAtt": [str(logical_id), "Arn"]}:
            assert template["Resources"][logical_id]["Type"] == "AWS::Logs::LogGroup"
            return f"{log_group(logical_id)}:*"
        case dict():
            assert not [key for key in value if key == "Ref" or key.startswith("Fn::")], value
            return {key: concrete(each, template) for key, each in value.items()}
        case list():
            return [concrete(each, template) for each in value]
    return value


def log_group(logical_id: str) -> str:
    """The ARN of a log group that CloudFormation names, without its end."""
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:acme-api-{logical_id}-1A2B3C"
