"""Single sign-on against a real provider on loopback: who it vouches for comes in, and nothing else it says does."""

from __future__ import annotations

import time

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from config import environment
from fleet.models import OutsideLogin, User
from ledger.models import AuditEntry
from tests.console.visitors import a_member, a_person, an_admin, an_operator
from tests.database import NOW
from tests.servers import free_port
from tests.signin.provider import CLIENT, SECRET, a_provider
from tests.signin.visits import a_browser, is_in, tried, with_code_app

pytestmark = pytest.mark.django_db
MAIL = "ann@example.com"


@pytest.fixture
def ann():
    person = a_member(an_operator())
    person.email = MAIL
    person.save()
    return person


@pytest.fixture
def provider(settings):
    """A provider that vouches for Ann."""
    cache.clear()
    with a_provider() as provider:
        provider.claims = {"sub": "employee-17", "email": "Ann@Example.com", "email_verified": True}
        settings.OIDC_ISSUER = provider.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
        settings.OIDC_NAME = "Example login"
        yield provider


def gone_there(browser, next_="/lots/"):
    return browser.get("/login/outside/", {"next": next_})["Location"]


def come_back(browser, provider):
    return browser.get(provider.lets_in(gone_there(browser)))


def complaint(browser, answer):
    assert answer["Location"] == "/login/", answer
    return browser.get("/login/").content.decode()


def test_whom_the_provider_vouches_for_comes_in_by_the_verified_mail_address(ann, provider):
    browser = a_browser()
    assert "Sign in by Example login" in browser.get("/login/").content.decode()
    assert come_back(browser, provider)["Location"] == "/lots/"
    assert is_in(browser)
    known = OutsideLogin.objects.get()
    assert (known.person, known.issuer, known.subject) == (ann, provider.issuer, "employee-17")
    assert AuditEntry.objects.filter(deed="signed in", by=ann, detail__way="single sign-on").exists()


def test_afterwards_the_providers_own_name_counts_and_no_mail_address(ann, provider):
    come_back(a_browser(), provider)
    a_person("new", email="new@example.com")
    provider.claims["email"] = "new@example.com"
    browser = a_browser()
    come_back(browser, provider)
    assert browser.session["_auth_user_id"] == str(ann.pk)


def test_a_closed_account_is_not_opened_by_its_address(ann, provider):
    User.objects.update(is_active=False)
    browser = a_browser()
    assert "There is no account" in complaint(browser, come_back(browser, provider))


def test_another_person_whom_the_provider_gave_the_same_address_is_not_let_in(ann, provider):
    come_back(a_browser(), provider)
    provider.claims["sub"] = "employee-18"
    browser = a_browser()
    assert "There is no account" in complaint(browser, come_back(browser, provider))
    assert not is_in(browser)
    # Until an admin, who knows that it is the same person, lets the address count again.
    an_admin()
    root = a_browser()
    tried(root, "root")
    root.post("/fleet/user/", {"action": "forget_outside_logins", "_selected_action": [ann.pk]})
    assert AuditEntry.objects.filter(deed="outside login removed", subject=f"person {ann.pk}").exists()
    come_back(browser, provider)
    assert is_in(browser)
    assert OutsideLogin.objects.get().subject == "employee-18"


@pytest.mark.parametrize("verified", [False, None, "false", 0])
def test_an_address_that_the_provider_has_not_verified_matches_nobody(ann, provider, verified):
    provider.claims["email_verified"] = verified
    browser = a_browser()
    assert "There is no account" in complaint(browser, come_back(browser, provider))


def test_an_address_that_two_accounts_have_matches_neither(ann, provider):
    a_person("other", email=MAIL.upper())
    browser = a_browser()
    assert "There is no account" in complaint(browser, come_back(browser, provider))


def test_nobody_is_made_by_signing_on_unless_a_setting_says_so_and_then_without_a_role(provider, settings):
    browser = a_browser()
    assert "There is no account" in complaint(browser, come_back(browser, provider))
    assert not User.objects.exists()
    settings.OIDC_CREATES_PEOPLE = True
    assert "has no role at any operator yet" in complaint(browser, come_back(browser, provider))
    made = User.objects.get()
    assert (made.email, made.has_usable_password(), is_in(browser)) == ("Ann@example.com", False, False)


