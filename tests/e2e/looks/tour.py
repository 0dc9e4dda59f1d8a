"""A walk through every state of the widget: each `yield` names one that stands on the screen at that moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Locator, expect

from tests.support import moderators
from tests.support.browser import Visitor
from tests.support.crowd import Voice
from tests.support.reader import Reader


@dataclass
class Tour:
    """One visitor of one page, by mouse or by touch."""

    visitor: Visitor
    reader: Reader
    voice: Voice
    desk: Flask
    press: Callable[[Locator], None]

    def walk(self) -> Iterator[str]:
        """Everything, in an order in which one state leads to the next."""
        yield from self.reading()
        yield from self.before_signing_in()
        yield from self.writing()
        yield from self.changing()
        yield from self.marks()
        yield from self.meanwhile()
        yield from self.trouble()

    def part(self, name: str, within: Locator | None = None) -> Locator:
        """What has this public name, the first of it."""
        return (within or self.reader.widget).locator(f"[part~={name}]").first

    def escape(self, gone: Locator) -> None:
        """Close a menu or a dialog."""
        self.reader.page.keyboard.press("Escape")
        expect(gone).to_have_count(0)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.reader.widget.get_by_role("dialog")

    @property
    def first(self) -> Locator:
        """The second root of the list: the first is the pinned one."""
        return self.reader.widget.locator(".list > li").nth(1)

    def reading(self) -> Iterator[str]:
        """The list, put away, in another order, at a link."""
        reader = self.reader
        expect(self.part("badge")).to_be_visible()
        expect(self.part("like")).to_be_visible()
        yield "list"
        fold = self.part("fold", self.first)
        self.press(fold)
        expect(fold).to_have_attribute("aria-expanded", "false")
        yield "folded"
        self.press(fold)
        order = reader.widget.get_by_role("combobox", name=reader.words["list.sort"])
        order.select_option("newest")
        expect(self.first).not_to_contain_text("120")
        order.focus()
        yield "sorted"
        order.select_option("oldest")
        expect(self.first).to_contain_text("120")
        self.press(self.part("permalink", self.first.locator("li").first))
        expect(reader.widget.locator(".target")).to_be_visible()
        yield "marked"
        self.press(self.part("menu", self.first))
        expect(reader.widget.get_by_role("menu")).to_be_visible()
        yield "menu"
        self.press(reader.widget.get_by_role("menuitem").last)
        expect(self.part("hidden")).to_be_visible()
        yield "hidden"
        self.press(reader.button("list.unhide").first)
        self.press(self.part("edited"))
        expect(self.dialog.get_by_role("listitem")).to_have_count(2)
        yield "history"
        self.escape(self.dialog)

    def before_signing_in(self) -> Iterator[str]:
        """The tray: in the box, wrong, in a dialog."""
        reader = self.reader
        reader.write("…")
        expect(reader.door()).to_be_visible()
        yield "tray"
        self.press(reader.button("write.send"))
        missing = reader.words["error.guest.name_missing"]
        expect(reader.form.get_by_role("alert").filter(has_text=missing)).to_be_visible()
        yield "error"
        self.press(self.part("like", self.first))
        expect(self.dialog).to_be_visible()
        yield "tray in a dialog"
        self.escape(self.dialog)
        reader.sign_in("Bruno Keller", press=self.press)
        reader.writing().fill("")

    def writing(self) -> Iterator[str]:
        """The box: tools, names, emoji, preview; an answer."""
        reader = self.reader
        keys, tools = reader.page.keyboard, self.part("tools")
        expect(tools).to_be_visible()
        yield "box"
        reader.writing().focus()
        keys.type("@To")
        expect(self.part("offers")).to_be_visible()
        yield "names"
        keys.press("Escape")
        reader.writing().fill("")
        keys.type(":hea")
        expect(self.part("offers")).to_be_visible()
        yield "emoji by name"
        keys.press("Escape")
        reader.writing().fill("")
        self.press(reader.button("tool.emoji", tools))
        expect(self.part("emoji")).to_be_visible()
        yield "emoji"
        keys.press("Escape")
        reader.writing().fill("**Well**, said @Tomaso Righi:\n\n> not before\n\n```js\nconst warm = 120;\n```")
        self.press(reader.button("tool.preview", tools))
        expect(self.part("preview").locator("pre")).to_be_visible()
        yield "preview"
        self.press(reader.button("tool.write", tools))
        reader.writing().fill("")
        self.press(self.part("reply", self.first))
        expect(reader.writing(self.first)).to_be_focused()
        yield "reply"
        self.press(reader.button("write.cancel", self.first))

    def changing(self) -> Iterator[str]:
        """One's own comment: posted, edited, deleted, undone, waiting."""
        reader = self.reader
        reader.write("120, then.")
        reader.send("120, then.")
        mine = reader.item("120, then.")
        expect(self.part("until", mine)).to_be_visible()
        yield "posted"
        self.press(self.part("edit", mine))
        expect(reader.writing(mine)).to_be_focused()
        yield "edit"
        self.press(reader.button("write.cancel", mine))
        self.press(self.part("delete", mine))
        expect(self.part("confirm", mine)).to_be_visible()
        yield "sure"
        self.press(self.part("confirm", mine))
        undo = self.part("undo")
        expect(undo).to_be_focused()
        yield "deleted"
        self.press(undo)
        expect(self.part("edit", mine)).to_be_visible()

    def marks(self) -> Iterator[str]:
        """A like, who else liked, a report."""
        reader = self.reader
        like = self.part("like", self.first)
        self.press(like)
        expect(like).to_have_attribute("aria-pressed", "true")
        self.press(self.part("likes", self.first))
        expect(self.dialog.get_by_text("Bruno Keller")).to_be_visible()
        yield "faces"
        self.escape(self.dialog)
        self.press(self.part("menu", self.first))
        self.press(reader.widget.get_by_role("menuitem", name=reader.words["flag.open"]))
        expect(self.dialog.get_by_role("radio")).to_have_count(5)
        yield "report"
        self.press(self.dialog.get_by_role("radio").first)
        self.press(reader.button("flag.send", self.dialog))
        expect(self.dialog).to_contain_text(reader.words["flag.done"])
        yield "reported"
        self.escape(self.dialog)

    def meanwhile(self) -> Iterator[str]:
        """News, a comment that waits for moderators, one conversation on its own, no connection."""
        reader = self.reader
        self.voice.say("News.", self.first.get_attribute("data-id"))
        self.voice.say("More news.")
        expect(self.part("answers")).to_be_visible(timeout=25_000)
        expect(self.part("news")).to_be_visible(timeout=25_000)
        self.first.evaluate("el => el.scrollIntoView()")
        yield "news"
        reader.widget.evaluate("el => el.scrollIntoView({ block: 'end' })")
        yield "news at the end"
        self.press(self.part("news"))
        mine = reader.item("120, then.").get_attribute("data-id") or ""
        moderators.decide(self.desk, moderators.hold_back, mine)
        reader.page.reload()
        reader.arrived()
        expect(reader.comment("120, then.")).to_contain_text(reader.words["list.pending"])
        expect(self.part("like")).to_be_visible()
        reader.comment("120, then.").scroll_into_view_if_needed()
        yield "pending"
        reader.write("Said in a tunnel.")
        self.visitor.context.set_offline(True)
        self.press(reader.button("write.send"))
        expect(self.part("waiting")).to_be_visible()
        yield "offline"
        self.visitor.context.set_offline(False)
        expect(reader.comment("Said in a tunnel.")).to_be_visible()

    def trouble(self) -> Iterator[str]:
        """A link to what is not there, and comments that do not come."""
        reader, page = self.reader, self.reader.page
        page.evaluate("location.hash = 'comment-nobody'")
        expect(reader.widget.get_by_text(reader.words["list.missing"]).last).to_be_attached()
        yield "missing"
        page.route("**/api/v1/threads?*", lambda route: route.abort())
        page.evaluate("document.querySelector('comment-widget').reload()")
        expect(reader.button("list.retry")).to_be_visible()
        yield "failed"
        page.unroute("**/api/v1/threads?*")
