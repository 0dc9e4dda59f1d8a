"""A complete sign-in with every provider: who it is in the end, and nothing that the provider would mind on the way."""

from typing import Any

import pytest

from tests.support.idp import NAMES
from tests.support.idp.world import World
from widget.models import Login, ParkedForm, Ticket, User
from widget.providers.rows import all_rows

# What must be known of the person of tests/support/idp; what is left out must be None.
PEOPLE: dict[str, dict[str, Any]] = {
    "google": {
        "issuer": "https://accounts.google.com",
        "subject": "110248495921238986420",
        "name": "Ann Bell",
        "avatar": "https://lh3.googleusercontent.com/a/XYZ=s200-c",
        "email": "ann@gmail.com",
        "email_verified": True,
    },
    "facebook": {
        "issuer": "https://www.facebook.com",
        "subject": "10229999888877766",
        "name": "Ann Bell",
        "avatar": "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=1&height=200",
        "email": "ann@example.com",
    },
    "x": {
        "issuer": "https://x.com",
        "subject": "2244994945",
        "name": "X Dev",
        "username": "XDevelopers",
        "avatar": "https://pbs.twimg.com/profile_images/1/abc_400x400.jpg",
        "profile_url": "https://x.com/XDevelopers",
    },
    "wordpress": {
        "issuer": "https://public-api.wordpress.com",
        "subject": "76543210",
        "name": "Wanda",
        "username": "wanda",
        "avatar": "https://0.gravatar.com/avatar/0bc8?s=96&d=identicon",
        "profile_url": "https://gravatar.com/wanda",
        "email": "w@example.com",
        "email_verified": True,
    },
    "apple": {
        "issuer": "https://appleid.apple.com",
        "subject": "001234.abcdef0123456789abcdef0123456789.0001",
        "name": "Ada Lovelace",
        "email": "x1y2z3@privaterelay.appleid.com",
        "email_verified": True,
    },
    "github": {
        "issuer": "https://github.com",
        "subject": "583231",
        "name": "The Octocat",
        "username": "octocat",
        "avatar": "https://avatars.githubusercontent.com/u/583231?v=4",
        "profile_url": "https://github.com/octocat",
        "email": "o@x.example",
        "email_verified": True,
    },
    "gitlab": {
        "issuer": "https://gitlab.com",
        "subject": "123456",
        "name": "Foo Bar",
        "username": "foobar",
        "avatar": "https://secure.gravatar.com/avatar/abc?s=80&d=identicon",
        "profile_url": "https://gitlab.com/foobar",
        "email": "foo@example.com",
        "email_verified": True,
    },
    "microsoft": {
        "issuer": "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
        "subject": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "name": "Ann",
        "username": "ann@contoso.com",
        "email": "ann@contoso.com",
    },
    "linkedin": {
        "issuer": "https://www.linkedin.com/oauth",
        "subject": "782bbtaQ",
        "name": "John Doe",
        "avatar": "https://media.licdn.com/dms/image/abc/profile-displayphoto-shrink_100_100/0/1",
        "email": "doe@email.com",
        "email_verified": True,
    },
    "slack": {
        "issuer": "https://slack.com",
        "subject": "T0R7GR:U0R7JM",
        "name": "krane",
        "avatar": "https://avatars.slack-edge.com/2020/krane_512.png",
        "email": "krane@corp.example",
        "email_verified": True,
    },
    "yahoo": {
        "issuer": "https://api.login.yahoo.com",
        "subject": "FSVIDUW3D7FSVIDUW3D72F2F",
        "name": "Jane Doe",
        "avatar": "https://s.yimg.com/ag/images/default_user_profile_pic_192sq.jpg",
        "email": "jane@yahoo.com",
        "email_verified": True,
    },
    "discord": {
        "issuer": "https://discord.com",
        "subject": "80351110224678912",
        "name": "Nelly",
        "username": "nelly",
        "avatar": "https://cdn.discordapp.com/avatars/80351110224678912/8342729096ea3675442027381ff50dfe.png?size=128",
        "email": "nelly@discord.example",
        "email_verified": True,
    },
    "twitch": {
        "issuer": "https://id.twitch.tv/oauth2",
        "subject": "713936733",
        "name": "Scott",
        "username": "Scott",
        "avatar": "https://static-cdn.jtvnw.net/jtv_user_pictures/scott.png",
        "profile_url": "https://www.twitch.tv/scott",
        "email": "scott@twitch.example",
        "email_verified": True,
    },
    "reddit": {
        "issuer": "https://www.reddit.com",
        "subject": "1w72",
        "name": "spez",
        "username": "spez",
        "avatar": "https://styles.redditmedia.com/t5_3k30p/icon.jpg?width=256&height=256&s=7ffe",
        "profile_url": "https://www.reddit.com/user/spez",
    },
    "spotify": {
        "issuer": "https://accounts.spotify.com",
        "subject": "wizzler",
        "name": "JM Wizzler",
        "avatar": "https://i.scdn.co/image/abc",
        "profile_url": "https://open.spotify.com/user/wizzler",
        "email": "e@example.com",
        "email_verified": False,
    },
    "patreon": {
        "issuer": "https://www.patreon.com",
        "subject": "12345",
        "name": "Jack Inkwell",
        "avatar": "https://c10.patreonusercontent.com/4/patreon-media/p/user/12345/abc/1.png",
        "profile_url": "https://www.patreon.com/user?u=12345",
        "email": "j@example.com",
        "email_verified": True,
    },
    "yandex": {
        "issuer": "https://oauth.yandex.com",
        "subject": "1000034426",
        "name": "Иван И.",
        "username": "ivan",
        "avatar": "https://avatars.yandex.net/get-yapic/131652443/islands-200",
        "email": "t@yandex.example",
    },
    "vk": {
        "issuer": "https://id.vk.ru",
        "subject": "1234567890",
        "name": "Ivan I.",
        "avatar": "https://sun1.userapi.com/s/v1/ig2/abc.jpg?size=50x50",
        "profile_url": "https://vk.ru/id1234567890",
        "email": "i@vk.example",
    },
    "line": {
        "issuer": "https://access.line.me",
        "subject": "U4af4980629f4d1234567890abcdef12",
        "name": "Taro",
        "avatar": "https://profile.line-scdn.net/0h8pWWElvzZ19qLk3y",
    },
    "kakao": {
        "issuer": "https://kauth.kakao.com",
        "subject": "123456789",
        "name": "홍길동",
        "avatar": "https://k.kakaocdn.net/dn/abc/img_640x640.jpg",
        "email": "sample@sample.example",
        "email_verified": True,
    },
    "telegram": {
        "issuer": "https://oauth.telegram.org",
        "subject": "987654321",
        "name": "Ann",
        "username": "ann",
        "avatar": "https://cdn4.telesco.pe/file/p.jpg",
        "profile_url": "https://t.me/ann",
    },
    "oidc": {
        "subject": "248289761001",
        "name": "Jane Generic",
        "username": "j.generic",
        "avatar": "https://id.example/jane.png",
        "profile_url": "https://id.example/jane",
        "email": "jane@id.example",
        "email_verified": True,
    },
}
FACTS = ("provider", "issuer", "subject", "name", "username", "avatar", "profile_url", "email", "email_verified")
# Rows that other tests meet with providers of their own.
ELSEWHERE = {"mastodon", "bluesky", "indieauth", "oidc3", "oidc4", "oidc5"}


def test_every_provider_is_here() -> None:
    assert {row.id for row in all_rows()} - ELSEWHERE == set(NAMES)
    assert set(PEOPLE) == set(NAMES) - {"oidc2"}


@pytest.mark.parametrize("provider", PEOPLE)
def test_a_whole_sign_in(here: World, provider: str) -> None:
    opened = here.session(provider)
    [identity] = here.identities()
    wanted = dict.fromkeys(FACTS) | {"provider": provider} | PEOPLE[provider]
    if provider == "oidc":
        wanted["issuer"] = here.sim["oidc"].issuer
    assert {name: identity[name] for name in FACTS} == wanted
    user = opened["user"]
    assert (user["name"], user["provider"], user["guest"]) == (wanted["name"], provider, False)
    assert "email" not in user
    calls = here.sim[provider].calls
    assert len(calls) == len(set(calls)), "nothing is asked twice"

    again = here.session(provider)
    assert again["user"] == user
    assert again["token"] != opened["token"]
    assert here.rows(User) == 1
    assert here.rows(Login) == here.rows(Ticket) == here.rows(ParkedForm) == 0
