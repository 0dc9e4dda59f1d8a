"""Tables for spreadsheets (RFC 4180), in which nothing that people wrote becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of a CSV file. A cell of text that a spreadsheet would calculate begins with an apostrophe.

    Source of the rule: OWASP, "CSV Injection".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
