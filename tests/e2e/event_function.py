"""A Lambda function that says what its event has of the caller."""

from typing import Any, Final

from ml_gateway.local.stand_ins import define_function

NAME: Final = "tell-event"
_CODE: Final = """
import json

def handler(event, _context):
    headers = {name.lower(): value for name, value in event["headers"].items()}
    told = {"authorizer": event["requestContext"].get("authorizer"), "headers": headers}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(told)}
"""


def define_event_function(client: Any) -> None:
    """`client` is boto3's for Lambda."""
    define_function(client, NAME, {"handler.py": _CODE})
