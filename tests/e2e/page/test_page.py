"""The page in a browser, over a real api, database and broker."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from playwright.async_api import Browser, Locator, Page, expect
from tests.e2e.page.conftest import FRONTEND, Watch
from tests.e2e.page.stand import Stand

from wildwatch.contracts import subjects
from wildwatch.contracts.mail import MailEvent
from wildwatch.contracts.messages import LiveMail
from wildwatch.mail.outcome import outcome
from wildwatch.mail.provider import DISPLAY_NAMES

pytestmark = pytest.mark.e2e

PATIENCE_MS = 30_000
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}

expect.set_options(timeout=PATIENCE_MS)


async def open_page(
    browser: Browser, url: str, *, theme: str = "dark", size: dict[str, int] | None = None
) -> Page:
    context = await browser.new_context(
        viewport=size or DESK,  # type: ignore[arg-type] # its own TypedDict
        color_scheme=theme,  # type: ignore[arg-type] # a Literal
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(url)
    return page


def outcomes(events: list[MailEvent]) -> Counter[str]:
    return Counter(outcome(event.action, event.bounce_class) for event in events if event.action != "queued")


async def cells(row: Locator) -> list[str]:
    return [text.strip() for text in await row.locator("td").all_inner_texts()]


async def test_numbers_are_those_of_the_database(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-6h")
    table = page.get_by_test_id("providers")
    for slug in ("google", "outlook", "yahoo"):
        counts = outcomes([event for event in stand.events if event.provider == slug])
        total = counts.total()
        row = table.locator("tr", has=page.get_by_role("rowheader", name=DISPLAY_NAMES[slug], exact=True))
        await expect(row).to_be_visible()
        assert await cells(row) == [
            f"{total / 21_600:.1f}",
            *(
                f"{counts[name] / total * 100:.1f}"
                for name in ("delivered", "deferred", "bounced", "blocked")
            ),
            (await cells(row))[5],
            "",
        ]
    newest = max(
        (event for event in stand.events if event.action in {"deferred", "bounced"}),
        key=lambda event: (event.time_ms, event.queue_id),
    )
    first = page.get_by_test_id("latest").locator("[data-row]").first
    assert newest.recipient_domain is not None
    await expect(first).to_contain_text(newest.recipient_domain)
    await expect(first).to_contain_text(newest.response or "")
    await expect(page.get_by_test_id("verdict")).to_contain_text(re.compile("Mail flows|No events for"))


async def test_each_number_leads_to_the_list_that_makes_it(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-6h")
    blocked = [
        event
        for event in stand.events
        if event.provider == "outlook" and outcome(event.action, event.bounce_class) == "blocked"
    ]
    row = page.get_by_test_id("providers").locator("tr", has_text="Outlook.com")
    await row.get_by_role("link", name=re.compile("blocked")).click()
    await expect(page.get_by_test_id("chip")).to_have_count(2)
    assert parse_qs(urlsplit(page.url).query) == {
        "from": ["-6h"],
        "outcome": ["blocked"],
        "provider": ["outlook"],
    }
    assert 0 < len(blocked) <= 100, "the scene must fit one page of the list"
    await expect(page.get_by_test_id("count")).to_have_text(f"{len(blocked)}, newest first")


async def test_an_event_explains_itself(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/mail?from=-6h&class=dnsbl_block")
    await page.locator("[data-row]").first.click()
    drawer = page.get_by_role("complementary", name="Event")
    await expect(drawer).to_contain_text("because a blocklist names it")
    await expect(drawer).to_contain_text("Spamhaus")
    await expect(drawer).to_contain_text("blacklist")
    # The message was queued before: its journey has both.
    await expect(drawer.get_by_role("listitem")).to_have_count(2)
    address = page.url
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await page.goto(address)
    await expect(page.get_by_role("complementary", name="Event")).to_contain_text(
        "because a blocklist names it"
    )


async def test_filters_add_up_and_can_be_taken_back(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/mail?from=-6h&outcome=bounced")
    await expect(page.get_by_test_id("count")).to_have_text(re.compile(r"\d"))
    await page.keyboard.press("/")
    await page.keyboard.type("not class:unknown_user")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("chip")).to_have_count(2)
    wanted = sum(
        event.action == "bounced" and event.bounce_class not in {"unknown_user", "dnsbl_block"}
        for event in stand.events
    )
    assert wanted == 0, "the scene has no other bounces"
    await expect(
        page.get_by_text("No event matches outcome bounced and not class unknown_user")
    ).to_be_visible()
    await page.get_by_role("button", name="Drop the last filter").click()
    await expect(page.get_by_test_id("chip")).to_have_count(1)


async def test_live_messages_move_the_figures_without_asking(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-1h")
    tile = page.get_by_test_id("tile-accepted")
    await expect(tile).to_contain_text("/s")
    await expect(page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/mail/outcomes" in request.url else None)
    now_ms = int(time.time() * 1000)
    summary = LiveMail(
        writer="w1",
        at_ms=now_ms,
        committed=90_000,
        by_host=[(now_ms // 1000, "out-01", "queued", 90_000)],
        by_provider=[],
    )
    await stand.writer_bus.client.publish(subjects.live("mail"), msgspec.json.encode(summary))
    # 90,000 within the window of five minutes are 300 a second more than the scene's few.
    await expect(tile).to_contain_text(re.compile(r"3\d\d"))
    assert asked == []


async def test_pause_holds_the_figures_and_resuming_reads_them_anew(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-1h")
    pill = page.get_by_test_id("live")
    await expect(pill).to_have_attribute("data-state", "live")
    await page.keyboard.press("Space")
    await expect(pill).to_have_attribute("data-state", "paused")
    before = await page.get_by_test_id("tile-accepted").inner_text()
    now_s = int(time.time())
    summary = LiveMail(
        writer="w1", at_ms=now_s * 1000, committed=1_204, by_host=[(now_s, "out-01", "queued", 90_000)]
    )
    await stand.writer_bus.client.publish(subjects.live("mail"), msgspec.json.encode(summary))
    await expect(pill).to_contain_text("1.20\u2009k changes wait")
    assert await page.get_by_test_id("tile-accepted").inner_text() == before
    async with page.expect_response(lambda answer: "/mail/outcomes" in answer.url):
        await page.keyboard.press("Space")
    await expect(pill).to_have_attribute("data-state", "live")


async def test_the_page_comes_back_by_itself(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-1h")
    pill = page.get_by_test_id("live")
    await expect(pill).to_have_attribute("data-state", "live")
    await expect(page.get_by_test_id("providers")).to_be_visible()
    stand.api.kill()
    await expect(pill).to_have_attribute("data-state", "reconnecting")
    # What was read stays.
    await expect(page.get_by_test_id("providers")).to_be_visible()
    stand.api.start()
    stand.api.wait_ready()
    await expect(pill).to_have_attribute("data-state", "live")


async def test_a_stopping_api_says_goodbye_to_its_readers(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, stand.url)
    await expect(page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    assert stand.api.stop() == 0


async def test_everything_is_reachable_by_keys(stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, stand.url)
    await expect(page.get_by_test_id("latest").locator("[data-row]").first).to_be_visible()
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    await expect(sheet).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pipeline")
    await page.keyboard.press("g")
    await page.keyboard.press("m")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mail events")
    rows = page.locator("[data-row]")
    await expect(rows.first).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("complementary", name="Event")
    await expect(drawer).to_be_visible()
    first = parse_qs(urlsplit(page.url).query)["event"]
    await page.keyboard.press("j")
    await page.wait_for_function("first => !location.search.includes(first)", arg=first[0])
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await page.keyboard.press("t")
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_url(re.compile(r"from=20\d\d-.*&to=20\d\d-"))
    await page.keyboard.press("t")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_url(re.compile(r"from=-1h"))


async def findings(page: Page) -> list[str]:
    """axe's findings, as `rule: element`. The policy forbids injected scripts; the debugger may run them."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing(stand: Stand, browser: Browser, theme: str) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-6h", theme=theme)
    await expect(page.get_by_test_id("providers")).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile("Attempts by outcome"))).to_be_visible()
    await expect(page.get_by_test_id("latest").locator("[data-row]").first).to_be_visible()
    assert await findings(page) == []
    await page.get_by_test_id("latest").locator("[data-row]").first.click()
    await expect(page.get_by_role("complementary", name="Event")).to_contain_text("Facts")
    assert await findings(page) == []
    await page.goto(f"{stand.url}/mail?from=-6h&outcome=deferred&not.provider=yahoo")
    await expect(page.locator("[data-row]").first).to_be_visible()
    assert await findings(page) == []
    await page.goto(f"{stand.url}/pipeline")
    await expect(page.get_by_test_id("streams")).to_be_visible()
    assert await findings(page) == []


