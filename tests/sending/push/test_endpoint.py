"""Only the endpoints of known push services pass, and what was checked is what is connected to."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from server.base.outbound import Refused
from server.base.settings import PUSH_HOSTS, from_environment, settings
from server.sending.push import endpoint
from server.sending.push.endpoint import LONGEST, check, is_own, origin_of, url_of
from tests.sending.push.hostile import HOSTILE, REAL

pytestmark = pytest.mark.one_engine


@pytest.fixture
def configured(monkeypatch):
    """Settings as the environment would make them."""

    def configure(**more: str) -> None:
        read = from_environment({f"PALIER_PUSH_{name}": value for name, value in more.items()})
        changed = replace(settings, push_hosts=read.push_hosts, push_origin=read.push_origin)
        monkeypatch.setattr(endpoint, "settings", changed)

    return configure


def refused(typed: str) -> bool:
    """Whether it is refused, and not by another error."""
    try:
        check(typed)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("real", REAL)
def test_real_subscriptions_pass_as_they_are(real):
    assert check(real) == real
    assert str(url_of(real)) == real
    assert origin_of(real) == "https://" + real.split("/")[2]
    assert not is_own(real)


def test_there_are_more_than_a_hundred_and_none_passes():
    assert len(set(HOSTILE)) > 200
    assert [typed for typed in HOSTILE if not refused(typed.format(port=8443))] == []


def test_none_becomes_an_address_either():
    for typed in HOSTILE:
        with pytest.raises(Refused):
            url_of(typed.format(port=8443))


def test_the_origin_becomes_canonical_and_the_rest_stays():
    assert check("HTTPS://FCM.GoogleAPIs.com:443/Fcm/%3a/../x?y=%2F") == "https://fcm.googleapis.com/Fcm/%3a/../x?y=%2F"
    assert origin_of("https://fcm.googleapis.com/x") == "https://fcm.googleapis.com"


def test_a_thousand_signs_and_no_more():
    longest = "https://fcm.googleapis.com/".ljust(LONGEST, "x")
    assert check(longest) == longest
    assert refused(longest + "x")


PIECES = st.sampled_from([
    "https", "http", "://", "/", "//", "\\", "@", ":", ":443", ":80", "#", "?", ".", "..", "%", "%2e", "%00", "[", "]",
    "::1", "-", "xn--", "a", "A", "127.0.0.1", "localhost", "\t", "\n", "\0", " ", "é", "ｆ", "。", "﹒",
    "fcm.googleapis.com", ".push.apple.com", "web.push.apple.com", "evil.example",
])  # fmt: skip


@given(st.lists(PIECES, max_size=9).map("".join) | st.text(max_size=30).map("https://web.push.apple.com".__add__))
@example("https://a.push.apple.com/x")
def test_whatever_passes_leads_to_a_listed_host_by_every_reading(typed):
    if refused(typed):
        return
    passed = check(typed)
    readings = [URL(passed), URL(passed, encoded=True), url_of(passed), url_of(typed)]
    hosts = {url.raw_host for url in readings} | {urlsplit(passed).hostname, urlsplit(typed).hostname}
    assert len(hosts) == 1
    host = hosts.pop()
    assert host == "fcm.googleapis.com" or host.endswith(".push.apple.com")
    assert {(url.scheme, url.port, url.raw_user, url.fragment) for url in readings} == {("https", 443, None, "")}
    assert check(passed) == passed


def test_other_services_can_be_named(configured):
    configured(HOSTS=" Push.Example , .alerts.example")
    passing = ["https://push.example/x", "https://a.alerts.example/x", "https://a.b.alerts.example/x"]
    assert [check(one) for one in passing] == passing
    for no in ("https://a.push.example/x", "https://alerts.example/x", "https://xalerts.example/x", REAL[0]):
        assert refused(no)


def test_without_names_nothing_passes(configured):
    configured(HOSTS="")
    assert all(map(refused, REAL))


def test_nothing_is_named_by_default_but_the_four_services():
    assert from_environment({}).push_hosts == tuple(PUSH_HOSTS.split(","))
    assert from_environment({}).push_origin == ""


@pytest.mark.parametrize(
    ("origin", "own", "others"),
    [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000/x", ["http://127.0.0.1/x", "https://127.0.0.1:9000/x"]),
        ("http://localhost:9000/", "http://localhost:9000/x", ["http://127.0.0.1:9000/x", "http://localhost.:9000/x"]),
        ("http://[::1]:9000", "http://[::1]:9000/x", ["http://[::2]:9000/x", "http://localhost:9000/x"]),
        ("https://Push.Home.Example", "https://push.home.example/x", ["http://push.home.example/x"]),
        (
            "http://push:80",
            "http://push/x",
            ["http://push:81/x", "https://push/x", "http://u@push/x", "http://push/x#"],
        ),
    ],
)
def test_one_service_of_one_s_own(configured, origin, own, others):
    assert refused(own)
    configured(ORIGIN=origin)
    assert check(own) == own
    assert is_own(own)
    assert all(map(refused, others))
    assert check(REAL[0]) == REAL[0]
    assert not is_own(REAL[0])


@pytest.mark.parametrize(
    "value",
    ["*", ".", ".com", "com", "https://fcm.googleapis.com", "fcm.googleapis.com/x", "fcm.googleapis.com:443",
     "*.a.example", "10.0.0.1", ".0.1", "[::1]", "a..example", "a.example.", "a b.example", "é.example", "a.ex;b.ex"],
)  # fmt: skip
def test_names_that_are_none(value):
    with pytest.raises(SystemExit, match=r"PALIER_PUSH_HOSTS vaut « .* », ce qui ne convient pas"):
        from_environment({"PALIER_PUSH_HOSTS": value})


@pytest.mark.parametrize(
    "value",
    ["push.example", "ftp://push.example", "https://push.example/x", "https://", "https://a:b@push.example", "http://a:b",
     "http://a:0", "http://a:65536", "http://[::1", "http://[zz]", "http://[::1]a", "http://a b"],
)  # fmt: skip
def test_an_origin_that_is_none(value):
    with pytest.raises(SystemExit, match=r"PALIER_PUSH_ORIGIN vaut « .* », ce qui ne convient pas"):
        from_environment({"PALIER_PUSH_ORIGIN": value})
