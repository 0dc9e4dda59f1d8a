"""A picture's bytes from wherever a stranger says it is: through the one door, redirects looked at one by one."""

from flask import current_app

from widget import net
from widget.core import addresses, pictures

HOPS = 3  # redirects that are followed, each one looked at by the door anew


def picture(url: str, *, max_bytes: int = net.MAX_BYTES) -> bytes:
    """The bytes at an https address of the open internet, within `net.SECONDS`.

    Raises net.Error, or BadPicture where there is none.
    """
    private = addresses.private_hosts(current_app.config["PRIVATE_HOSTS"])
    headers = {"Accept": "image/*", "User-Agent": f"comment-widget (+{current_app.config['PUBLIC_URL']})"}
    with net.within(net.SECONDS):
        for _ in range(1 + HOPS):
            if not url.startswith("https://"):
                raise net.Refused("not an https address")
            try:
                answer = net.session(private=private, max_bytes=max_bytes).get(url, headers=headers)
            except net.Redirected as redirect:
                url = redirect.location
                continue
            if 400 <= answer.status_code < 500:
                raise pictures.BadPicture(f"status {answer.status_code}")
            answer.raise_for_status()
            return answer.content
    raise net.Refused(f"more than {HOPS} redirects")
