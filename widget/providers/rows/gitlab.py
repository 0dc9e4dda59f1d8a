"""GitLab, the public one or one's own. https://docs.gitlab.com/integration/openid_connect_provider/"""

from widget.providers.base import Own, Provider
from widget.providers.rows.oidc import person

ROWS = (
    Provider(
        id="gitlab",
        name="GitLab",
        person=person,
        setup="Make an application (confidential) in the settings of a user, a group or the instance.",
        issuer="{base_url}",
        authorize_url="{base_url}/oauth/authorize",
        exchange_url="{base_url}/oauth/token",
        userinfo_url="{base_url}/oauth/userinfo",
        jwks_url="{base_url}/oauth/discovery/keys",
        scope="openid profile email",
        auth="client_secret_basic",
        own=(Own(name="BASE_URL", default="https://gitlab.com", help="the instance."),),
        rank=60,
    ),
)
