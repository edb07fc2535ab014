"""What a pair of eyes would object to: print too small, too pale, cut off or overprinted.

Lives here: checks that run inside the page and return complaints, an empty list for a page that is
well. Never here: what the page should say. Each check has a test that shows it a planted fault.
"""

import os
from pathlib import Path

from playwright.async_api import Page

_TEXTS = """
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  const isMeant = node.data.trim() && !element.closest('.unseen, noscript');
  if (isMeant && element.checkVisibility()) texts.push({ element, node, text: node.data.trim() });
}
"""

# The box of the ink, not of the line: a large figure's line box reaches far above its digits.
_INK = """
const context = document.createElement('canvas').getContext('2d');
function inkOf({ element, node, text }) {
  const style = getComputedStyle(element);
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const size = context.measureText(text);
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()].map((line) => {
    const baseline = line.top + size.fontBoundingBoxAscent;
    const ink = { left: line.left, right: line.right };
    ink.top = baseline - size.actualBoundingBoxAscent;
    ink.bottom = baseline + size.actualBoundingBoxDescent;
    return { ...ink, text, element };
  });
}
"""

_MISPLACED = f"""(mustFit) => {{
  {_TEXTS} {_INK}
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) wrong.push(`page ${{root.scrollWidth}} wide`);
  if (mustFit && root.scrollHeight > innerHeight) wrong.push(`page ${{root.scrollHeight}} high`);
  const boxes = texts.flatMap(inkOf);
  for (const box of boxes) {{
    const room = box.element.closest('.tile, .head, .foot, .board').getBoundingClientRect();
    const isAcross = box.left < room.left - 1 || box.right > room.right + 1;
    const isAlong = box.top < room.top - 1 || box.bottom > room.bottom + 1;
    if (isAcross || isAlong) wrong.push(`outside: ${{box.text}}`);
    const {{ clientWidth, scrollWidth }} = box.element;
    if (clientWidth && scrollWidth > clientWidth + 1) wrong.push(`cut off: ${{box.text}}`);
  }}
  for (const drawn of document.querySelectorAll('.spark, .scale, .shape')) {{
    const {{ left, right, top, bottom }} = drawn.getBoundingClientRect();
    boxes.push({{ left, right, top, bottom, text: drawn.getAttribute('class'), element: drawn }});
  }}
  boxes.forEach((one, place) => boxes.slice(place + 1).forEach((other) => {{
    if (one.element === other.element) return;
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (across > 1 && down > 1) wrong.push(`overprinted: ${{one.text}} / ${{other.text}}`);
  }}));
  return wrong;
}}"""

# Relative luminance and contrast ratio as WCAG 2.2 defines them.
_PALE = f"""(ratioMin) => {{
  {_TEXTS}
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {{
    const [r, g, b] = [red, green, blue].map((eighth) => {{
      const part = eighth / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }});
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }};
  const groundOf = (element) => {{
    const colour = numbers(getComputedStyle(element).backgroundColor);
    const isSeeThrough = colour.length === 4 && colour[3] === 0;
    return isSeeThrough && element.parentElement ? groundOf(element.parentElement) : colour;
  }};
  return texts.flatMap(({{ element, text }}) => {{
    const [one, other] = [numbers(getComputedStyle(element).color), groundOf(element)].map(light);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return ratio < ratioMin ? [`${{ratio.toFixed(2)}}: ${{text}}`] : [];
  }});
}}"""

_SMALL = f"""([selector, heightMin]) => {{
  {_TEXTS}
  const meant = texts.filter(({{ element }}) => element.matches(selector));
  return meant.flatMap(({{ element, text }}) => {{
    const height = parseFloat(getComputedStyle(element).fontSize);
    return height < heightMin ? [`${{height}} px: ${{text}}`] : [];
  }});
}}"""

CONTRAST_AA = 4.5  # WCAG 2.2, 1.4.3, for print of any size


async def misplaced(page: Page, *, must_fit: bool) -> list[str]:
    """Texts that are cut off, outside their frame or printed over; and a page that must scroll."""
    found: list[str] = await page.evaluate(_MISPLACED, must_fit)
    return found


async def pale(page: Page) -> list[str]:
    """Texts with less contrast to their ground than AA asks of small print."""
    found: list[str] = await page.evaluate(_PALE, CONTRAST_AA)
    return found


async def small(page: Page, selector: str, height_min_px: float) -> list[str]:
    """Texts matching the selector that are set smaller than this."""
    found: list[str] = await page.evaluate(_SMALL, [selector, height_min_px])
    return found


async def keep_picture(page: Page, name: str) -> None:
    """Writes a screenshot if a folder for them is named in BOARD_SCREENSHOTS."""
    folder = os.environ.get("BOARD_SCREENSHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
