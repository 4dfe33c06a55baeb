"""Opens the pages in Chromium: no request, no script, no complaint of axe, and no page wider than its window."""

import pathlib
import signal
import sys

from playwright.sync_api import sync_playwright

from hostile import HOSTILE

chromium, axe, folder = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"), pathlib.Path(sys.argv[3])

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}
LOOKS = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow": {"viewport": NARROW, "color_scheme": "light"},
    "print": {"viewport": {"width": 720, "height": 1000}, "color_scheme": "light"},
}
# The most seconds for a page in a look, and for all of them: a busy machine takes long, a hanging one forever.
PAGE, ALL = 180, 1800
# Only violations are read; to preload styles waits for what the page never fetches.
AXE = "axe.run({ resultTypes: ['violations'], preload: false })"
failures = []


def stop(number, frame):
    print("\n".join(failures))
    sys.exit(f"not finished after {ALL} seconds; is the machine busy?")


def expect(condition, sentence):
    if not condition:
        failures.append(sentence)


def open_page(browser, file, media=None, **look):
    context = browser.new_context(**look)
    page = context.new_page()
    page.set_default_timeout(1000 * PAGE)
    requests, messages = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.goto(file.as_uri())
    if media:
        page.emulate_media(media=media)
    return page, requests, messages


def check_look(browser, file, name, look):
    media = "print" if name == "print" else None
    page, requests, messages = open_page(browser, file, media, **look)
    expect(requests == [file.as_uri()], f"{file.name}, {name}: requests {requests[1:]}")
    expect(not messages, f"{file.name}, {name}: {messages}")
    expect(page.evaluate("window.broken") is None, f"{file.name}, {name}: a record ran a script")
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    expect(wide <= 0, f"{file.name}, {name}: {wide} pixels wider than the window")
    for part in page.query_selector_all("header, nav, section.part"):
        label = part.get_attribute("id") or part.evaluate("part => part.localName")
        box = part.bounding_box()
        if not box:
            continue
        clip = {**box, "height": min(box["height"], 2400)}
        page.screenshot(path=folder / f"{file.stem}-{name}-{label}.png", full_page=True, clip=clip)
    page.context.close()
    page, _, _ = open_page(browser, file, media, bypass_csp=True, **look)
    page.evaluate(axe)
    for violation in page.evaluate(AXE)["violations"]:
        where = violation["nodes"][0]["html"][:200]
        failures.append(f"{file.name}, {name}: {violation['id']}: {violation['help']}: {where}")
    page.context.close()


def check_keyboard(browser, file):
    page, _, _ = open_page(browser, file, viewport=WIDE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.evaluate("document.activeElement.id") == "content", f"{file.name}: the first key does not lead to the content")
    targets = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.getElementById(a.getAttribute('href').slice(1))).map(a => a.outerHTML)")
    expect(not targets, f"{file.name}: links to nothing: {targets[:3]}")
    page.context.close()


def check_without_scripts(browser, file):
    page, _, _ = open_page(browser, file, viewport=WIDE, java_script_enabled=False)
    expect("As of 2026-11-20" in page.inner_text("header"), f"{file.name}: empty without scripts")
    page.pdf(path=folder / f"{file.stem}.pdf", format="A4", margin={"top": "15mm", "bottom": "15mm", "left": "15mm", "right": "15mm"})
    page.context.close()


def check_hostile(browser, file):
    page, _, _ = open_page(browser, file, viewport=WIDE)
    text = page.inner_text("main")
    for record in HOSTILE:
        shown = "".join("\u241b" if c == "\u001b" else "\u2407" if c == "\u0007" else "\ufffd" if c in "\u009b\u202e" else c for c in record)
        shown = shown.replace("`code`", "code")
        expect(shown in text, f"{file.name}: not shown as text: {record!r}")
    expect(page.query_selector("main script, main img, main i:not([class])") is None, f"{file.name}: a record became an element")
    page.context.close()


signal.signal(signal.SIGALRM, stop)
signal.alarm(ALL)
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    for file in sorted(folder.glob("*.html")):
        for name, look in LOOKS.items():
            print(f"{file.name}, {name}", flush=True)
            check_look(browser, file, name, look)
        check_keyboard(browser, file)
        check_without_scripts(browser, file)
    check_hostile(browser, folder / "records.html")
    browser.close()

print("\n".join(failures) or f"no complaint; look at the pictures in {folder}")
sys.exit(1 if failures else 0)
