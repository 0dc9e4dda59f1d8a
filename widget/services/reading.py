"""Reading a conversation: one part of it as bytes that are the same for every reader."""

from dataclasses import dataclass
from typing import Any

import msgspec

from widget.core import payload, tokens
from widget.core.text import RENDERER_VERSION
from widget.models import Thread
from widget.services import avatars, faces, pictures, threads, windows
from widget.services.sites import SiteInfo
from widget.services.threads import Moved, Page
from widget.services.windows import Window

FORMAT = 5  # moves when the form of the answer changes, so that no ETag of the old form matches


@dataclass(frozen=True)
class Reading:
    """An answer not made yet: its ETag is known before the comments are read."""

    page: Page
    thread: Thread | None
    window: Window
    etag: str

    def body(self) -> bytes:
        """The JSON bytes. Raises Problem("thread.bad_cursor") or ("comment.not_found")."""
        if self.thread is None:
            answer: dict[str, Any] = {"thread": empty_summary(self.page), "comments": [], "next": None}
            if self.window.since >= 0:
                answer |= {"gone": [], "reset": self.window.since > 0}
        elif self.window.since >= 0:
            news = windows.news(self.thread, self.window)
            answer = {"thread": thread_summary(self.thread), "comments": news.comments, "next": None}
            answer |= {"gone": news.gone, "reset": news.reset}
        else:
            part = windows.read(self.thread, self.window)
            answer = {"thread": thread_summary(self.thread), "comments": part.comments, "next": part.next}
        return payload.encode(answer)


def open_page(site: SiteInfo, page: Page, window: Window) -> Reading:
    """Find the thread and say which version of it the reader would get; reads one row."""
    thread = threads.find(site, page)
    facts = [FORMAT, RENDERER_VERSION, avatars.base(), pictures.base(), page.url, *vars(window).values()]
    variant = tokens.digest(payload.encode(facts).decode())[:12]
    place = f"{thread.public_id}.{thread.version}" if thread else "none"
    if thread and thread.open and not threads.takes(thread):
        place += ".over"  # it closed without anybody's doing
    return Reading(page=page, thread=thread, window=window, etag=f"{place}.{variant}")


def thread_summary(thread: Thread | threads.Held) -> dict[str, Any]:
    """What an answer says about the thread itself."""
    shown: dict[str, Any] = {
        "url": thread.url,
        "title": thread.title,
        "count": thread.comment_count,
        "version": thread.version,
        "open": threads.takes(thread),
    }
    if thread.reactions != "{}":
        shown["reactions"] = msgspec.Raw(thread.reactions.encode())
        if last := faces.of_page(thread):
            shown["faces"] = last
    return shown


def moved_summary(thread: Thread | threads.Held, moved: Moved | None) -> dict[str, Any]:
    """The same after a change of the thread, if it was one."""
    return thread_summary(thread) | ({"version": moved.version, "count": moved.count} if moved else {})


def empty_summary(page: Page) -> dict[str, Any]:
    """The same of a page on which nobody wrote or reacted yet."""
    return {"url": page.url, "title": None, "count": 0, "version": 0, "open": True}
