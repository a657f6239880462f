"""Somebody who has nothing but a keyboard: every press counted, the focus looked at after each."""

import re

from playwright.async_api import Page

# What the focus is on, and what hides it from a person who looks for it; the label stands for an input inside it.
FOCUS = """
() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const label = e.matches('[type=radio], [type=checkbox], [type=file]') && e.closest('label')
  const target = label || e
  const named = (e.labels && e.labels.length ? [...e.labels] : [e]).map(one => one.textContent).join(' ')
  const group = e.matches('[type=radio], [type=checkbox]') && e.closest('fieldset')
  const legend = group ? (group.querySelector('legend') || {}).textContent || '' : ''
  const box = target.getClientRects()[0]
  const nav = document.querySelector('.nav')
  const fixed = nav && getComputedStyle(nav).position === 'fixed'
  const floor = fixed ? nav.getBoundingClientRect().top : innerHeight
  const hidden = []
  const drawn = [target, e].some(one => {
    const style = getComputedStyle(one)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.opacity !== '0'
  })
  if (!drawn) hidden.push('no outline')
  if (!box || box.width < 2) hidden.push('no size')
  else {
    const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 1), y = box.y + Math.min(box.height / 2, 40)
    const top = document.elementFromPoint(x, y)
    const inside = nav && nav.contains(e)
    if (box.top < 0 || (box.bottom > (inside ? innerHeight : floor) && box.height < floor)) hidden.push('out of view')
    if (!top || !(target.contains(top) || top.contains(target))) hidden.push('covered')
  }
  return { id: e.id, tag: e.tagName, name: e.name || '', value: e.value || '', says: named.replace(/\\s+/g, ' ').trim(),
    legend: legend.trim(), hidden }
}
"""


class Keys:
    """The keyboard of one page. ``presses`` counts the keys, ``fields`` the questions that were answered."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.fields: list[str] = []
        self.pages = 0
        self.hidden: list[str] = []

    async def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            await self.page.keyboard.press(key)
            self.presses += 1

    async def type(self, words: str) -> None:
        """Type into what has the focus; a capital letter costs its Shift too."""
        await self.page.keyboard.type(words)
        self.presses += len(words) + sum(letter.isupper() for letter in words)

    async def focus(self) -> dict:
        """What the focus is on; noted when a person could not see it."""
        found = await self.page.evaluate(FOCUS) or {
            "id": "",
            "tag": "",
            "name": "",
            "says": "",
            "legend": "",
            "hidden": [],
        }
        self.hidden += [f"{self.page.url} « {found['says'][:40]} » {found['id']}: {why}" for why in found["hidden"]]
        return found

    async def to(self, name: str, *, back: bool = False, most: int = 60) -> dict:
        """Tab until the focus is on the field of this name or id, or on what says this."""
        for _ in range(most):
            await self.press("Shift+Tab" if back else "Tab")
            found = await self.focus()
            if name in (found["id"], found["name"]) or _said(found, name):
                return found
        raise AssertionError(f"{name} cannot be reached in {most} presses of Tab from {self.page.url}")

    async def answer(self, name: str, words: str = "", *, keys: tuple[str, ...] = ()) -> None:
        """Tab to a field and answer it: words to type, or keys to press."""
        await self.to(name)
        self.fields.append(name)
        if words:
            await self.type(words)
        for key in keys:
            await self.press(key)
            await self.focus()

    async def enter(self) -> None:
        """Press Enter on a link or a button, and wait for the page it leads to."""
        async with self.page.expect_navigation():
            await self.press("Enter")
        self.pages += 1

    async def skip(self) -> None:
        """Take the link that jumps over the header, which every page has first."""
        await self.press("Tab")
        assert (await self.focus())["says"] == "Aller au contenu"
        await self.press("Enter")

    @property
    def seconds(self) -> float:
        """How long it takes: a fifth of a second a key, one second to think about each field."""
        return self.presses * 0.2 + len(self.fields)

    def told(self) -> str:
        """The count, in one line."""
        return f"{self.pages} pages, {len(self.fields)} fields, {self.presses} presses: {self.seconds:.1f} s"


def _said(found: dict, name: str) -> bool:
    return re.sub(r"[ \u00a0]+", " ", found["says"]).startswith(name)
