"""The times of a WordPress export: no comment is lost because its time is missing, zero or nonsense."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LARGEST_OFFSET = timedelta(hours=15)


class Times:
    """Best time first: GMT; local time less the offset that the item or its neighbours show; the nearest good time."""

    def __init__(self) -> None:
        """Before the first item."""
        self.of_item: datetime | None = None
        self._offset = timedelta()  # local time less GMT
        self._last: datetime | None = None
        self._exported = datetime(1970, 1, 1, tzinfo=UTC)

    def exported(self, pub_date: str) -> None:
        """The file's own date (RFC 822)."""
        self._exported = _rfc822(pub_date) or self._exported

    def item(self, fields: dict[str, str]) -> None:
        """An item begins; `fields` by local name."""
        gmt = _stamp(fields.get("post_date_gmt"))
        self._learn(_stamp(fields.get("post_date")), gmt)
        local = _stamp(fields.get("post_date"))
        self.of_item = gmt or _rfc822(fields.get("pubDate", "")) or (local - self._offset if local else None)
        self._last = None

    def of_comment(self, fields: dict[str, str]) -> tuple[datetime, bool]:
        """When the comment was written, and whether that had to be guessed."""
        gmt, local = _stamp(fields.get("comment_date_gmt")), _stamp(fields.get("comment_date"))
        self._learn(local, gmt)
        known = gmt or (local - self._offset if local else None)
        if known:
            self._last = known
            return known, gmt is None
        return self._last or self.of_item or self._exported, True

    def _learn(self, local: datetime | None, gmt: datetime | None) -> None:
        if local and gmt and abs(local - gmt) <= _LARGEST_OFFSET:
            self._offset = local - gmt


def _stamp(text: str | None) -> datetime | None:
    """`2011-04-02 20:00:00`, or None for what is missing, zero or no date."""
    try:
        moment = datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year >= 1970 else None


def _rfc822(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if moment.year >= 1970 else None
