"""How the time of every pattern, and of everything that reads typed text, grows with hostile text.

``python -m bench.patterns`` prints, for each regular expression of ``server/`` and each function that
reads what somebody typed, the worst growth of its CPU time when its input doubles, over many hostile
shapes; then the CPU that a request of 60 kB costs, address by address. Whatever more than triples
when its input doubles would let one request stop everybody: ``tests/text/test_patterns.py`` refuses it.
"""

import ast
import functools
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import server
from bench import hostile
from server.posts import kinds

SIZES = (8_000, 16_000)
# Growth is told from noise only where there is something to measure.
MEASURABLE_SECONDS = 0.05
MAX_GROWTH = 3
TRIES = 3
UNITS = (
    *"a 0.@<+-&?(é\n\u3164\u200d\ufe0f“", "06 ", "/a", "a.", "a@", "<a ", "? ", "/?", "((", "%41", "{a}", "12,", ";q",
    "code ", "digicode ", "12 rue ", "1 ", "cookie ", "cookie:", "/cle/", "http://", "www.", "A1", "zéro six ", "+33 ",
    "00 ", "fr;q=0.1,", "😀\u200d", "tél 6 ",
)  # fmt: skip
ENDS = ("", "!")
# They start a process, ask the network or draw the whole board: no reading of typed text.
_NOT_READERS = frozenset({"server.__main__", "server.piccolo_conf"})
_INLINE = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def modules() -> Iterator:
    """Every module of the server."""
    for found in pkgutil.walk_packages(server.__path__, "server."):
        if found.name not in _NOT_READERS:
            yield importlib.import_module(found.name)


def patterns() -> dict[str, tuple[Callable[[str], object], str]]:
    """Every regular expression of the code by where it stands: how it is used, and how it is written.

    Compiled ones are used in every way, those given to ``re`` in passing as they are used there.
    """
    found = {}
    for module in modules():
        for name, thing in vars(module).items():
            for place, pattern in enumerate(thing if isinstance(thing, list | tuple) else [thing]):
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    found[f"{module.__name__}.{name}[{place}]"] = (_in_every_way(pattern), pattern.pattern)
        for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
            if _is_inline(node):
                names = dict(vars(module), label="")
                written = eval(compile(ast.Expression(node.args[0]), module.__name__, "eval"), names)
                pattern = re.compile(written, _flags(node))
                found[f"{module.__name__}:{node.lineno}"] = (_as_called(pattern, node.func.attr), written)
    return found


