"""What the environment says of email: understood, or refused in one sentence that repeats no password."""

from email.headerregistry import Address
from itertools import product

import pytest

from server.base.settings import MAILBOX, Smtp, from_environment

pytestmark = pytest.mark.one_engine

REST = {"PALIER_MAIL_FROM": "palier@quartier.example", "PALIER_ADDRESS": "https://palier.example"}


def settings_with(**env: str):
    """The settings of this environment."""
    return from_environment({**REST, **env})


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("", None),
        ("smtp://smtp.example", Smtp("smtp.example", 587, False)),
        ("smtp://nom:mot%40passe%2F@smtp.example:2525", Smtp("smtp.example", 2525, False, "nom", "mot@passe/")),
        ("smtps://a%40b.example:x@smtp.example", Smtp("smtp.example", 465, True, "a@b.example", "x")),
        ("smtp://localhost", Smtp("localhost", 25, False)),
        ("smtp://[::1]:1025", Smtp("::1", 1025, False)),
    ],
)
def test_what_is_understood(said, understood):
    assert settings_with(PALIER_SMTP=said).smtp == understood


@pytest.mark.parametrize(
    "said",
    [
        "smtp.example", "http://nom:SECRET@smtp.example", "smtp://", "smtp://nom:SECRET@", "smtp://nom@smtp.example",
        "smtp://nom:SEC/RET@smtp.example", "smtp://nom:SEC#RET@smtp.example", "smtp://nom:SECRET@smtp.example:0",
        "smtp://nom:SECRET@smtp.example:99999", "smtp://nom:SECRET@smtp.example:port", "smtp://nom:SECRET%0D%0A@a.example",
        "smtp://nom:SECRET%ff@smtp.example", "smtp://nom:SECRET@smtp.example/boite", "smtp://nom:SECRET@a..example",
        "smtp://nom:SECRET@[2001:db8::1]x",
    ],
)  # fmt: skip
def test_what_is_refused_and_not_repeated(said):
    with pytest.raises(SystemExit) as refused:
        settings_with(PALIER_SMTP=said)
    sentence = str(refused.value)
    assert sentence.startswith("PALIER_SMTP ne convient pas") and "\n" not in sentence
    assert "SEC" not in sentence and "RET" not in sentence


@pytest.mark.parametrize(
    "said", ["palier", "a@b@c", "<a@b.example>", "a b@c.example", "é@c.example", "a@b.example\nBcc: x@y.z"]
)
def test_a_sender_is_one_plain_address(said):
    with pytest.raises(SystemExit, match="PALIER_MAIL_FROM vaut « "):
        settings_with(PALIER_MAIL_FROM=said)


@pytest.mark.parametrize("missing", REST)
def test_email_needs_a_sender_and_an_address_for_its_links(missing):
    with pytest.raises(SystemExit, match=f"PALIER_SMTP est réglé mais {missing} manque"):
        settings_with(PALIER_SMTP="smtp://nom:SECRET@smtp.example", **{missing: ""})
    assert settings_with(PALIER_SMTP="", **{missing: ""}).smtp is None


def test_a_password_is_in_no_representation():
    found = settings_with(PALIER_SMTP="smtp://nom:SECRET@smtp.example")
    assert "SECRET" not in repr(found) and found.smtp.password == "SECRET"


def test_whatever_is_taken_for_an_address_can_stand_in_a_header():
    """Else its letter could never be made, and would be tried for hours."""
    short = ("".join(signs) for length in range(3, 7) for signs in product("a.-@'", repeat=length))
    taken = [said for said in short if MAILBOX.fullmatch(said)]
    assert {"a@a", "a.a@a", "'@a.-"} <= {*taken}
    for said in taken:
        assert Address(addr_spec=said).addr_spec == said
