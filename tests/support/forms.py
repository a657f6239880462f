"""A good form of every kind, as somebody would fill it in."""

from datetime import timedelta

from server.text.i18n import today

TOMORROW = (today() + timedelta(days=1)).isoformat()
GOOD = {
    "help": {
        "need": "courses",
        "urgency": "semaine",
        "title": "Du pain",
        "place": "rue de Gerland",
        "phone": "04 65 71 20 08",
    },
    "offer": {"title": "Le marché", "repeats": "on-call", "capacity": "4", "reach": "near"},
    "tip": {"title": "Des œufs"},
    "gathering": {"title": "Belote", "starts_at_day": TOMORROW, "starts_at_hour": "20:00", "repeats": "once"},
    "encouragement": {"tone": "word", "body": "Courage"},
    "playlist": {"title": "Balai"},
    "initiative": {"title": "Un vélo", "wanted": "thing"},
}
