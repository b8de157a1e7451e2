"""What an integration sends in a header: a fixed text, or what a caller put into the path."""

from ml_gateway.serving import Route
from ml_gateway.serving.paths import variable_alone


def mapped(text: str, route: Route) -> str:
    """The source of a mapping that sends `text`, or the variable of the route's path that it is, such as `{model}`.

    A mapping of a REST API takes one source and joins none (API Gateway Developer Guide, "Parameter mapping for REST
    APIs"): a variable beside other text would be sent with its braces, and is refused.
    """
    variable = variable_alone(text)
    if variable is None:
        joined = [name for name in route.variables if f"{{{name}}}" in text]
        if joined:
            raise ValueError(f"{text!r} would be sent as it is; send '{{{joined[0]}}}' alone, or a text without it")
        return f"'{text}'"
    if variable not in route.variables:
        raise ValueError(f"{text!r} is no variable of {route.path}; write it into that path, or send a fixed text")
    return f"method.request.path.{variable}"
