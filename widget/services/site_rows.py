"""A site's settings as rows that a form can be made of: what each may be, where it stands, how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from widget.core.errors import Problem
from widget.services import sites
from widget.services.sites import SiteInfo, SiteSettings

# In the order of the form; a setting that stands nowhere here is one of `more`.
GROUPS: dict[str, tuple[str, ...]] = {
    "writing": ("guests", "guest_email", "providers", "edit_window", "max_length", "images"),
    "reading": ("language", "theme", "sort", "reactions", "page_reactions", "live", "live_limit"),
    "moderation": ("moderation", "approve_after", "flags_to_hold", "close_days"),
    "spam": (
        *("guest_links", "max_links", "held_words", "blocked_words", "held_names", "reserved_names"),
        *("similar", "forms", "least_seconds", "flood", "proof_of_work", "akismet_key"),
    ),
    "mail": ("mail_owners", "mail_to", "mail_lang", "mail_letter", "mail_letter_empty"),
    "web": ("webmentions",),
}
MORE = "more"


@dataclass(frozen=True)
class SettingRow:
    """`kind`: flag, number, choice, several (of `choices`), words (any, one a line) or secret (never shown again).

    `low` and `high` are a number's.
    """

    name: str
    kind: str
    group: str
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    def text(self, site: SiteInfo) -> str:
        """The site's value as `sites.typed` reads it; words one a line, nothing of a secret."""
        value = getattr(site.settings, self.name)
        if self.kind == "secret":
            return ""
        return "\n".join(value) if isinstance(value, tuple) else str(value)


def rows() -> tuple[SettingRow, ...]:
    """Every setting of a site, in the order of the form."""
    there = {row.name: row for row in fields(SiteSettings)}
    placed = [(name, group) for group, names in GROUPS.items() for name in names if name in there]
    known = {name for name, _ in placed}
    placed += [(name, MORE) for name in there if name not in known]
    return tuple(_row(there[name], group) for name, group in placed)


def read(row: SettingRow, given: list[str]) -> Any:
    """What a form sent for this row, of the right type. Raises Problem("config.invalid")."""
    if row.kind == "flag":
        return bool(given)
    if row.kind == "several":
        return sites.typed(row.name, ",".join(given))
    text = given[0] if len(given) == 1 else ""
    if row.kind == "words":
        return sites.typed(row.name, ",".join(text.splitlines()))
    return sites.typed(row.name, text.strip())


def changes(site: SiteInfo, form: Mapping[str, list[str]]) -> tuple[dict[str, Any], set[str]]:
    """(what a form changes, the names of rows whose text is not right). A secret that is left empty stays."""
    changed: dict[str, Any] = {}
    wrong = set()
    for row in rows():
        given = form.get(row.name, [])
        if row.kind == "secret" and not any(given):
            continue
        try:
            value = read(row, given)
        except Problem:
            wrong.add(row.name)
            continue
        before = getattr(site.settings, row.name)
        if value != (list(before) if isinstance(before, tuple) else before):
            changed[row.name] = value
    return changed, wrong


def _row(field: Any, group: str) -> SettingRow:
    name = field.name
    if field.type is bool:
        return SettingRow(name, "flag", group)
    if name in sites.LIMITS:
        low, high = sites.LIMITS[name]
        return SettingRow(name, "number", group, low=low, high=high)
    if name in sites.LISTS:
        allowed = sites.LISTS[name]
        return SettingRow(name, "words", group) if allowed is None else SettingRow(name, "several", group, allowed)
    if name in getattr(sites, "SECRETS", ()):
        return SettingRow(name, "secret", group)
    return SettingRow(name, "choice", group, sites.choices_of(name))
