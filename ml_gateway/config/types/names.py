"""The types of what a gateway, its entries and its tags are called."""

from typing import Annotated, Final

from pydantic import Field, StrictInt, StrictStr

from ml_gateway.config.types.annotated import Matching
from ml_gateway.config.types.lists import Distinct
from ml_gateway.serving import settings

ENTRY_NAME: Final = Matching(settings.NAME, "a name", settings.NAME_FORM)
SERVED_AS: Final = Matching(settings.SERVED_AS, "a name that paths can have", settings.SERVED_AS_FORM)
# The stack's tags reach every resource, so the strictest service decides: CloudFront API reference, Tag, which names
# a-z, A-Z and 0-9. Its pattern and those of WAF, IAM and CloudWatch Logs would take letters of any script.
_TAG_TEXT: Final = r"(?![aA][wW][sS]:)[A-Za-z0-9 _.:/=+@-]"
_TAG_FORM: Final = "ASCII letters, digits, spaces and _ . : / = + - @ that do not start with aws:"
TAG_KEY: Final = Matching(rf"{_TAG_TEXT}{{1,128}}", "a tag key", f"1 to 128 {_TAG_FORM}")

ModelNames = Annotated[tuple[StrictStr, ...], Field(min_length=1), Distinct()]
"""Names of models; which there are is for rules to say."""

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
