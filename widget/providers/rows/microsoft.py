"""Microsoft: work, school and personal accounts. https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc"""

import re
from typing import Any

from widget.providers.base import BadAnswer, Data, Guide, Own, Person, Provider
from widget.providers.client import Answer, Client

_PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"  # the tenant of all personal accounts
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def person(data: Data) -> Person:
    """Claims. Whoever runs a tenant writes what they like into addresses and names: nothing is verified."""
    return Person(
        subject=data.get("sub"),
        issuer=data.get("iss"),
        name=data.get("name"),
        username=data.get("preferred_username"),
        email=data.get("email"),
    )


class MicrosoftClient(Client):
    """One address for all tenants, each an issuer of its own."""

    def answer_issuer(self, given: str | None) -> str:
        """The tenant is not known before the ID token is read; there it is checked."""
        ours = re.fullmatch(re.escape(self._issuer_of("TENANT")).replace("TENANT", _GUID.pattern), given or "")
        return given if given and ours else super().answer_issuer(given)

    def claims_options(self) -> dict[str, Any]:
        """`iss` is compared with `tid` afterwards."""
        return {**super().claims_options(), "iss": {"essential": True}}

    def document(self, token: Any, claims: Data, answer: Answer) -> Data:
        """The claims of a tenant that the operator let in."""
        tenant, wanted = str(claims.get("tid")), self.provider.options["tenant"]
        if not _GUID.fullmatch(tenant) or claims["iss"] != self._issuer_of(tenant):
            raise BadAnswer("the issuer is not the token's tenant")
        let_in = {
            "common": True,
            "organizations": tenant != _PERSONAL,
            "consumers": tenant == _PERSONAL,
        }.get(wanted, tenant == wanted.lower())
        if not let_in:
            raise BadAnswer(f"an account of the tenant {tenant}, which may not sign in here")
        return super().document(token, claims, answer)

    def _issuer_of(self, tenant: str) -> str:
        return f"{self.provider.options['authority']}/{tenant}/v2.0"


ROWS = (
    Provider(
        id="microsoft",
        name="Microsoft",
        person=person,
        guide=Guide(
            console="https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
            steps=(
                (
                    "Under *App registrations* choose *New registration*. For everybody, choose *Accounts in any "
                    "organizational directory and personal Microsoft accounts*."
                ),
                "Add a redirect URI of the platform *Web*: `{callback}`.",
                (
                    "Copy the *Application (client) ID*. Under *Certificates & secrets* make a client secret and copy "
                    "its *Value*, not its id."
                ),
                (
                    "If you chose a single organisation, set `WIDGET_MICROSOFT_TENANT` to the *Directory (tenant) ID*; "
                    "otherwise Microsoft answers AADSTS50194."
                ),
            ),
            gives="name, e-mail address (not proven: it is never taken for verified)",
            notes=(
                "A client secret lasts 24 months at most: note the day.",
                "Pictures need a permission of their own and are not asked for.",
            ),
        ),
        issuer="{authority}/{tenant}/v2.0",
        authorize_url="{authority}/{tenant}/oauth2/v2.0/authorize",
        exchange_url="{authority}/{tenant}/oauth2/v2.0/token",
        userinfo_url="https://graph.microsoft.com/oidc/userinfo",
        jwks_url="{authority}/{tenant}/discovery/v2.0/keys",
        scope="openid profile email",
        userinfo="nameless",
        client=MicrosoftClient,
        own=(
            Own(
                name="TENANT",
                default="common",
                help="who may sign in: common, organizations, consumers, or a tenant id.",
            ),
            Own(name="AUTHORITY", default="https://login.microsoftonline.com", help="the cloud."),
        ),
        rank=70,
    ),
)
