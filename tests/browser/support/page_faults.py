"""What may be wrong with a page, however it is looked at."""

from server.base.settings import ROOT
from tests.browser.support.pages import reach
from tests.browser.support.screens import enter

TOOLS = ROOT / "tests" / "browser" / "node_modules"


# A page is opened once and then looked at in each of these ways: width, night, and by which rules of axe.
ALL, COLOURS, NONE = "all", "colours", "none"
LOOKS = {
    "A": {
        "day": (1280, False, COLOURS),
        "night": (1280, True, COLOURS),
        "phone": (390, False, ALL),
        "320 px": (320, False, NONE),
    },
    # Everything is the phone's: at 320 px only its measures differ, on a wide screen and by night only its colours.
    "A++": {"320 px, A++": (320, False, NONE)},
}


# WCAG 2.2 A and AA, and the AAA rules that help the old: contrast of 7:1, plain purpose of links.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]


# Controls smaller than 44 px. Links inside a sentence are exempt (WCAG 2.2, 2.5.5 "Inline"): they are
# those whose parent holds text of its own beside them.
SMALL = """
() => {
  const inSentence = (e) => e.matches('a:not(.btn)') && getComputedStyle(e).display === 'inline' &&
    [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim().length > 1)
  const small = []
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, label:has(input)')) {
    if (e.matches('.sauter, [type=hidden]') || !e.checkVisibility({ visibilityProperty: true })) continue
    const target = e.matches('input') && e.closest('label') ? e.closest('label') : e
    if (target !== e && !target.checkVisibility()) continue
    const box = target.getBoundingClientRect()
    if (box.width === 0 || inSentence(e)) continue
    const name = (e.textContent || e.name).trim().slice(0, 30)
    if (box.height < 43.9 || box.width < 43.9)
      small.push(`${e.tagName} « ${name} » ${Math.round(box.width)} × ${Math.round(box.height)}`)
  }
  return small
}
"""


# A word of the board's own that stands on two lines without a hyphen (what neighbours write may be longer than a line).
CUT = """
() => {
  const cut = [], range = document.createRange()
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const text = walk.currentNode
    if (!text.parentElement.checkVisibility() || text.parentElement.closest('.lu, .cle, .code, textarea')) continue
    for (const { 0: word, index } of text.data.matchAll(/\\S+/g)) {
      // An address is no word, and a very long one is hyphenated where the browser has a dictionary.
      if (/[/@.]\\S/.test(word) || word.length > 22) continue
      // A hyphen or an apostrophe of its own is a place to part.
      for (const part of word.matchAll(/[\\p{L}]{2,}/gu)) {
        range.setStart(text, index + part.index)
        range.setEnd(text, index + part.index + part[0].length)
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)))
        if (lines.size > 1) cut.push(`${part[0]} in ${text.parentElement.tagName}.${text.parentElement.className}`)
      }
    }
  }
  return cut
}
"""


# A full stop, a unit or the end of an hour that stands on another line than what it belongs to, also across elements.
ALONE = """
() => {
  const alone = [], range = document.createRange()
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const lines = (text, start, end) => {
    range.setStart(text, start)
    range.setEnd(text, end)
    return [...new Set([...range.getClientRects()].filter(box => box.width).map(box => Math.round(box.bottom)))]
  }
  const block = text => text.parentElement.closest('p, li, h1, h2, h3, dd, dt, small, label, td, th, summary, .btn')
  const part = /\\d+[ \u00a0]h(?:[ \u00a0]\\d\\d)?|[\\p{L}\\d][ \u00a0]?[.,;:?!»€](?!\\S)/gu
  let before = null
  while (walk.nextNode()) {
    const text = walk.currentNode, around = text.parentElement
    if (!around.checkVisibility() || around.closest('.lu, .cle, .code, textarea, option')) continue
    for (const { 0: one, index } of text.data.matchAll(part))
      if (lines(text, index, index + one.length).length > 1) alone.push(`${one} of « ${text.data.slice(0, 40)} »`)
    if (before && /^[.,;:?!»]/.test(text.data) && block(before) === block(text)) {
      const [last] = lines(before, before.data.length - 1, before.data.length), [first] = lines(text, 0, 1)
      if (first - last > 12) alone.push(`${text.data.slice(0, 3)} after « ${before.data.slice(-30)} »`)
    }
    before = text.data.trim() ? text : before
  }
  return alone
}
"""


