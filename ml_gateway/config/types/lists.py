"""Lists in which nothing stands twice."""

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ml_gateway.config.types.annotated import JsonSchema
from ml_gateway.serving.settings import check_no_repeats


class Distinct:
    """No entry of the list stands twice, in whatever capitals."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(check_no_repeats, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {**handler(schema), "uniqueItems": True}


class OneOrMore:
    """One entry may stand by itself. Not a union: its errors would have a step of their own."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: (value,) if isinstance(value, str | int | float) else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        listed = handler(schema)
        one = {key: value for key, value in listed["items"].items() if key == "pattern"}
        return {**listed, **one, "type": ["array", "string"]}
