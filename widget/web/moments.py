"""Times and numbers, for pages: mails write them as well (widget.moments)."""

from widget.moments import counted, day, moment

__all__ = ["counted", "day", "moment"]
