"""Secrets of others that must be kept readable for us, written so that the database alone does not give them away."""

from cryptography.fernet import Fernet, InvalidToken

from widget.core import tokens


class Broken(ValueError):  # noqa: N818 - it names what the text is
    """The sealed text was changed, or sealed with another key or for another purpose."""


class Seal:
    """Encrypts and authenticates texts with a key made from the server's secret for one `purpose` alone."""

    def __init__(self, secret_key: str, *purpose: str) -> None:
        self._fernet = Fernet(tokens.derive(secret_key, "seal", *purpose) + "=")

    def close(self, text: str) -> str:
        """The sealed text, ASCII; about a third longer than `text` and 100 characters."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What `close` was given. Raises Broken."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeError) as error:
            raise Broken("not sealed here") from error
