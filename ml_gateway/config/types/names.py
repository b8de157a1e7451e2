"""The types of what a gateway, its entries and its tags are called."""

from typing import Annotated, Final

from pydantic import Field, StrictInt, StrictStr

from ml_gateway.config.types.annotated import Matching

_NAME_PART: Final = r"(?!\.+(/|$))[a-zA-Z0-9._:-]+"
"""A part of a path (`LITERAL` of ml_gateway/serving/paths.py) without `$`, which begins a variable in the templates of
API Gateway's own answers."""

ENTRY_NAME: Final = Matching(
    r"(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "a name",
    "up to 63 lower-case letters and digits, a letter first, with single hyphens in between",
)
SERVED_AS: Final = Matching(
    rf"{_NAME_PART}(/{_NAME_PART})*",
    "a name that paths can have",
    "letters, digits and . _ : -, such as densenet_onnx, for openai also org/name; or rename it at its server",
)
# The stack's tags reach every resource, so the strictest service decides: CloudFront API reference, Tag, which names
# a-z, A-Z and 0-9. Its pattern and those of WAF, IAM and CloudWatch Logs would take letters of any script.
_TAG_TEXT: Final = r"(?![aA][wW][sS]:)[A-Za-z0-9 _.:/=+@-]"
_TAG_FORM: Final = "ASCII letters, digits, spaces and _ . : / = + - @ that do not start with aws:"
TAG_KEY: Final = Matching(rf"{_TAG_TEXT}{{1,128}}", "a tag key", f"1 to 128 {_TAG_FORM}")

GatewayName = Annotated[
    StrictStr,
    Matching(
        r"[a-z][a-z0-9-]{1,40}", "a gateway name", "2 to 41 lower-case letters, digits and hyphens, a letter first"
    ),
]
ServedAs = Annotated[StrictStr, SERVED_AS]
Description = Annotated[StrictStr, Field(min_length=1, max_length=1024)]
Stage = Annotated[
    StrictStr, Matching(r"[a-zA-Z0-9_-]{1,128}", "a stage name", "up to 128 letters, digits, hyphens and underscores")
]
Generation = Annotated[StrictInt, Field(ge=1)]
TagValue = Annotated[StrictStr, Matching(rf"{_TAG_TEXT}{{1,256}}", "a tag value", f"1 to 256 {_TAG_FORM}")]
