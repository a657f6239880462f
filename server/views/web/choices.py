"""The days, hours and lengths of time one can choose in a form, by their plain names."""

from datetime import date, timedelta

from server.text.i18n import clock, day, no_break, today, translations


def days_ahead(most: int, stored: str, language: str) -> list[tuple[str, str]]:
    """The days one can choose, by their names; a stored day out of range stays choosable.

    Today is offered as long as one of its half hours is still to come.
    """
    _ = translations(language).gettext
    near = {0: _("aujourd’hui, %(day)s"), 1: _("demain, %(day)s")}
    options = []
    for distance in range(0 if clock() < half_hours(language)[-1][0] else 1, most):
        one = today() + timedelta(days=distance)
        options.append((one.isoformat(), near.get(distance, "%(day)s") % {"day": day(one, language)}))
    return _with_stored(options, stored, language)


def half_hours(language: str) -> list[tuple[str, str]]:
    """Every half hour from 6 h to 23 h 30."""
    options = []
    for hour in range(6, 24):
        for minute in (0, 30):
            word = f"{hour}:{minute:02d}" if language == "en" else no_break(f"{hour} h" + (" 30" if minute else ""))
            options.append((f"{hour:02d}:{minute:02d}", word))
    return options


def lengths_of_time(stored: str, language: str) -> list[tuple[str, str]]:
    """How long something is worth: a few plain lengths, each with its date."""
    _ = translations(language).gettext
    lengths = ((3, _("trois jours")), (7, _("une semaine")), (14, _("deux semaines")), (30, _("un mois")))
    lengths += ((60, _("deux mois")), (180, _("six mois")))
    options = []
    for days, name in lengths:
        one = today() + timedelta(days=days)
        options.append((one.isoformat(), f"{name}, {day(one, language)}"))
    return _with_stored(options, stored, language)


def _with_stored(options: list[tuple[str, str]], stored: str, language: str) -> list[tuple[str, str]]:
    if not stored or stored in dict(options):
        return options
    try:
        return [(stored, day(date.fromisoformat(stored), language)), *options]
    except ValueError:
        return options
