"""People as providers really describe them: with half of it missing, null, or in another type than last year."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.idp.world import World
from tests.support.visitor import Visitor
from widget.models import User

Change = Callable[[Any], object]  # of a provider of the simulator


def put(**changes: Any) -> Change:
    """Keys of the profile with other values; None is JSON's null."""
    return lambda provider: provider.person.update(changes)


def drop(*names: str) -> Change:
    """Keys of the profile that are not there."""
    return lambda provider: [provider.person.pop(name) for name in names]


def inside(*path: str, **changes: Any) -> Change:
    """The same, deeper in the document."""

    def change(provider: Any) -> None:
        found = provider.person
        for name in path:
            found = found[name]
        found.update(changes)

    return change


def fault(**faults: Any) -> Change:
    """One of the provider's own faults."""
    return lambda provider: provider.faults.update(faults)


def emails(*addresses: dict[str, Any]) -> Change:
    """What GitHub's second document says."""
    return lambda provider: setattr(provider, "emails", list(addresses))


PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
LEGACY_AVATAR = {"avatar": None, "discriminator": "1337"}
CASES: list[tuple[str, str, Change, dict[str, Any]]] = [
    # provider, what is odd, how, what must be known then
    ("google", "an address that Google does not host", put(email="ann@old.example"), {"email_verified": None}),
    (
        "google",
        "a hosted mailbox",
        put(email="ann@corp.example", hd="corp.example"),
        {"email": "ann@corp.example", "email_verified": True},
    ),
    ("google", "not verified", put(email_verified=False), {"email_verified": False}),
    ("google", "no address", drop("email", "email_verified"), {"email": None, "email_verified": None}),
    ("google", "no picture", drop("picture"), {"avatar": None}),
    ("google", "no names", drop("name", "given_name", "family_name"), {"name": "Google user"}),
    ("facebook", "the address is missing", drop("email"), {"email": None, "email_verified": None}),
    ("facebook", "no picture of their own", inside("picture", "data", is_silhouette=True), {"avatar": None}),
    ("facebook", "no picture at all", drop("picture"), {"avatar": None}),
    ("x", "a null picture", inside("data", profile_image_url=None), {"avatar": None}),
    ("x", "a 64-bit id", inside("data", id="9007199254740993999"), {"subject": "9007199254740993999"}),
    ("wordpress", "not verified", put(email_verified=False), {"email_verified": False, "email": "w@example.com"}),
    ("wordpress", "verified is another thing", drop("email_verified"), {"email_verified": None}),
    ("wordpress", "an empty shown name", put(display_name=""), {"name": "wanda"}),
    ("wordpress", "no pictures", put(avatar_URL=None, profile_URL=None), {"avatar": None, "profile_url": None}),
    ("apple", "booleans", put(email_verified=True, is_private_email=False), {"email_verified": True}),
    ("apple", "a word for no", put(email_verified="false"), {"email_verified": False}),
    ("apple", "the address is hidden", drop("email", "email_verified"), {"email": None, "email_verified": None}),
    ("apple", "an empty name", put(name={"firstName": "", "lastName": " "}), {"name": "Apple user"}),
    ("apple", "a hostile name", put(name={"firstName": "<b>\u202e", "lastName": "X"}), {"name": "<b> X"}),
    ("github", "no name, no address", put(name=None), {"name": "octocat", "email": "o@x.example"}),
    ("github", "no leave for addresses", fault(emails_status=404), {"email": None, "email_verified": None}),
    ("github", "addresses are forbidden", fault(emails_status=403), {"email": None}),
    ("github", "no addresses", emails(), {"email": None, "email_verified": None}),
    (
        "github",
        "the primary one is not verified",
        emails({"email": "new@x.example", "primary": True, "verified": False}),
        {"email": "new@x.example", "email_verified": False},
    ),
    ("github", "iss is absent", fault(iss=None), {"subject": "583231"}),
    ("gitlab", "no address", drop("email", "email_verified"), {"email": None}),
    ("gitlab", "not confirmed", put(email_verified=False), {"email_verified": False}),
    (
        "microsoft",
        "a personal account",
        fault(tenant=PERSONAL),
        {"issuer": f"https://login.microsoftonline.com/{PERSONAL}/v2.0"},
    ),
    ("microsoft", "addresses prove nothing", put(email="admin@blog.test"), {"email_verified": None}),
    ("microsoft", "no name", drop("name", "given_name", "family_name"), {"name": "ann@contoso.com"}),
    ("discord", "a moving avatar", put(avatar="a_1269e74af4df7417b13759eae50c83dc"), {"avatar": "….gif?size=128"}),
    ("discord", "no avatar", put(avatar=None), {"avatar": "https://cdn.discordapp.com/embed/avatars/5.png"}),
    ("discord", "of old", put(**LEGACY_AVATAR), {"avatar": "https://cdn.discordapp.com/embed/avatars/2.png"}),
    ("discord", "no shown name", put(global_name=None), {"name": "nelly"}),
    ("discord", "no address", put(email=None, verified=None), {"email": None, "email_verified": None}),
    ("discord", "not verified", put(verified=False), {"email_verified": False}),
    ("linkedin", "the locale is a word", put(locale="en_US"), {"name": "John Doe"}),
    ("linkedin", "no address", drop("email", "email_verified"), {"email": None}),
    ("twitch", "no address", put(email=None, email_verified=None), {"email": None, "email_verified": None}),
    ("reddit", "no picture", put(icon_img=""), {"avatar": None}),
    ("reddit", "a null picture", put(icon_img=None), {"avatar": None}),
    ("yahoo", "no names", drop("name", "given_name", "family_name"), {"name": "Jane"}),
    (
        "yahoo",
        "no names at all",
        drop("name", "given_name", "family_name", "nickname", "preferred_username"),
        {"name": "Yahoo user"},
    ),
    ("yandex", "no picture", put(is_avatar_empty=True), {"avatar": None}),
    ("yandex", "no names", put(real_name="", first_name="", last_name=""), {"name": "ivan"}),
    ("yandex", "no address", drop("default_email", "emails"), {"email": None}),
    ("vk", "the account is verified", inside("user", verified=True), {"email_verified": None}),
    ("vk", "a number", inside("user", user_id=1234567890), {"subject": "1234567890"}),
    ("vk", "no names", inside("user", first_name="", last_name=""), {"name": "VK user"}),
    ("line", "an address", put(email="t@example.com"), {"email": "t@example.com", "email_verified": None}),
    ("line", "no picture", drop("picture"), {"avatar": None}),
    ("kakao", "the default picture", inside("kakao_account", "profile", is_default_image=True), {"avatar": None}),
    ("kakao", "an address no longer valid", inside("kakao_account", is_email_valid=False), {"email_verified": False}),
    ("kakao", "no profile", inside("kakao_account", profile=None), {"name": "홍길동", "avatar": None}),
    ("kakao", "a 64-bit id", put(id=9007199254740993), {"subject": "9007199254740993"}),
    ("slack", "not verified", put(email_verified=False), {"email_verified": False}),
    ("spotify", "nulls", put(display_name=None, images=[]), {"name": "Spotify user", "avatar": None}),
    ("spotify", "no address", drop("email"), {"email": None, "email_verified": None}),
    ("patreon", "no address", inside("data", "attributes", email=None, is_email_verified=None), {"email": None}),
    ("patreon", "a name of a page", inside("data", "attributes", vanity="jack"), {"username": "jack"}),
    ("telegram", "numbers", fault(numbers=True), {"subject": "987654321"}),
    ("telegram", "no username", drop("preferred_username"), {"username": None, "profile_url": None}),
    ("oidc", "a word for yes", put(email_verified="true"), {"email_verified": True}),
    ("oidc", "a picture without https", put(picture="http://id.example/jane.png"), {"avatar": None}),
    ("oidc", "a script for a page", put(profile="javascript:alert(1)"), {"profile_url": None}),
    ("oidc", "only a subject", drop("name", "email", "picture", "profile"), {"name": "j.generic", "email": None}),
]


