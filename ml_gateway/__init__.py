"""One front door for ML models on AWS: a file, two stacks, and the constructs that they are made of.

What can be imported from here stands in `__init__.pyi`. Each name is loaded when it is asked for: aws_cdk starts a
Node process, of which whoever only reads a file has no use.
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
