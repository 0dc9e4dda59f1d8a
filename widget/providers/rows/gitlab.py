"""GitLab, the public one or one's own. https://docs.gitlab.com/integration/openid_connect_provider/"""

from widget.providers.base import Guide, Own, Provider
from widget.providers.rows.oidc import person

ROWS = (
    Provider(
        id="gitlab",
        name="GitLab",
        person=person,
        guide=Guide(
            console="https://gitlab.com/-/user_settings/applications",
            steps=(
                (
                    "Under *Applications* of your own settings, of a group, or of the admin area of your instance, "
                    "choose *Add new application*."
                ),
                (
                    "Enter `{callback}` as *Redirect URI*, keep *Confidential*, and choose the scopes `openid`, "
                    "`profile` and `email`."
                ),
                "Copy the application id (it is the client id) and the secret.",
                "For an instance of your own set `WIDGET_GITLAB_BASE_URL`; it may be in your private network.",
            ),
            gives="name, picture, profile page, e-mail address (GitLab says whether it is verified)",
            notes=("Another base URL is another issuer: people of the one are not people of the other.",),
        ),
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
