"""Forms of the server's own rooms: that a POST comes from a page of ours, in the browser that was shown it."""

from dataclasses import dataclass

from flask import request

from widget.core import tokens
from widget.core.errors import Problem
from widget.web import pages

FIELD = "csrf"


@dataclass(frozen=True)
class OwnForms:
    """The forms of one room: `purpose` keeps their word apart from other rooms', `refusal` is the code of a Problem."""

    purpose: str
    refusal: str

    def word(self, secret: str) -> str:
        """What the forms of a page carry that was shown to the holder of the cookie `secret`."""
        return tokens.derive(secret, self.purpose)

    def require(self, secret: str) -> None:
        """By its Origin, and by a word that only that page and the holder of the cookie `secret` know.

        Raises the Problem of `refusal`.
        """
        given = request.form.getlist(FIELD)
        if (
            request.headers.get("Origin") != pages.origin()
            or len(given) != 1
            or not tokens.is_secret(secret)
            or not tokens.same(given[0], self.word(secret))
        ):
            raise Problem(self.refusal)