@pytest.mark.parametrize(
    "instead",
    [
        {"iss": "https://other.example"},
        {"aud": "another program"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"nonce": "of another sign-in"},
        {"exp": int(time.time()) - 600},
        {"sub": None},
    ],
    ids=lambda each: next(iter(each)),
)
def test_what_the_provider_says_for_others_or_of_yesterday_opens_nothing(ann, provider, instead):
    provider.instead = instead
    browser = a_browser()
    assert "What the provider signed" in complaint(browser, come_back(browser, provider))
    assert not is_in(browser)


def test_what_somebody_else_signed_opens_nothing(ann, provider):
    provider.signs_with = ec.generate_private_key(ec.SECP256R1())
    browser = a_browser()
    assert "not valid here" in complaint(browser, come_back(browser, provider))


@pytest.mark.parametrize(("algorithm", "key"), [("none", None), ("HS256", SECRET * 3)])
def test_a_token_that_nobody_or_a_shared_secret_signed_opens_nothing(ann, provider, algorithm, key):
    provider.algorithm, provider.signs_with, provider.signs = algorithm, key, key is not None
    browser = a_browser()
    assert "not valid here" in complaint(browser, come_back(browser, provider))


def test_a_code_from_another_browser_opens_nothing(ann, provider):
    """Somebody sends Ann the end of their own way."""
    victim, strange = a_browser(), a_browser("192.0.2.66")
    back = provider.lets_in(gone_there(strange))
    assert "not begun in this browser" in complaint(victim, victim.get(back))
    gone_there(victim)
    assert "not begun in this browser" in complaint(victim, victim.get(back))


def test_a_code_is_taken_once(ann, provider):
    browser = a_browser()
    back = provider.lets_in(gone_there(browser))
    browser.get(back)
    browser.post("/logout/")
    assert browser.get(back)["Location"] == "/login/"
    assert not is_in(browser)


def test_a_person_whom_the_provider_turned_away_is_told_so(ann, provider):
    browser = a_browser()
    state = gone_there(browser).partition("state=")[2].partition("&")[0]
    answer = browser.get("/login/outside/back/", {"error": "access_denied", "state": state})
    assert "let nobody in" in complaint(browser, answer)


def test_a_provider_that_is_down_is_a_sentence(ann, provider, settings):
    settings.OIDC_ISSUER = f"http://127.0.0.1:{free_port()}"
    browser = a_browser()
    assert "takes no connection" in complaint(browser, browser.get("/login/outside/"))


def test_a_provider_that_calls_itself_otherwise_is_not_believed(ann, provider, settings):
    provider.issuer = "https://somebody.example"
    browser = a_browser()
    assert "calls itself otherwise" in complaint(browser, browser.get("/login/outside/"))


def test_the_own_second_step_is_asked_unless_the_provider_has_asked_for_one(ann, provider):
    browser = a_browser()
    with time_machine.travel(NOW, tick=False):
        tried(browser)
        with_code_app(browser)
    plain = a_browser()
    assert come_back(plain, provider)["Location"] == "/login/second-step/"
    for ways, leads_to in (
        (["pwd", "mfa"], "/lots/"),
        (["hwk", "pin"], "/lots/"),
        (["otp"], "/login/second-step/"),
        (["pwd", "face"], "/login/second-step/"),
    ):
        provider.claims["amr"] = ways
        assert come_back(a_browser(), provider)["Location"] == leads_to, ways


def test_the_way_back_leads_into_the_console_alone(ann, provider):
    browser = a_browser()
    answer = browser.get(provider.lets_in(gone_there(browser, "https://evil.example/")))
    assert answer["Location"] == "/"


def test_a_new_key_of_the_provider_is_asked_for_when_it_signs_with_it(ann, provider):
    come_back(a_browser(), provider)
    provider.key = ec.generate_private_key(ec.SECP256R1())
    browser = a_browser()
    come_back(browser, provider)
    assert not is_in(browser)  # the name of the key is the same: what is kept is good for ten minutes
    cache.clear()
    come_back(browser, provider)
    assert is_in(browser)


def test_without_a_provider_there_is_no_such_way(client):
    assert "single sign-on" not in client.get("/login/").content.decode()
    assert client.get("/login/outside/")["Location"] == "/login/"
    assert client.get("/login/outside/back/?code=x&state=y")["Location"] == "/login/"


@pytest.mark.parametrize("address", ["http://login.example.com", "login.example.com", "https://x/?a=b"])
def test_an_issuer_that_is_no_safe_address_stops_the_start(monkeypatch, address):
    monkeypatch.setenv("OIDC_ISSUER", address)
    with pytest.raises(ImproperlyConfigured, match=r"OIDC_ISSUER is .*: write it like"):
        environment.read("OIDC_ISSUER", "", environment.issuer)