def _is_inline(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return False
    of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in _INLINE
    # A pattern that was made elsewhere is counted there.
    return of_re and isinstance(node.args[0], ast.Constant | ast.JoinedStr) and not _is_bytes(node.args[0])


def _is_bytes(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bytes)


def _flags(node: ast.Call) -> int:
    """The flags of a call: re.IGNORECASE and the like."""
    named = [word.value for word in node.keywords if word.arg == "flags"]
    return eval(compile(ast.Expression(named[0]), "flags", "eval"), {"re": re}) if named else 0


def readers() -> dict[str, Callable[[str], object]]:
    """Everything that reads text which somebody typed or sent, each as a function of one text."""
    from server.base import logs
    from server.help import private, private_form, volunteer
    from server.posts import forms
    from server.text import characters, i18n, lookalikes, phones, private_words, titles
    from server.views.web import signing_in

    found = {
        "characters.clean": characters.clean,
        "characters.visible": characters.visible,
        "characters.has_letter": characters.has_letter,
        "lookalikes.key": lookalikes.key,
        "lookalikes.mixed": lookalikes.mixed,
        "titles.role_in": titles.role_in,
        "lookalikes.initials": lookalikes.initials,
        "lookalikes.bears": lambda text: lookalikes.bears(text, "Jeanne Morel"),
        "lookalikes.bears (another's)": lambda text: lookalikes.bears("Jeanne Morel", text),
        "phones.find": phones.find,
        "phones.parts": phones.parts,
        "phones.shown": phones.shown,
        "private_words.find_all": functools.partial(private_words.find_all, street_numbers=False),
        "private_words.caught": functools.partial(private_words.caught, street_numbers=False),
        "logs.redact": logs.redact,
        "i18n.choose": lambda text: i18n.choose(None, text),
        "i18n.no_break": i18n.no_break,
        "i18n.open_hours": lambda text: i18n.open_hours(text, "en"),
        "signing_in.device_name": signing_in.device_name,
        "forms.tidy": forms.tidy,
        "forms.line": forms.line,
        "forms.plain_text": lambda text: forms.plain_text(text, len(text), ""),
        "forms.private_text": lambda text: forms.private_text(text, len(text), ""),
        "forms.refuse_private": lambda text: forms.refuse_private(text, street_numbers=False),
        "forms.short": lambda text: forms.short(text, len(text)),
        "forms.reason": lambda text: forms.reason(text, len(text), ""),
        "forms.web_link": lambda text: forms.web_link(text, len(text)),
        "forms.person_name": forms.person_name,
        "forms.street_of": lambda text: forms.street_of(text, ("rue de Gerland",)),
        "forms.contact": forms.contact,
        "forms.end_of_day": forms.end_of_day,
        "private_form.money": private_form.money,
        "private_form.read_private": lambda text: private_form.read_private(dict.fromkeys(_private_names(), text)),
        "private_form.movable": lambda text: private_form.movable(dict.fromkeys(("title", "body", "place"), text)),
        "private_form.move": lambda text: private_form.move(dict.fromkeys(("title", "body", "place"), text)),
        "private.building_of": lambda text: private.building_of(text, ("rue de Gerland",)),
        "volunteer.building_digest": lambda text: volunteer.building_digest("rue de Gerland", text),
    }
    for kind in kinds.KINDS:
        found[f"forms.read_answers({kind.slug})"] = functools.partial(_read_kind, kind)
    return found


def everything() -> dict[str, tuple[Callable[[str], object], str]]:
    """Patterns and readers, by name."""
    return patterns() | {name: (reader, "") for name, reader in readers().items()}


def _private_names() -> list[str]:
    return [field.name for field in kinds.PRIVATE]


def _read_kind(kind, text: str) -> None:
    from server.posts.forms import read_answers

    typed = {field.name: text for field in kind.fields}
    typed |= {f"track_{part}_1": text for part in ("title", "artist", "link")}
    typed |= {f"{field.name}_{part}": text for field in kind.fields for part in ("day", "hour")}
    read_answers(kind, typed)


def shapes(own: str = "") -> list[tuple[str, str]]:
    """(repeated, end): the hostile shapes; for a pattern also those made of its own letters and words, and with an end
    that it may not expect."""
    words = set(re.findall(r"[A-Za-zÀ-ÿ]{2,}", own)) | set(re.findall(r"[^\w\s\\]", own))
    ends = ENDS if own else ENDS[:1]
    return [(unit, end) for unit in (*UNITS, *(f"{word} " for word in sorted(words))) for end in ends]


def growth(read: Callable[[str], object], own: str = "") -> tuple[float, float, str]:
    """The worst (ratio of a doubling, seconds at the largest size, shape), measured as CPU time."""
    worst = (0.0, 0.0, "")
    for unit, end in shapes(own):
        short, long = ((unit * (size // len(unit) + 1))[:size] + end for size in SIZES)
        if _seconds(read, long) < MEASURABLE_SECONDS:
            continue
        # Beside other work a measurement may be twice too long: only what grows each time does grow.
        ratio, taken = min(_ratio(read, short, long) for _ in range(TRIES))
        if taken > MEASURABLE_SECONDS:
            worst = max(worst, (ratio, taken, repr(f"{unit}…{end}")))
    return worst


def _ratio(read: Callable[[str], object], short: str, long: str) -> tuple[float, float]:
    taken = min(_seconds(read, long) for _ in range(2))
    return taken / max(min(_seconds(read, short) for _ in range(2)), 1e-9), taken


def _seconds(read: Callable[[str], object], text: str) -> float:
    before = time.process_time()
    # Refusing is an answer: forms.Wrong is a ValueError.
    with suppress(ValueError):
        read(text)
    return time.process_time() - before


def _in_every_way(pattern: re.Pattern) -> Callable[[str], object]:
    return lambda text: (sum(1 for _ in pattern.finditer(text)), pattern.match(text), pattern.fullmatch(text))


def _as_called(pattern: re.Pattern, name: str) -> Callable[[str], object]:
    if name in ("sub", "subn"):
        return lambda text: pattern.sub("", text)
    return lambda text: list(found) if (found := getattr(pattern, name)(text)) and name == "finditer" else found


def main() -> int:
    """Print the table; 1 when something grows too fast."""
    bad = 0
    things = everything()
    print(f"{len(things)} patterns and readers, {SIZES[0]:,} against {SIZES[1]:,} signs")
    for name, (read, own) in sorted(things.items()):
        ratio, seconds, shape = growth(read, own)
        bad += ratio > MAX_GROWTH
        print(f"{ratio:5.1f}x {1000 * seconds:8.1f} ms  {name}  {shape if ratio else ''}")
    for name, seconds in hostile.every_form():
        print(f"{1000 * seconds:8.1f} ms CPU for 60 kB: {name}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
