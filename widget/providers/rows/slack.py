"""Slack. https://docs.slack.dev/authentication/sign-in-with-slack/"""

from widget.providers.base import Data, Guide, Person, Provider

_TEAM, _USER = "https://slack.com/team_id", "https://slack.com/user_id"


def person(data: Data) -> Person:
    """Claims. A user's id is one within its workspace."""
    team, user = data.get(_TEAM), data.get(_USER) or data.get("sub")
    return Person(
        subject=f"{team}:{user}" if team and user else None,
        name=data.get("name"),
        avatar=data.get("picture"),
        email=data.get("email"),
        email_verified=data.get("email_verified"),
    )


_API = "https://slack.com"
ROWS = (
    Provider(
        id="slack",
        name="Slack",
        person=person,
        guide=Guide(
            console="https://api.slack.com/apps",
            steps=(
                "Choose *Create New App*, *From scratch*, in a workspace of yours.",
                "Under *OAuth & Permissions* add `{callback}` to *Redirect URLs*, and save. Add no bot scopes.",
                "For people of other workspaces, activate *Public Distribution* under *Manage Distribution*.",
                "Copy the client id and the client secret from *Basic Information*.",
            ),
            gives="name, picture, e-mail address (Slack says whether it is verified)",
            notes=(
                "The address must be https; localhost is not taken.",
                "Somebody with two workspaces is two people: that is how Slack counts.",
            ),
        ),
        issuer=_API,
        authorize_url=f"{_API}/openid/connect/authorize",
        exchange_url=f"{_API}/api/openid.connect.token",
        userinfo_url=f"{_API}/api/openid.connect.userInfo",
        jwks_url=f"{_API}/openid/connect/keys",
        scope="openid profile email",
        rank=180,
    ),
)
