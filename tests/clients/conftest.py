"""The Node of the tests of functions."""

from tests.functions.conftest import runtime

__all__ = ["runtime"]
