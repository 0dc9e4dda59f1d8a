"""Places to sign in: rows, pure profile functions, and the client that speaks OAuth 2.0 and OpenID Connect to them."""

from widget.providers.base import Profile, Provider
from widget.providers.settings import configured, settings_rows

__all__ = ["Profile", "Provider", "configured", "settings_rows"]