# Two targets that lie over one another: a finger between them does what nobody meant.
OVER = """
() => {
  const over = [], all = [...document.querySelectorAll('main a[href], main button, .pied a')]
  const targets = all.filter(one => one.checkVisibility()).map(one => [one, [...one.getClientRects()]])
  for (const [n, [one, its]] of targets.entries())
    for (const [other, others] of targets.slice(n + 1))
      for (const a of its)
        for (const b of others) {
          const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
          const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
          if (width > 2 && height > 3) over.push(`${one.textContent.slice(0, 20)} | ${other.textContent.slice(0, 20)}`)
        }
  return over
}
"""


# Every text of the page, a neighbour's or ours, becomes words of forty letters and an address.
LENGTHEN = """
() => {
  const long = 'Anticonstitutionnellementindécrochablement https://un-tres-long-nom-de-domaine.example/sans/une/coupure'
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = []
  while (walk.nextNode()) if (walk.currentNode.data.trim().length > 2) texts.push(walk.currentNode)
  for (const text of texts) if (!text.parentElement.closest('svg, script, noscript, template, option')) text.data = long
  for (const field of document.querySelectorAll('input[type=text], input[type=tel], textarea')) field.value = long
}
"""


WIDEST = """
width => [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 0.5 &&
  one.checkVisibility() && !one.closest('.lu, svg, .etroit'))
  .map(one => `${one.tagName}.${one.className}#${one.id} ${Math.round(one.getBoundingClientRect().right)}`).slice(-3)
"""


async def faults_of(screen, path) -> list[str]:
    """What is wrong with a page, however it is looked at."""
    await reach(screen, path)
    await screen.page.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true);"
        "document.querySelectorAll('[data-alerts], [data-when]').forEach(part => part.hidden = false)"
    )
    found = []
    for name, (width, night, rules) in LOOKS[screen.size].items():
        await screen.page.set_viewport_size({"width": width, "height": 900})
        await screen.page.emulate_media(color_scheme="dark" if night else "light")
        found += [f"{path}, {name}: small {one}" for one in await screen.page.evaluate(SMALL)]
        if width < 400:
            found += [f"{path}, {name}: over {one}" for one in await screen.page.evaluate(OVER)]
        wide = await screen.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path}, {name}: {wide} px wide")
        found += [f"{path}, {name}: cut {one}" for one in await screen.page.evaluate(CUT)]
        if width == 320:
            found += [f"{path}, {name}: alone {one}" for one in await screen.page.evaluate(ALONE)]
        if rules != NONE:
            found += await violations(screen, f"{path}, {name}", CONTRAST if rules == COLOURS else None)
    # What fits in the largest type fits in every other.
    found += await too_long(screen, path) if screen.size == "A++" else []
    return found + [f"{path}: {wrong}" for wrong in screen.wrong]


async def too_long(screen, path) -> list[str]:
    """What makes the page wider than a telephone when its words are as long as words can be."""
    await screen.page.evaluate(LENGTHEN)
    found = []
    for width in (320, 390):
        await screen.page.set_viewport_size({"width": width, "height": 900})
        wide = await screen.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{path}, long words, {width}: {wide} px wide: {await screen.page.evaluate(WIDEST, width)}")
    return found


async def violations(screen, path, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds on the page that is open; with ``rules``, by these only."""
    if not await screen.page.evaluate("typeof window.axe === 'object'"):
        await screen.page.evaluate((TOOLS / "axe-core" / "axe.min.js").read_text())
    report = await screen.page.evaluate(
        "([type, values]) => axe.run(document, {runOnly: {type, values},"
        " rules: {'color-contrast-enhanced': {enabled: true}}, resultTypes: ['violations']})",
        ["rule", rules] if rules else ["tag", RULES],
    )
    found = []
    for violation in report["violations"]:
        nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        found.append(f"{path}: axe {violation['id']}: {nodes}")
    return found


async def neighbours(server, open_screen) -> dict:
    """Those beside the admin who make help happen."""
    roles = {"asker": "voisine de 82 ans", "volunteer": "bénévole", "newcomer": "nouvelle"}
    screens = {part: await open_screen(server) for part in roles}
    if "help" not in server.__dict__:
        for part, screen in screens.items():
            await enter(screen, roles[part])
    return screens
