"""Host pages: what a site's own template looks like around the widget."""

from html import escape

PLAIN = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main><h1>{title}</h1><p>Words of the article.</p>
<script src="{server}/embed.js" data-site="blog" async></script>
</main>
</body>
</html>
"""


def article(title: str, lang: str = "en") -> str:
    """A small page; `{server}` is left for the server's origin."""
    return PLAIN.replace("{title}", escape(title)).replace("{lang}", lang)


def strict_policy(server: str) -> dict[str, str]:
    """The strictest policy under which a page can have the widget: no inline style, no markup from strings."""
    policy = (
        f"default-src 'none'; script-src {server}; connect-src {server}; img-src {server}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
