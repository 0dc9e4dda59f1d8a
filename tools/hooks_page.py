"""docs/hooks.md: its words here, its tables from the rows and the forms of what is sent."""

import inspect
from collections.abc import Iterator
from typing import Any, get_type_hints

import msgspec

from widget.core import events, hookbody
from widget.services.hooks import news, store, tries

_EVENTS = {
    "comment.created": "It was written, and is shown or waits.",
    "comment.published": "Readers see it from now on, for the first time or again.",
    "comment.edited": "Its author changed it.",
    "comment.deleted": "Its author or a moderator deleted it.",
    "comment.spam": "It was put away as spam, by a check or a moderator.",
    "comment.held": "It is back in the queue: it was changed, readers reported it, or a decision was taken back.",
    "comment.flagged": "A reader reported it.",
    "person.banned": "Somebody cannot write on the site any more.",
}
_START = """\
# Hooks

A hook tells a program of yours, or a chat, what happens on a site, as soon as it happens. Owners make them at the desk
(*Sites*, the site, *Hooks*), each with a button that sends a test and shows the answer; for a whole server, and by
script, there is the command line:

```sh
widget hook add https://receiver.example/comments --site blog --event comment.created --event comment.flagged
widget hook add https://receiver.example/comments --all-sites        # also of sites to come
widget hook add https://ntfy.sh --site blog --kind ntfy --target a-topic-that-nobody-guesses
widget hook list
widget hook test ID
widget hook rotate ID                                                # another key
widget hook remove ID
```

"""
_EVENTS_START = """\
## Events

Words of a comment are sent only as the table says: what waits is read by nobody who did not choose to hear of what was
just written, and nobody hears of somebody who is shadow-banned. What was called spam as it was written is told as
`comment.spam` alone.

| event | when | sent while it is | with its words while it is |
|---|---|---|---|
"""
_BODY = """
## What a program gets

`POST` with JSON. Fields are added in later releases; the ones below stay.

"""
_VERIFY = """\
### The signature

Messages are signed after [Standard Webhooks](https://www.standardwebhooks.com), for which there are libraries in most
languages: `webhook-id`, `webhook-timestamp` (seconds since 1970, when it was sent) and `webhook-signature`: `v1,` and
the HMAC-SHA256, in base64, of `id.timestamp.body`, with the bytes behind `whsec_` as its key. For 24 hours after a
new key was made there are two signatures with a space between, of the new key and the old one. Look at the stamp as
well, so that nobody can send an old message once more. In Python, without a library:

```python
import base64, hashlib, hmac, time


def verify(key: str, headers: dict[str, str], body: bytes) -> bool:
    \"\"\"`headers` by their names in lower case; `body` exactly as it came.\"\"\"
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(key.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    right = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(right, one) for one in headers["webhook-signature"].split())
```

In Node:

```js
import { createHmac, timingSafeEqual } from "node:crypto";

export function verify(key, headers, body) { // body: a Buffer, exactly as it came
  if (Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"])) > 300) return false;
  const hmac = createHmac("sha256", Buffer.from(key.replace(/^whsec_/, ""), "base64"));
  hmac.update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`).update(body);
  const right = Buffer.from("v1," + hmac.digest("base64"));
  return headers["webhook-signature"].split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
```

### Once, and in order?

A message goes out again until it is taken, always under the same `webhook-id`: remember the ids you have seen, and a
repeat does no harm. A repeat tells what is so when it goes out: if the comment was changed in between, the new words,
and if it was deleted, nothing. So `comment.deleted` may be about a comment of which you never heard. One that had to
wait comes later than newer ones; `timestamp` says when it happened.

## Chats

| kind | address | and |
|---|---|---|
| `slack` | of an [incoming webhook](https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks) | |
| `discord` | of a channel's webhook | |
| `telegram` | `https://api.telegram.org/bot<token>/sendMessage` | the chat's id |
| `matrix` | the homeserver's | the room's id (`!…`), the access token of an account that is in the room |
| `ntfy` | the server's | the topic; an access token if it needs one |

A message says what happened in a line, then the comment's words, then links to the page and the desk, in the language
of the site's mails (`mail_lang`: English or Italian). Names, titles and comments are somebody else's words: all that
would format them, call somebody (`@everyone`) or hide where a link leads is made harmless, and what is longer than
the service takes is cut. What the services take was looked up in their documentation and tested against receivers of
our own, not against the services. Two things to know: Slack may mark the buttons of a webhook whose app has no
*Interactivity* with a warning, though their links work; Telegram takes no buttons to `localhost`.

## When something fails

What is to be sent is a row in the database, written in the transaction of its cause, and sent by the
workers that send [mail](mail.md#when-something-fails), in the same rhythm, for three days.

| answer | what follows |
|---|---|
| 2xx | it was taken |
| 408, 425, 429, 5xx | again later; `Retry-After` (and what Discord, Telegram and Matrix say in its place) is \
kept to, up to a day |
| 410 | the hook is switched off, and its page says so |
| other 4xx, a redirect (never followed), an address that may not be | again after five minutes, given up the \
third time |
| none within five seconds, none at all, a certificate that nobody vouches for | again later; after five in a row the \
receiver is left alone for half a minute |

The first 4,000 bytes of an answer are read and its first 300 characters kept. What was given up stands at the desk
under *Deliveries*, to be tried again or dropped.

"""


