"""A conversation in the words of schema.org, for search engines: a DiscussionForumPosting with its Comments.

What is asked for, and what a deleted comment may look like: Google's "Discussion forum (DiscussionForumPosting)
structured data".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from widget.core import clock, links, text
from widget.core.outline import Item


@dataclass(frozen=True)
class Posting:
    """What the conversation is about: a page of a site, whose comments have a page of their own at `url`."""

    url: str
    title: str
    about: str
    site_name: str
    site_url: str
    begun: datetime
    count: int


def posting(said: Posting, items: list[Item], permalink: Callable[[str], str]) -> dict[str, Any]:
    """The posting with the comments of one page of it, whose bodies are html; `permalink` leads to one by its id."""
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "url": said.url,
        "mainEntityOfPage": said.url,
        "headline": said.title,
        "text": said.title,
        "author": {"@type": "Organization", "name": said.site_name, "url": said.site_url},
        "datePublished": clock.rfc3339(said.begun),
        "sharedContent": {"@type": "WebPage", "url": said.about, "headline": said.title},
        "commentCount": said.count,
        "interactionStatistic": _counter("CommentAction", said.count),
        "comment": [_comment(item, permalink) for item in items],
    }


def _comment(item: Item, permalink: Callable[[str], str]) -> dict[str, Any]:
    comment = item.comment
    shown: dict[str, Any] = {"@type": "Comment", "url": permalink(comment["id"]), "datePublished": comment["time"]}
    if author := comment.get("author"):
        url = links.web_page(author.get("url"))
        shown["author"] = {"@type": "Person", "name": author["name"], **({"url": url} if url else {})}
        shown["text"] = text.words_of(comment["html"])
        if edited := comment.get("edited"):
            shown["dateModified"] = edited
        if likes := msgspec.json.decode(comment.get("reactions", b"{}"), type=dict[str, int]).get("like"):
            shown["interactionStatistic"] = _counter("LikeAction", likes)
    else:
        shown["creativeWorkStatus"] = "Deleted"
    if item.below:
        shown["comment"] = [_comment(below, permalink) for below in item.below]
    return shown


def _counter(action: str, count: int) -> dict[str, Any]:
    interaction = f"https://schema.org/{action}"
    return {"@type": "InteractionCounter", "interactionType": interaction, "userInteractionCount": count}
