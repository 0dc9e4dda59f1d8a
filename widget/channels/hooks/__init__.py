"""One kind of hook a file: how an event is told to a program of the operator's own, or as a message in a chat."""

from widget.channels.hooks import discord, matrix, ntfy, ours, slack, telegram
from widget.channels.hooks.request import Destination, Kind, Request

__all__ = ["KINDS", "Destination", "Kind", "Request"]

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (ours.KIND, slack.KIND, discord.KIND, telegram.KIND, matrix.KIND, ntfy.KIND)
}
