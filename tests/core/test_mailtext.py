"""A mail's words, however it is packed; nothing that it can be breaks the reading."""

import email
import email.policy
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.core import mailorigin, mailtext, replying


def parsed(raw: bytes) -> Message:
    """As it is read where it arrives."""
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def plain(headers: str, body: bytes) -> Message:
    """A message of one part."""
    return parsed(headers.encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        ("Content-Type: text/plain; charset=utf-8", "grüß 日本".encode(), "grüß 日本"),
        ("Content-Type: text/plain; charset=iso-8859-1", b"gr\xfc\xdf", "grüß"),
        ("Content-Type: text/plain; charset=iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
        ("Content-Type: text/plain; charset=no-such-thing", "grüß".encode(), "grüß"),
        ("Content-Type: text/plain; charset=us-ascii", "grüß".encode(), "grüß"),
        ("Content-Type: text/plain; charset=utf-8", b"gr\xfc\xdf", "grüß"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"Z3LDvMOf", "grüß"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"Z3LDvMO", "grü"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", b"gr=C3=BC=\r\n=C3=9F", "grüß"),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: made-up", b"abc", "abc"),
        ("", b"no headers at all", "no headers at all"),
        ("Content-Type: application/pdf", b"%PDF", ""),
        ("Content-Type: text/plain; format=flowed", b"one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nme", "one two\n> a b\n-- \nme"),
        ("Content-Type: text/plain; format=flowed; delsp=yes", b"one \r\ntwo", "onetwo"),
    ],
)  # fmt: skip
def test_one_part(headers: str, body: bytes, said: str) -> None:
    assert mailtext.text_of(plain(headers, body)).replace("\r\n", "\n").strip() == said


def test_the_text_part_is_preferred_and_files_are_left_out() -> None:
    message = EmailMessage()
    message.set_content("The text")
    message.add_alternative("<p>The html</p>", subtype="html")
    message.add_attachment("A file", filename="notes.txt")
    forwarded = EmailMessage()
    forwarded.set_content("Somebody else's")
    message.add_attachment(forwarded)
    read = parsed(message.as_bytes())
    assert mailtext.text_of(read).strip() == "The text"
    assert mailtext.attachments(read) == 1


def test_parts_nested_without_end() -> None:
    inner: MIMEText | MIMEMultipart = MIMEText("Deep")
    for _ in range(60):
        outer = MIMEMultipart()
        outer.attach(inner)
        inner = outer
    assert mailtext.text_of(parsed(inner.as_bytes())) == "Deep"


GMAIL = (
    '<div dir="ltr">It is <b>so</b>.<div><br></div><div>And more.</div></div><br><div class="gmail_quote">'
    '<div dir="ltr" class="gmail_attr">On Tue, Nov 24, 2026 at 4:14 PM The blog &lt;<a href="mailto:comments@comments'
    '.test">comments@comments.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>SECRET</p></blockquote></div>'
)
OUTLOOK = (
    '<html><head><style>p {color: red}</style></head><body><p class="MsoNormal">It is <i>so</i>.</p><p>And more.</p>'
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> The blog<br><b>Sent:</b> Tuesday<br></div>'
    "<div>SECRET</div></body></html>"
)
DESKTOP = (
    "<p>It is so.</p><p>And more.</p><div style='border-top:solid'><p><b>Von:</b> The blog &lt;comments@comments.test&gt;"
    "<br><b>Gesendet:</b> Dienstag<br><b>An:</b> Olga<br><b>Betreff:</b> Neu</p></div><p>SECRET</p>"
)
THUNDERBIRD = (
    '<div class="moz-cite-prefix">On 24/11/2026 16:14, The blog wrote:<br></div><blockquote type="cite"><p>SECRET</p>'
    "<blockquote>deeper</blockquote></blockquote><p>It is so.</p><p>And more.</p>"
)
APPLE = (
    "<div>It is so.</div><div><br></div><div>And more.</div><div><br><blockquote type='cite'><div>On 24 Nov 2026, at 16:14, "
    "The blog &lt;comments@comments.test&gt; wrote:</div><br><div>SECRET</div></blockquote></div>"
)


@pytest.mark.parametrize("html", [GMAIL, OUTLOOK, DESKTOP, THUNDERBIRD, APPLE])
def test_html_alone_is_reduced_to_the_same_words(html: str) -> None:
    read = plain("Content-Type: text/html; charset=utf-8", html.encode())
    said = replying.cut(mailtext.text_of(read), ours=("The blog",))
    assert [line for line in said.split("\n") if line] == ["It is so.", "And more."]


def test_html_keeps_lists_links_and_lines() -> None:
    html = (
        "<script>alert(1)</script><ul><li>one<li>two</ul><pre>a\n  b</pre>See <a href='https://a.example/x'>this</a> "
        "<a href='javascript:x'>that</a> <a href='https://b.example'>https://b.example</a><br>end"
    )
    said = [line for line in mailtext.words_of(html).split("\n") if line]
    assert said == ["- one", "- two", "a", "  b", "See this (https://a.example/x) that https://b.example", "end"]


@given(st.binary(max_size=400), st.sampled_from(["", "text/plain", "text/html", "multipart/mixed; boundary=x", "message/rfc822"]))  # fmt: skip
def test_nothing_breaks_the_reading(body: bytes, kind: str) -> None:
    head = f"Content-Type: {kind}\r\nSubject: =?x?q?=FF?=\r\nFrom: a@b, c\r\n" if kind else ""
    read = parsed(head.encode() + b"\r\n" + body)
    assert isinstance(mailtext.text_of(read), str)
    mailtext.attachments(read)
    mailorigin.is_automatic(read, envelope=None, own_domain="x.example")
    list(mailorigin.recipients(read))


@given(st.binary(max_size=200))
def test_no_header_breaks_the_reading(value: bytes) -> None:
    names = b"From To Cc Subject Message-ID Authentication-Results Content-Type Content-Disposition Return-Path".split()
    raw = b"".join(name + b": " + value.replace(b"\n", b"").replace(b"\r", b"") + b"\r\n" for name in names) + b"\r\nx"
    read = parsed(raw)
    assert isinstance(mailtext.text_of(read), str)
    mailtext.attachments(read)
    mailorigin.is_automatic(read, envelope=None, own_domain="x.example")
    mailorigin.authentication(read, "mx")
    mailorigin.sender(read)
    list(mailorigin.recipients(read))
