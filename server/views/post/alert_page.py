"""What pages say of alerts: of one's own choices and devices, and of an urgent request."""

from typing import Any

from litestar import Request

from server.access import may
from server.base.quiet_hours import EVENINGS, MORNINGS, Quiet
from server.base.settings import settings
from server.base.shapes import N_
from server.base.shapes import Choice as Answer
from server.help.alarm import Alarm
from server.news.alert_choice import DAY, NEVER, WEEK, AlertChoice
from server.news.news import CONCERNS, DAILY, URGENCIES
from server.news.subscription import Subscription
from server.news.told import Notice
from server.sending.push import vapid
from server.views.web.device import for_shelf
from server.views.web.door import visit_of

WHATS = (
    Answer(CONCERNS, N_("Les urgences, et ce qui me concerne"), N_("Quelqu’un vient, quelqu’un répond")),
    Answer(URGENCIES, N_("Seulement les urgences"), N_("Et la course que j’ai en main")),
    Answer(DAILY, N_("Tout, une fois par jour"), N_("Sauf la course que j’ai en main, tout de suite")),
)


LETTERS = (
    Answer(NEVER, N_("Jamais")),
    Answer(DAY, N_("Chaque jour"), N_("S’il y a du nouveau, à la fin de vos heures calmes")),
    Answer(WEEK, N_("Chaque semaine"), N_("Le lundi, s’il y a du nouveau")),
)


async def my_alerts(request: Request, typed: dict[str, str]) -> dict[str, Any]:
    """The context of ``people/alerts.html``: the choices of the viewer, and whether this device rings.

    ``typed``: what was refused, in place of what is kept.
    """
    viewer = visit_of(request).viewer
    row = await AlertChoice.of(viewer.id)
    quiet = Quiet(row["quiet_from"], row["quiet_until"]) if row else Quiet()
    return {
        "whats": WHATS,
        "evenings": EVENINGS,
        "mornings": MORNINGS,
        "chosen": {
            "dire": row["what"] if row else CONCERNS,
            "calme": "non" if quiet.start == quiet.end else "oui",
            "de": str(quiet.start if quiet.start in EVENINGS else Quiet().start),
            "a": str(quiet.end if quiet.end in MORNINGS else Quiet().end),
            "courriel": (row and row["mail"]) or "",
            "lettre": row["mail_digest"] if row else NEVER,
            "urgences": "oui" if row and row["mail_urgent"] else "",
            **typed,
        },
        "with_mail": settings.smtp is not None,
        "letters": LETTERS,
        "mail_waits": bool(row and row["mail"] and row["mail_confirmed_at"] is None),
        **await this_device(request),
    }


async def this_device(request: Request) -> dict[str, Any]:
    """The context of ``people/alert_switch.html``: whether this device rings, and the board's key."""
    device = await Subscription.of_session(visit_of(request).viewer.session)
    return {"device": device, "alert_key": vapid.public_key() if settings.worker else ""}


async def alarm_of(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """Of an urgent request: whom its alert reached, for who asked and for those who watch over it. None is kept."""
    if for_shelf(request):
        return {"alarm": None, "alert_key": ""}
    viewer = visit_of(request).viewer
    concerned = may(viewer, "ask", found) or may(viewer, "hold", found)
    device = await this_device(request) if concerned else {"alert_key": ""}
    if not may(viewer, "ask", found) and not may(viewer, "moderate"):
        return {"alarm": None, **device}
    alarm = await Alarm.of(found["id"])
    if alarm is None:
        return {"alarm": None, **device}
    reached, seen_by = await Notice.reached(found["id"])
    return {"alarm": alarm | {"reached": reached, "seen_by": seen_by}, **device}