def page() -> str:
    """The whole page without its first line."""
    return "".join([_START, _EVENTS_START, *_events(), _BODY, *_forms(), "\n", _VERIFY, _end()])


def _end() -> str:
    return f"""\
Of the last {tries.MOST} times of each hook the desk shows the time, the event, what was answered and how long that
took; after {tries.KEEP.days} days they are gone.

## Where hooks may go

Over https, to hosts of the open internet on port 443, and nowhere else: the address is looked at each time it is
dialled, so a name that changes its mind is no way in. Hosts of your own network, other ports, and http, are for the
operator to list:

```toml
hook_hosts = "receiver.lan:8080, https-receiver.lan"   # host[:port]; see settings.md
```

Whoever owns a site can then send events to those, and read the beginning of what they answer.

Addresses, targets, tokens and keys are kept sealed with a key made from `WIDGET_SECRET_KEY`; the desk shows of an
address the host alone, and a key once. There may be {store.MOST} hooks on a site, and as many for the whole server.
Who adds, changes or removes one is in the desk's log.
"""


def _events() -> Iterator[str]:
    for kind in events.KINDS:
        rule = news.RULES.get(kind)
        states = [", ".join(one) or "never" for one in rule] if rule else ["", ""]
        yield f"| `{kind}` | {_EVENTS[kind]} | {' | '.join(states)} |\n"


def _forms() -> Iterator[str]:
    names = dict(zip(hookbody.PARTS, _TITLES, strict=True))
    for part, name in names.items():
        yield f"**{name}**: {inspect.getdoc(part)}\n\n| field | form | |\n|---|---|---|\n"
        hints = get_type_hints(part, include_extras=True)
        for field in msgspec.structs.fields(part):
            yield f"| `{field.encode_name}` | {_form(hints[field.name], names)} | {_about(hints[field.name])} |\n"
        yield "\n"


_TITLES = ("The message", "`data`", "`data.site`", "`data.page`", "`data.comment`", "a person")


def _form(hint: Any, names: dict[Any, str]) -> str:
    found = msgspec.inspect.type_info(hint)
    while isinstance(found, msgspec.inspect.Metadata):
        found = found.type
    several = found.types if isinstance(found, msgspec.inspect.UnionType) else (found,)
    return " or ".join(_name(one, names) for one in several)


def _name(one: Any, names: dict[Any, str]) -> str:
    if isinstance(one, msgspec.inspect.Metadata):
        return _name(one.type, names)
    if isinstance(one, msgspec.inspect.StructType):
        return names[one.cls]
    return {"StrType": "string", "NoneType": "`null`"}[type(one).__name__]


def _about(hint: Any) -> str:
    metas = [one for one in getattr(hint, "__metadata__", ()) if isinstance(one, msgspec.Meta)]
    return metas[0].description or "" if metas else ""
