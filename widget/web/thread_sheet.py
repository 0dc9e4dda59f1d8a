"""What a page of /t/ says: everything its template needs, made of a part of a conversation and of a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from widget import moments, words
from widget.core import discussion, links, urls
from widget.core.errors import Problem
from widget.core.outline import Item, outline, walk
from widget.services import threads, views, windows
from widget.services.reading import Reading
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.web import feeds, pages, webmention

FIELDS = ("name", "email", "website", "text")


def address(public_id: str, **query: str) -> str:
    """A page of the thread; without an id, of an address that the query names."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{pages.public_url()}/t/{public_id}{'?' if asked else ''}{asked}"


@dataclass(frozen=True)
class Form:
    """The form as it stands there: `mark` says which page it was on, `typed` what was filled in."""

    parent: str | None
    mark: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None

    def of(self, name: str) -> str:
        """What was typed into a field."""
        return self.typed.get(name, "")

    def refused(self, problem: Problem) -> "Form":
        """The same, with what is wrong; it answers nobody any more who is not there."""
        return replace(self, problem=problem, parent=None if problem.code == "comment.bad_parent" else self.parent)


@dataclass(frozen=True)
class Sheet:
    """One page of a conversation in the language `lang`; `asked` is the one that its address says, and its links will.

    So is `sort` its order, where that is not the site's own. `action` is where its form goes.
    """

    site: SiteInfo
    page: Page
    reading: Reading
    form: Form
    lang: str
    asked: str
    sort: str
    note: str
    action: str

    def values(self) -> dict[str, Any]:
        """What the template needs. Raises Problem("thread.bad_cursor") or ("comment.not_found")."""
        thread, window = self.reading.thread, self.reading.window
        part = windows.read(thread, window) if thread else windows.Part([], None)
        items = outline(part.comments)
        title = (thread.title if thread else None) or self.page.title
        said = words.words(self.lang)
        values: dict[str, Any] = {
            "title": title,
            "named": (said["page.title"] if title else said["page.title.untitled"]).replace("{title}", title or ""),
            "url": self.page.url,
            "site_name": self.site.name,
            "theme": self.site.settings.theme,
            "count": moments.counted(said["page.count"], thread.comment_count, self.lang) if thread else "",
            "items": items,
            "names": self._names(items),
            "moment": self._moment,
            "body": lambda comment: Markup(comment["html"]),  # noqa: S704 - what core.text wrote
            "link": links.web_page,
            "permalink": self._permalink,
            "to": self._to,
            "next": self._next(items, part.next),
            "next_words": said["page.more_replies" if window.at or window.root else "page.more"],
            "one": window.at is not None and not self.form.parent and not self.note,
            "part": bool(window.at or window.root or window.after),
            "wrong": self._wrong(),
            "note": said[f"page.{self.note}"] if self.note else "",
            "form": self.form,
            "settings": self.site.settings,
            "open": threads.takes(thread) if thread else True,
            "action": self.action,
            "in_reply_to": words.embed(self.lang)["list.answers"],
            "one_conversation": words.embed(self.lang)["list.one"],
            "whole": words.embed(self.lang)["list.whole"],
            "sort": words.embed(self.lang)["list.sort"],
            "sorts": self._sorts(items),
            "canonical": self._canonical(),
            "webmention": webmention.endpoint(self.site),
            "feed": feeds.of_page(self.site, self.page, "atom"),
            "indexed": bool(thread and thread.comment_count and not self.form.parent and not self.note),
            "data": None,
        }
        if thread and thread.comment_count:
            posting = discussion.Posting(
                url=self._canonical(),
                title=title or self.page.url,
                about=self.page.url,
                site_name=self.site.name,
                site_url=urls.origin_of(self.page.url),
                begun=thread.created_at,
                count=thread.comment_count,
            )
            values["data"] = discussion.posting(posting, items, lambda one: self._permalink(one, lang=""))
        return values

    def _names(self, items: list[Item]) -> dict[str, str]:
        """Who is answered, where the place does not say so, by the comment's id; and whom the form answers."""
        wanted = {name for name in (self.form.parent, *(item.answers for item in walk(items))) if name}
        known = {item.comment["id"]: item.comment["author"]["name"] for item in walk(items) if "author" in item.comment}
        missing = wanted - known.keys()
        return known | (views.names(self.reading.thread, missing) if self.reading.thread and missing else {})

    def _next(self, items: list[Item], cursor: str | None) -> str | None:
        """Where this part goes on; behind one conversation come the further replies of its root."""
        window = self.reading.window
        if cursor is None:
            return None
        return self._to(root=items[0].comment["id"] if window.at else window.root or "", after=cursor)

    def _sorts(self, items: list[Item]) -> list[dict[str, str]]:
        """The orders that one may choose from, where there is more than one comment to be put in order."""
        window = self.reading.window
        if window.at or window.root or (len(items) < 2 and not window.after):
            return []
        said = words.embed(self.lang)
        return [
            {
                "words": said[f"list.sort.{name}"],
                "here": "true" if name == window.sort else "",
                "to": self._to(sort="" if name == self.site.settings.sort else name),
            }
            for name in windows.SORTS
        ]

    def _canonical(self) -> str:
        """A part of the roots or replies is a page of its own; one conversation is found in those, and so is all that
        another order shows."""
        window = self.reading.window
        if self.sort:
            return self._to(root=window.root or "", sort="", lang="")
        return self._to(root=window.root or "", after=window.after or "", lang="")

    def _permalink(self, comment_id: str, **query: str) -> str:
        return f"{self._to(at=comment_id, sort='', **query)}#comment-{comment_id}"

    def _to(self, **query: str) -> str:
        """Another part of this conversation."""
        thread = self.reading.thread
        return address(thread.public_id, **{"sort": self.sort, "lang": self.asked, **query}) if thread else self.action

    def _moment(self, time: str) -> str:
        return moments.moment(datetime.fromisoformat(time), self.lang)

    def _wrong(self) -> dict[str, str]:
        """What is wrong, by the field it stands beside; "" is the form itself."""
        problem = self.form.problem
        if problem is None:
            return {}
        said = words.embed(self.lang).get(f"error.{problem.code}") or words.words(self.lang).get(f"page.{problem.code}")
        text = str(said or problem.message)
        for name, value in {"field": problem.field or "", **problem.details}.items():
            text = text.replace(f"{{{name}}}", str(value))
        return {problem.field if problem.field in FIELDS else "": text}
