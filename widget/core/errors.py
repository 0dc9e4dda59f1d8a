"""Every way a request can be refused: a stable dotted code, its HTTP status, words for people.

Clients switch on the code; docs/errors.md is made from these rows.
"""

from typing import Any

ROWS: dict[str, tuple[int, str]] = {
    "request.invalid": (400, "The request could not be read: {reason}."),
    "request.not_json": (415, "The body must be JSON, sent with Content-Type: application/json."),
    "request.too_large": (413, "The body is larger than {limit} bytes."),
    "request.bad_field": (422, "The field {field} is not right: {reason}."),
    "not_found": (404, "There is nothing at this address."),
    "method.not_allowed": (405, "This address does not take that method."),
    "server.error": (500, "Something went wrong here; nothing was saved. Please try again."),
    "server.busy": (503, "The server is busy; nothing was saved. Please try again."),
    "site.unknown": (404, "No site has this key or this origin."),
    "site.ambiguous": (400, "Several sites share this origin: say which one with site=."),
    "site.exists": (409, "There is a site with this key already."),
    "site.changed": (409, "Somebody else changed this site meanwhile; look at it and do it again."),
    "site.bad_key": (422, "A site's key is made of a-z, 0-9 and -, at most 64 of them."),
    "site.bad_origin": (422, "This is no origin like https://blog.example: {origin}."),
    "site.no_origin": (422, "A site needs an origin: where its pages are."),
    "page.bad_url": (422, "The page's address is not a web address we can keep: {reason}."),
    "page.foreign": (403, "This page is not on one of the site's origins."),
    "origin.foreign": (403, "The request comes from an origin that is not on the site's list."),
    "session.missing": (401, "Sign in first, as a guest or with an account."),
    "session.invalid": (401, "This session has ended or belongs to another site; sign in again."),
    "session.bad_proof": (401, "This session is bound to a key of its browser, and the proof is wrong: {reason}."),
    "session.not_found": (404, "You have no such session."),
    "session.bad_ticket": (400, "This sign-in has expired or was used already; start it again."),
    "guest.not_allowed": (403, "This site takes comments from signed-in people only."),
    "guest.name_missing": (422, "Please write your name."),
    "guest.bad_email": (422, "This does not look like an e-mail address."),
    "guest.email_missing": (422, "This site asks for an e-mail address; it is never shown."),
    "guest.bad_website": (422, "The website must start with https:// or http://."),
    "guest.name_reserved": (422, "This name is taken by people of this site; please write another."),
    "user.unknown": (404, "Nobody who signed in is known as {who}."),
    "user.ambiguous": (409, "Several people are known as {who}; name the one by their id, or as provider:subject."),
    "role.missing": (403, "Only the site's owner and moderators can do this."),
    "person.banned": (403, "You cannot write here at the moment."),
    "person.protected": (403, "This person runs the site, too: only somebody above them can do this."),
    "log.not_found": (404, "There is no such entry in the log."),
    "log.not_undoable": (409, "This cannot be undone any more: something else was decided since, or the text is gone."),
    "comment.empty": (422, "Please write something."),
    "comment.too_long": (422, "The comment is longer than {limit} characters."),
    "comment.not_found": (404, "There is no such comment."),
    "comment.bad_parent": (422, "The comment you answer is not in this conversation any more."),
    "comment.not_yours": (403, "Only its author can change this comment."),
    "comment.window_closed": (403, "The time to change this comment has passed."),
    "comment.gone": (409, "This comment was deleted."),
    "comment.changed": (409, "This comment was changed meanwhile, in another window or tab; read it again."),
    "comment.undo_over": (403, "The time to undo this has passed."),
    "comment.not_root": (422, "Only a comment that answers none can be pinned."),
    "reaction.sign_in": (403, "Sign in with an account to react."),
    "reaction.not_offered": (422, "This site does not offer this reaction here."),
    "flag.own": (403, "This comment is yours: you can delete it."),
    "thread.not_found": (404, "There is no such conversation."),
    "thread.unknown": (422, "No conversation of this site has this address or this id."),
    "thread.same": (422, "That is the same conversation."),
    "thread.taken": (409, "This address or id leads to another conversation; merge the two instead."),
    "thread.last_name": (409, "The page's own address and the last name stay."),
    "thread.bad_prefix": (422, "Both must be beginnings of addresses, with https:// or http://, and differ."),
    "thread.changed": (409, "The conversation was changed since; look at it and do it again."),
    "thread.forged": (403, "This form does not come from the page of this conversation; load that page again."),
    "thread.closed": (403, "This conversation is closed."),
    "thread.bad_cursor": (400, "The place to go on from is not in this conversation."),
    "limit.person": (429, "You have done this too often; try again in {retry} seconds."),
    "limit.address": (429, "This was done too often from where you are; try again in {retry} seconds."),
    "limit.page": (429, "Very many people write on this page at the moment; try again in {retry} seconds."),
    "limit.site": (429, "Very many people write on this site at the moment; try again in {retry} seconds."),
    "live.off": (404, "This site does not tell of news."),
    "live.full": (503, "As many readers as there may be are told of news here already; ask from time to time."),
    "idempotency.missing": (400, "Send an Idempotency-Key header with every write."),
    "idempotency.bad_key": (400, "The Idempotency-Key must have 16 to 64 of the characters A-Z a-z 0-9 _ -."),
    "idempotency.mismatch": (409, "This Idempotency-Key was used for another request."),
    "signin.unknown_provider": (404, "This server offers no sign-in with that provider."),
    "signin.bad_request": (400, "The sign-in was started wrongly: {reason}."),
    "signin.bad_address": (400, "Nobody can sign in with the address that was given."),
    "signin.bad_return": (400, "The sign-in would return to a page that is not on the site's list."),
    "signin.expired": (403, "This sign-in has expired, was used already, or was begun in another browser."),
    "signin.denied": (403, "The sign-in was cancelled or refused."),
    "signin.provider_failed": (502, "The provider could not be reached or gave no valid answer."),
    "signin.identity_taken": (409, "This account belongs to another person here already; nothing was changed."),
    "user.blocked": (403, "You cannot sign in here at the moment."),
    "user.not_found": (404, "There is no such person."),
    "account.unknown": (403, "Nobody has signed in on a site of this server with this account yet."),
    "account.signed_out": (403, "You are not signed in on the account page any more; sign in again."),
    "account.forged": (403, "This form is too old, or does not come from the account page; load that page again."),
    "identity.not_found": (404, "You have no such account."),
    "identity.last": (409, "This is the only account you can sign in with, so it stays."),
    "subscription.off": (404, "This server sends no mail."),
    "subscription.no_address": (422, "Please write your e-mail address; it is never shown."),
    "subscription.too_many": (429, "Too many messages were asked for; please try again later."),
    "subscription.not_found": (404, "You have no such subscription."),
    "mail.link_invalid": (403, "This link is incomplete or was changed."),
    "mail.link_expired": (403, "This link is too old."),
    "mail.link_used": (403, "This link has done what it was for."),
    "reply.unknown": (404, "Nobody is answered at this address."),
    "reply.expired": (403, "The mail that this answers is too old."),
    "reply.automatic": (422, "This mail was not written by a person."),
    "reply.forged": (403, "The receiving mail server found that this mail is not from its sender."),
    "reply.foreign": (403, "This mail is not from the address that was written to."),
    "reply.quoted": (422, "Your words could not be told apart from those that the mail quotes."),
    "reply.unreadable": (422, "This mail is packed in a way that cannot be read."),
    "reply.too_large": (413, "This mail is larger than {limit} bytes."),
    "desk.signed_out": (403, "You are not signed in at the desk any more; sign in again."),
    "desk.forged": (403, "This form is too old, or does not come from the desk; load its page again."),
    "desk.no_role": (403, "Only people with a role on a site, and administrators, work at the desk."),
    "desk.not_yours": (403, "Your role does not go as far as this."),
    "desk.insecure": (403, "The desk opens over https only, or on the machine itself."),
    "setup.invalid": (403, "This set-up link has expired, was used already, or is not right."),
    "setup.locked": (429, "Too many wrong set-up links were tried; wait, or make a new one on the command line."),
    "config.invalid": (500, "A setting is not right: {reason}."),
    "import.bad_file": (422, "The file cannot be imported: {reason}."),
}


class Problem(Exception):  # noqa: N818 - the field's word for it (RFC 9457), and it is not always an error of ours
    """A refusal with a stable code of `ROWS`; `details` fill its words and travel beside them."""

    def __init__(self, code: str, *, field: str | None = None, **details: Any) -> None:
        self.code = code
        self.status, words = ROWS[code]
        self.field = field
        self.details = details
        self.message = words.format_map(_Blank(details, field=field or ""))
        super().__init__(f"{code}: {self.message}")


class _Blank(dict[str, Any]):
    """Lets a row's words stand even where a detail was not given."""

    def __missing__(self, key: str) -> str:
        return "…"
