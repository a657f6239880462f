"""What a request's headers ask for: languages, codings, and whether it has the answer already (RFC 9110)."""

from functools import lru_cache

# Of any of these headers; whoever sends more does not mean us.
MAX_HEADER = 1_000


@lru_cache(maxsize=256)
def weights(header: str) -> dict[str, float]:
    """Each choice of ``Accept-Language`` or ``Accept-Encoding``, in small letters, with its weight (12.4.2).

    In the order of the header; 1 without a weight, 0 (not acceptable) for one that cannot be read.
    """
    found: dict[str, float] = {}
    for part in header[:MAX_HEADER].split(","):
        choice, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if choice:
            found.setdefault(choice, _weight(parameters))
    return found


def _weight(parameters: list[str]) -> float:
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            # At most three decimals, between 0 and 1: no infinity, no exponent.
            value = value.strip()
            return float(value) if value in ("0", "1") or _is_fraction(value) else 0.0
    return 1.0


def _is_fraction(value: str) -> bool:
    whole, dot, rest = value.partition(".")
    return (
        bool(dot)
        and len(rest) <= 3
        and (rest.isdecimal() or not rest)
        and rest.isascii()
        and (whole == "0" or (whole == "1" and not rest.strip("0")))
    )


def accepts(header: str, coding: str) -> bool:
    """Whether ``Accept-Encoding`` takes this coding (12.5.3)."""
    found = weights(header)
    return found.get(coding, found.get("*", 0.0)) > 0


def has_already(if_none_match: str, etag: str) -> bool:
    """Whether one of the entity tags of ``If-None-Match`` is this one, weakly compared (13.1.2, 8.8.3.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match[:MAX_HEADER].split(",")]
    return tags == ["*"] or etag.removeprefix("W/") in tags