@pytest.mark.parametrize(
    ("provider", "change", "known"),
    [pytest.param(provider, change, known, id=f"{provider}: {odd}") for provider, odd, change, known in CASES],
)
def test_odd_people_sign_in_too(here: World, provider: str, change: Change, known: dict[str, Any]) -> None:
    change(here.sim[provider])
    here.session(provider)
    [identity] = here.identities()
    for name, value in known.items():
        found = identity[name]
        assert found.endswith(value[1:]) if isinstance(value, str) and value.startswith("…") else found == value, name


def test_the_name_that_apple_gives_once_is_kept(here: World) -> None:
    apple, browser = here.sim["apple"], Visitor(here.app)
    assert here.session("apple", browser)["user"]["name"] == "Ada Lovelace"
    assert here.session("apple", browser)["user"]["name"] == "Ada Lovelace"
    assert apple.consented == {apple.person["sub"]}


def test_microsofts_tenants_are_issuers_of_their_own(here: World) -> None:
    """The same subject in two tenants is two people."""
    here.session("microsoft")
    here.sim["microsoft"].faults["tenant"] = PERSONAL
    here.session("microsoft")
    assert here.rows(User) == 2


def test_slacks_workspaces_number_their_people_themselves(here: World) -> None:
    here.session("slack")
    here.sim["slack"].person["https://slack.com/team_id"] = "T0OTHER"
    here.session("slack")
    assert here.rows(User) == 2


def test_a_renamed_account_stays_the_same_person(here: World) -> None:
    for provider, change in {
        "github": put(login="cat", name="Cat", html_url="https://github.com/cat"),
        "x": inside("data", username="cat", name="Cat"),
        "reddit": put(name="cat"),
        "discord": put(username="cat", global_name="Cat"),
        "twitch": put(preferred_username="cat"),
    }.items():
        here.reset()
        first = here.session(provider)["user"]["id"]
        change(here.sim[provider])
        assert here.session(provider)["user"]["id"] == first
        assert here.identities()[0]["username"] == "cat"
