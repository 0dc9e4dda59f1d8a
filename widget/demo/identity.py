"""Demo ID: a real OpenID provider (the package oidc-provider-mock) with three people and a page of our own.

Run as a program, `python -m widget.demo.identity PORT`, so that it is as far from the comment server as any provider.
The package's own page would fetch a style sheet from the internet; ours needs nothing.
"""

import logging
import os
import sys
from pathlib import Path

PEOPLE = {
    "ada": {"name": "Ada Moretti", "email": "ada@demo.example", "email_verified": True},
    "bruno": {"name": "Bruno Keller", "email": "bruno@demo.example", "email_verified": True},
    "chiara": {"name": "Chiara Damiani", "website": "https://chiara.example/"},
}


def main(port: int) -> None:
    """Answer on 127.0.0.1 until ended."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http, as everything here is on the loopback interface
    import oidc_provider_mock
    import uvicorn
    from jinja2 import ChoiceLoader, FileSystemLoader

    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    app = oidc_provider_mock.app(user_claims=users)
    app.debug = False
    app.jinja_loader = ChoiceLoader([FileSystemLoader(Path(__file__).parent / "demo_id"), app.jinja_loader])
    app.jinja_env.globals["people"] = PEOPLE
    logging.basicConfig(level=logging.WARNING)
    uvicorn.run(app, interface="wsgi", host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
