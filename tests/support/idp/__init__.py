"""Every provider that people can sign in with, as one server on the loopback interface: strict about the request,
realistic in the answer. Whatever deviates is in `violations`, and a test passes only if that list is empty."""

from tests.support.idp.server import NAMES, Simulator, simulator

__all__ = ["NAMES", "Simulator", "simulator"]
