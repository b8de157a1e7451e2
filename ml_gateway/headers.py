"""How the names of headers are spelled on their way to the API.

Viewers of HTTP/2 and HTTP/3 send them in small letters, and API Gateway's mappings tell capitals apart. Behind a
CloudFront function there is one spelling, whatever the viewer sent: each word begins with a capital (CloudFront
Developer Guide, "CloudFront Functions event structure", on the names of headers).
"""


def spelled(header: str) -> str:
    """The name as the API gets it: `X-Amzn-Sagemaker-Target-Model`."""
    return "-".join(word.capitalize() for word in header.split("-"))
