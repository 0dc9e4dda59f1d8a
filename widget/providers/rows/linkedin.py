"""LinkedIn. https://learn.microsoft.com/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2"""

from widget.providers.base import Guide, Provider
from widget.providers.client import Claims, Client
from widget.providers.rows.oidc import person


class LinkedInClaims(Claims):
    """LinkedIn leaves the nonce out of its ID tokens (authlib/authlib#763); one that is there must be ours."""

    def validate_nonce(self) -> None:
        """Like Authlib's, for a token that has one."""
        if "nonce" in self:
            super().validate_nonce()


class LinkedInClient(Client):
    """Reads ID tokens without a nonce."""

    claims_cls = LinkedInClaims


_SITE = "https://www.linkedin.com"
ROWS = (
    Provider(
        id="linkedin",
        name="LinkedIn",
        person=person,
        guide=Guide(
            console="https://www.linkedin.com/developers/apps",
            steps=(
                "Choose *Create app*; it needs a LinkedIn page of a company, which must *Verify* it.",
                "Under *Products* request *Sign In with LinkedIn using OpenID Connect*; it is given at once.",
                (
                    "Under *Auth* add `{callback}` to *Authorized redirect URLs for your app*, and copy the client id "
                    "and the primary client secret."
                ),
            ),
            gives="name, picture, e-mail address (LinkedIn says whether it is verified)",
            notes=(
                "A person's id at LinkedIn belongs to the app.",
                "Addresses of pictures end after a while; that is why pictures are copied.",
            ),
        ),
        issuer=f"{_SITE}/oauth",
        authorize_url=f"{_SITE}/oauth/v2/authorization",
        exchange_url=f"{_SITE}/oauth/v2/accessToken",
        userinfo_url="https://api.linkedin.com/v2/userinfo",
        jwks_url=f"{_SITE}/oauth/openid/jwks",
        scope="openid profile email",
        pkce=False,
        userinfo="nameless",
        client=LinkedInClient,
        rank=90,
    ),
)
