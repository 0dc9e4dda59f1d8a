from tests.support.crowd import *
from tests.support.browser import *
from tests.support.hosts import article
from tests.support.reader import Reader
from tests.e2e.pictures import picture
import pytest

@pytest.mark.parametrize("size,scheme", [(DESKTOP,"light"),({**PHONE,"viewport":{"width":320,"height":640}},"dark")])
def test_look(live, visit, size, scheme):
    name=f"look{scheme}"
    url = live.host_page(f"/{name}/", article("Bread and salt").replace('<head>','<head><style>:root{color-scheme:light dark}body{font-family:sans-serif;margin:1em}</style>'))
    bring(live, url, chain(14)+roots(3))
    v=Voice(live,url); a=v.say("A new root"); b=v.say("its answer",a)
    r=Reader(visit(**size, color_scheme=scheme).page()).open(url)
    r.page.wait_for_selector("select")
    picture(r.page,f"{name}-1")
    c=v.say("second answer",a); v.say("another root"); 
    r.page.wait_for_selector(".answers", timeout=20000)
    picture(r.page,f"{name}-2")
    r.page.locator(".news").scroll_into_view_if_needed()
    r.page.screenshot(path=f"test-results/{name}-3.png")
    r.page.locator(".answers").first.click()
    r.page.locator(".news").click()
    r.page.locator(".fold").first.click()
    picture(r.page,f"{name}-4")
    r.page.locator(".fold").first.click()
    r.page.locator(".continue").first.click()
    r.page.wait_for_selector(".bar")
    picture(r.page,f"{name}-5")
