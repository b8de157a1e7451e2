"""Each kind of backend: a value that turns itself into an API Gateway integration.

What can be imported from here stands in `__init__.pyi`. Each is loaded when it is asked for: CDK's modules for
Lambda and for VPC links take long to load, and most gateways need neither.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
