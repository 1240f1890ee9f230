"""What a real browser makes of pages: whether any is wider than its window. Without one: skipped.

Pages are shown in frames as wide as a phone and as a screen on a desk: without a screen, a browser
has windows of 500 px and more. No page reaches the network.
"""

import html
import json
import re
import shutil
import subprocess

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (390, 1280)  # px
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom")
OPTIONS += ("--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND")
OPTIONS += ("--virtual-time-budget=60000",)
MEASURE = """
const found = [];
for (const frame of document.querySelectorAll("iframe")) frame.onload = () => {
  const page = frame.contentDocument, whole = page.documentElement;
  for (const open of [false, true]) {
    page.querySelectorAll("details").forEach(one => { one.open = open; });
    const wide = [...page.querySelectorAll("body *")].filter(
      one => one.getBoundingClientRect().right > whole.clientWidth + 1);
    found.push([frame.title, whole.clientWidth, whole.scrollWidth, wide.slice(0, 3).map(
      one => one.tagName.toLowerCase() + "." + one.getAttribute("class"))]);
  }
  document.querySelector("p").textContent = JSON.stringify(found);
};
"""


def too_wide(pages, folder, widths=WIDTHS):
    """A sentence for each of some HTML files that is wider than its window, or cannot be seen.

    Each is measured with what is folded in it, and without. ``folder`` is for files of ours.
    """
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)}")
    return [said for page in pages for said in _of_page(browser, page, folder, widths)]


def _of_page(browser, page, folder, widths):
    """The same of one page: a browser that is given many at once may show only some of them."""
    frames = [
        f'<iframe title="{html.escape(page.name)}" style="width:{width}px" src="{page.as_uri()}">'
        "</iframe>"
        for width in widths
    ]
    outer = folder / "frames.html"
    outer.write_text(f"{''.join(frames)}<p></p><script>{MEASURE}</script>")
    words = [browser, *OPTIONS, f"--user-data-dir={folder / 'profile'}", outer.as_uri()]
    shown = subprocess.run(words, capture_output=True, text=True, timeout=120).stdout
    told = re.search(r"<p>(\[.*\])</p>", shown)
    found = json.loads(html.unescape(told[1])) if told else []
    for name, width, scrolled, wide in found:
        if scrolled > width:
            yield f"{name} is {scrolled} px wide in a window of {width}: {', '.join(wide)}"
    if len(found) < 2 * len(frames):
        yield f"{page.name}: {len(found)} of {2 * len(frames)} were seen"