async def test_the_page_asks_nobody_else_and_complains_of_nothing(stand: Stand, browser: Browser) -> None:
    watch = Watch()
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    watch.attach(page)
    await page.goto(f"{stand.url}/?from=-6h")
    await expect(page.get_by_role("img", name=re.compile("Attempts by outcome"))).to_be_visible()
    await page.get_by_role("img", name=re.compile("Attempts by outcome")).hover()
    await page.get_by_role("button", name=re.compile("^Range")).click()
    await page.get_by_role("menuitemradio", name="Last 6 h").click()
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page.get_by_test_id("streams")).to_be_visible()
    assert {urlsplit(url).netloc for url in watch.requests} == {urlsplit(stand.url).netloc}
    assert watch.complaints == []


@pytest.mark.parametrize(("stored", "system", "shown"), [(None, "light", "light"), ("dark", "light", "dark")])
async def test_theme_is_right_before_the_first_paint(
    stand: Stand, browser: Browser, stored: str | None, system: str, shown: str
) -> None:
    context = await browser.new_context(color_scheme=system)  # type: ignore[arg-type] # a Literal
    page = await context.new_page()
    if stored:
        await page.add_init_script(f"localStorage.setItem('wildwatch-theme', '{stored}')")
    # Nothing of the application is loaded: only what stands before it.
    await page.route("**/assets/*.js", lambda route: route.abort())
    await page.goto(stand.url)
    assert await page.evaluate("document.documentElement.dataset.theme") == shown


@pytest.mark.parametrize("width", [360, 1024, 3840])
async def test_no_width_scrolls_sideways(stand: Stand, browser: Browser, width: int) -> None:
    page = await open_page(browser, f"{stand.url}/?from=-6h", size={"width": width, "height": 900})
    await expect(page.get_by_test_id("providers")).to_be_visible()
    for path in ("", "/mail?outcome=deferred&from=-6h", "/pipeline"):
        await page.goto(stand.url + path)
        await expect(page.get_by_role("heading", level=2).first).to_be_attached()
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide at {width}"


async def test_an_empty_installation_teaches_the_first_step(empty_stand: Stand, browser: Browser) -> None:
    page = await open_page(browser, empty_stand.url)
    await expect(page.get_by_test_id("onboarding")).to_contain_text("wildwatch key add --host")
    await expect(page.get_by_test_id("verdict")).to_contain_text("No mail event has arrived yet.")
    assert await findings(page) == []


def test_axe_is_installed() -> None:
    assert Path(AXE).exists(), "axe-core is missing: run npm ci in frontend/"
