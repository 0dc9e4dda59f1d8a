from tests.support.crowd import *
from tests.support.browser import *
from tests.support.hosts import article
from tests.support.reader import Reader
import pytest

WATCH = """
window.long = []; window.loaf=[];
new PerformanceObserver((list) => { for (const e of list.getEntries()) loaf.push({s:Math.round(e.startTime),d:Math.round(e.duration),b:Math.round(e.blockingDuration),r:Math.round(e.renderStart-e.startTime),sl:Math.round(e.styleAndLayoutStart-e.startTime),sc:e.scripts.map(s=>[s.invokerType,s.invoker.slice(-40),s.sourceFunctionName,Math.round(s.duration),Math.round(s.forcedStyleAndLayoutDuration)])}); }).observe({ type: "long-animation-frame", buffered: true });

new PerformanceObserver((list) => { for (const one of list.getEntries()) long.push([Math.round(one.startTime), one.duration]); }).observe({ type: "longtask", buffered: true });
"""
@pytest.mark.parametrize("rate", [1,4])
def test_long(live, visit, rate):
    url = live.host_page(f"/long{rate}/", article("Bread and salt"))
    old=[]
    for root in range(50):
        base=len(old)
        old.append(Old(f"Root {root}. "+"Some words of a usual length, as people write them. "*4))
        for k in range(20): old.append(Old(f"Answer {k} to {root}. "+"Some words of a usual length. "*3, under=base + (0 if k%4==0 else k//4*4+1)))
    bring(live, url, old)
    page=visit().page()
    page.add_init_script(WATCH)
    if rate>1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate",{"rate":rate})
    r=Reader(page).open(url)
    page.wait_for_selector("select")
    page.wait_for_timeout(6000); print('COUNT', page.evaluate("[document.querySelector('comment-widget').shadowRoot.querySelectorAll('li').length,[...document.querySelector('comment-widget').shadowRoot.querySelectorAll('time')].filter(t=>t.title).length]"), page.evaluate('long'))
    page.wait_for_function("[...document.querySelector('comment-widget').shadowRoot.querySelectorAll('time')].every(t=>t.title)")
    page.wait_for_timeout(2000)
    print("LOAF", *page.evaluate("loaf.map(x=>JSON.stringify(x))"), sep="\n"); print("LONG", rate, page.evaluate("long"), page.evaluate("performance.now()"))
