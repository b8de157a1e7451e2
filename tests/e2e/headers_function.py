"""A Lambda function that says which headers it received: all that CloudFront sends, as an event is passed on whole."""

from typing import Final

from ml_gateway.local.aws import CloudInventory
from ml_gateway.local.stand_ins import define_function

NAME: Final = "tell-headers"
_CODE: Final = """
import json

def handler(event, _context):
    received = {name.lower(): value for name, value in event["headers"].items()}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(received)}
"""


def define_headers_function(inventory: CloudInventory) -> None:
    define_function(inventory.client("lambda"), NAME, {"handler.py": _CODE})
    # Its first call would define it, and then a gateway seems to have left something.
    inventory.client("logs").create_log_group(logGroupName=f"/aws/lambda/{NAME}")
