"""Returned mails by their words and codes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.domain.bounce import classify


@pytest.mark.parametrize(
    ("diagnostic", "status", "meaning"),
    [
        ("smtp; 550 5.1.1 user unknown", "", "hard"),
        ("550 <ana@example.com>: Recipient address rejected: User unknown in virtual mailbox table", "", "hard"),
        ("550 5.4.4 Invalid domain", "", "hard"),
        ("550 Buzón inexistente", "", "hard"),
        ("550 Empfänger unbekannt", "", "hard"),
        ("550 Absender unbekannt", "", "block"),
        ("552 Boîte pleine", "", "soft"),
        ("550 there is no one at this address", "", "hard"),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "", "hard"),
        ("DNS; Name service error for name=mx.example: Host not found, try again", "", "soft"),
        ("", "5.1.1", "hard"),
        ("smtp; 552 5.2.2 The email account that you tried to reach is over quota", "", "soft"),
        ("452 4.2.2 Mailbox full", "5.1.1", "soft"),
        ("450 4.1.1 greylisted, try again later", "", "soft"),
        ("smtp; 421 something", "", "soft"),
        ("550 5.2.1 The email account that you tried to reach is disabled", "", "soft"),
        ("554 5.7.1 Client host blocked using dnsbl.example", "", "block"),
        ("550 5.7.26 This mail has been blocked because the sender is unauthenticated", "", "block"),
        ("550 5.1.8 Sender address rejected: Domain not found", "", "block"),
        ("550 5.7.515", "", "block"),
        ("554 5.1.1 User smith (smith@example.com) not listed in Domino Directory", "", "hard"),
        ("User smith not listed in public Name & Address Book", "", "hard"),
        # An address is a name, and says nothing about what happened to it.
        ("550 5.1.1 <blocked@example.com>: user unknown", "", "hard"),
        ("smtp; 550 5.1.1 <ana@frozen-foods.example>... User unknown", "", "hard"),
        ("550 5.1.1 no such user:spam+policy@example.com", "", "hard"),
        ("552 5.2.2 <no-such-user@example.com> mailbox is full", "", "soft"),
        ("554 no", "5.0.0", "other"),
        ("", "", "other"),
    ],
)
def test_what_servers_say(diagnostic: str, status: str, meaning: str) -> None:
    assert classify(diagnostic, status) == meaning


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_means_something(diagnostic: str, status: str) -> None:
    assert classify(diagnostic, status) in ("hard", "block", "soft", "other")


@pytest.mark.parametrize(
    "hostile", ["user " * 400, "unknown " * 300, "mailbox" * 300, "domain " + "a" * 9000, "a@" * 900]
)
def test_a_hostile_text_costs_nothing(hostile: str) -> None:
    began = time.process_time()
    classify(hostile * 50)
    assert time.process_time() - began < 0.2
