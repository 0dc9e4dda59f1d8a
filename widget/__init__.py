"""Comments for any web page (see README.md)."""

__version__ = "0.1.0"
