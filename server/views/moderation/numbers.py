"""The numbers, for admins: how help goes in the quartier, in plots and in tables."""

import shlex

from litestar import Request, Response, get
from markupsafe import Markup

from server.base.columns import now
from server.base.custody import BACKUP, DRILL, LATE, SafetyRun
from server.base.settings import ROOT, settings
from server.base.shapes import N_
from server.moderation.numbers import FATES, RECENT, Need, Numbers, Week, numbers
from server.moderation.plots import Column, Row, plot
from server.news.subscription import Subscription
from server.people.member import Member
from server.posts.kinds import HELP
from server.text import i18n
from server.views.moderation.routes import moderator
from server.views.web.assets import assets
from server.views.web.door import visit_of
from server.views.web.page import page

# What became of requests: in a word, and its pictogram.
FATE_WORDS = {
    "thanked": (N_("remerciées"), "merci"),
    "done": (N_("faites"), "coche"),
    "taken": (N_("prises"), "entraide"),
    "open": (N_("ouvertes"), "attente"),
    "gone": (N_("sans aide"), "croix"),
}
# In the same order as the columns of their plot.
NEED_WORDS = {"open": (N_("ouvertes"), "attente"), "gone": (N_("sans personne"), "croix")}


@get("/moderation/chiffres", name="numbers")
async def show_numbers(request: Request) -> Response:
    """Requests by week, how soon somebody comes, needs that find nobody, who hands back."""
    moderator(request, "see-numbers")
    language = visit_of(request).language
    found = await numbers()
    reachable, members, silent = await Subscription.reachable(now())
    met = [fate for fate in FATES if any(fate in week.fates for week in found.weeks)]
    return await page(
        request,
        "moderation/numbers.html",
        stored=False,
        backups=await SafetyRun.latest(BACKUP),
        good_backup=await SafetyRun.last_good(BACKUP),
        drill=next(iter(await SafetyRun.latest(DRILL, 1)), None),
        late=now() - LATE,
        with_data=_with_data(),
        admins=await Member.admins(),
        numbers=found,
        reachable=reachable,
        members=members,
        silent=silent,
        days=RECENT.days,
        fates={fate: (*FATE_WORDS[fate], _total(found, fate)) for fate in met},
        need_words={
            "open": (*NEED_WORDS["open"], sum(need.open for need in found.needs)),
            "gone": (*NEED_WORDS["gone"], sum(need.alone for need in found.needs)),
        },
        labels={need.need: HELP.label_of("need", need.need) for need in found.needs},
        weeks_plot=fates_plot(found.weeks, met, language) if met else "",
        waits_plot=waits_plot(found.weeks, language) if found.wait else "",
        needs_plot=needs_plot(found.needs, language) if found.needs else "",
    )


def _with_data() -> str:
    """What a command needs to be told where the data folder is, when it is not where it is looked for."""
    return "" if settings.data == ROOT / "data" else f"PALIER_DATA={shlex.quote(str(settings.data))} "


def _total(found: Numbers, fate: str) -> int:
    return sum(week.fates.get(fate, 0) for week in found.weeks)


def _sign(icon: str) -> str:
    return f"{assets().url('icons/icons.svg')}#i-{icon}"


def _short_day(week: Week) -> str:
    """23/11, in both languages: a longer one is too wide for the smallest screens."""
    return f"{week.monday.day}/{week.monday.month}"


def _written(number: int) -> tuple[int, str]:
    """A count as a plot wants it; none is not drawn."""
    return number, str(number) if number else ""


def fates_plot(weeks: list[Week], met: list[str], language: str) -> Markup:
    """Requests of each week, side by side by what became of them."""
    _ = i18n.translations(language).gettext
    return plot(
        _("Demandes par semaine, selon ce qu’elles sont devenues. Les chiffres sont dans le tableau."),
        [Column(fate, _sign(FATE_WORDS[fate][1])) for fate in met],
        [Row(_short_day(week), [_written(week.fates.get(fate, 0)) for fate in met]) for week in weeks],
    )


def waits_plot(weeks: list[Week], language: str) -> Markup:
    """How long half of each week's requests waited at most; a week in which nobody came has no bar."""
    _ = i18n.translations(language).gettext
    values = [
        (week.wait.total_seconds(), i18n.lasting(week.wait, language)) if week.wait is not None else (0.0, "")
        for week in weeks
    ]
    return plot(
        _("Délai avant que quelqu’un vienne, par semaine. Les chiffres sont dans le tableau."),
        [Column("done")],
        [Row(_short_day(week), [value]) for week, value in zip(weeks, values, strict=True)],
    )


def needs_plot(needs: list[Need], language: str) -> Markup:
    """For each need the requests that wait now, and those that nobody came for."""
    _ = i18n.translations(language).gettext
    return plot(
        _("Demandes ouvertes et demandes restées sans personne, par besoin. Les chiffres sont dans le tableau."),
        [Column(name, _sign(icon)) for name, (_word, icon) in NEED_WORDS.items()],
        [Row(_(HELP.label_of("need", need.need)), [_written(need.open), _written(need.alone)]) for need in needs],
        labels_above=True,
    )
