# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import inspection
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, TwcaError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates
from ansible_collections.twca.ssl.plugins.module_utils._report import fleet, metrics, page
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory

NOW = datetime.datetime(2026, 11, 23, 4, tzinfo=datetime.timezone.utc)
NAME, DIRECTORY = "www.example.com.tw", "/etc/twca/www.example.com.tw"


def info(**changes):
    """A good certificate of 198 days, 66 of them the renewal window, which begins on 2027-01-18."""
    return {
        "source": DIRECTORY,
        "common_name": NAME,
        "subject_alt_name": [f"DNS:{NAME}"],
        "serial_number": "5F3A",
        "issuer": r"CN=TWCA\, Secure,O=TAIWAN-CA",
        "not_before": "2026-09-08T00:00:00Z",
        "not_after": "2027-03-25T00:00:00Z",
        "key_matches": True,
        "revocation": None,
        "served": {"matches": True},
        "problems": [],
        "problem_kinds": [],
        **changes,
    }


def faulty(*found, **changes):
    """One with problems, each a kind and a sentence."""
    return info(
        problem_kinds=[kind for kind, _sentence in found], problems=[sentence for _kind, sentence in found], **changes
    )


def order(state, **changes):
    return {
        "common_name": NAME,
        "state": state,
        "operation": "renew",
        "changed_at": "2026-11-20T01:00:05Z",
        "submitted_at": "2026-11-20T01:00:00Z",
        "portal_message": "作業成功",
        **changes,
    }


def host(certificates=None, *, error="", renew_within="33%", served=True, name="web1"):
    claim = {"common_name": NAME, "directory": DIRECTORY, "renew_within": renew_within, "served": served}
    found = [info()] if certificates is None else certificates
    return {
        "host": name,
        "claims": [claim],
        "looks": [{"directories": [DIRECTORY], "certificates": found, "error": error}],
    }


def nothing_of(kind, sentence):
    """A directory in which no certificate was found."""
    return {**dict.fromkeys(info()), "source": DIRECTORY, "problems": [sentence], "problem_kinds": [kind]}


def row_of(*certificates, orders=(), now=NOW, **options):
    (row,) = fleet.build([host(list(certificates) or None, **options)], list(orders), now)["certificates"]
    return row


def test_one_in_order():
    row = row_of()
    assert (row["state"], row["problems"], row["kinds"], row["notes"]) == ("ok", [], [], [])
    assert row["issuer_name"] == "TWCA, Secure"
    assert (row["renew_from"], row["days_left"]) == ("2027-01-18T15:50:24Z", 121)


@pytest.mark.parametrize(
    ("renew_within", "state"), [("33%", "ok"), ("90%", "due"), ("121d", "ok"), ("122d", "due"), ("12h", "ok")]
)
def test_the_renewal_window(renew_within, state):
    assert row_of(renew_within=renew_within)["state"] == state


def test_a_renewal_window_that_is_none():
    with pytest.raises(InputError, match="renew_within"):
        row_of(renew_within="soon")


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ([("key_mismatch", "cert.pem is not the certificate of privkey.pem")], ["key_mismatch"]),
        ([("revoked", "the certificate was revoked")], ["revoked"]),
        ([("not_served", "another certificate is served: AB")], ["not_served"]),
        ([("chain", "the issuer's certificate is missing"), ("chain", "it leads to no root")], ["chain"]),
        ([("expired", "it expired")], ["expired"]),
        (
            [("chain", "the issuer's certificate is missing"), ("not_served", "no TLS handshake")],
            ["chain", "not_served"],
        ),
    ],
)
def test_what_is_broken(found, kinds):
    row = row_of(faulty(*found))
    assert (row["state"], row["kinds"]) == ("broken", kinds)
    assert len(row["problems"]) == len(found)
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in row["problems"])


def test_a_server_that_was_to_be_looked_at_and_was_not_is_told_in_words_too():
    row = row_of(info(served=None))
    assert (row["state"], row["kinds"], row["problems"]) == (
        "broken",
        ["not_served"],
        ["What is served was not looked at."],
    )


@pytest.mark.parametrize("kind", inspection.KINDS)
def test_each_kind_of_finding_is_told_in_a_sentence_and_counted_alike_everywhere(kind):
    document = fleet.build([host([faulty((kind, "what it is"))])], [], NOW)
    (row,) = document["certificates"]
    (shown,) = page.page(document)["rows"]
    counted = {one for one in fleet.KINDS if f'problem="{one}"}} 1' in metrics.render(document)}
    assert set(row["kinds"]) == counted
    assert (row["state"] == "broken") == bool(row["kinds"]) == bool(row["problems"])
    assert shown["state"] == row["state"]
    assert len(shown["problems"] + shown["notes"]) == 1
    assert set(row["kinds"]) == ({kind} & set(fleet.KINDS))


def test_each_kind_that_a_metric_is_made_for_can_be_found():
    assert set(fleet.KINDS) - set(inspection.KINDS) == {"order"}
    assert set(inspection.KINDS) - set(fleet.KINDS) == {"missing", "revocation_unknown"}


def test_what_was_not_looked_at_is_no_fault():
    assert row_of(info(served=None), served=False)["state"] == "ok"


def test_a_host_that_cannot_be_looked_at():
    row = row_of(error="Connection refused")
    assert row["state"] == "ok"  # what was found counts
    (row,) = fleet.build([host([], error="Connection refused")], [], NOW)["certificates"]
    assert (row["state"], row["kinds"], row["problems"]) == ("broken", ["unreadable"], ["Connection refused."])
    (row,) = fleet.build([{**host(), "looks": []}], [], NOW)["certificates"]
    assert row["problems"] == ["It was not looked at."]


def fail(*_arguments):
    raise TwcaError("no route")


@pytest.fixture
def questions():
    return inspection.Questions(pki_factory.now(), certificates.parse_renew_within("33%"), fetch=fail)


def inspected(finding):
    return {"source": DIRECTORY, **finding.describe()}


def test_no_certificate_yet_is_due_and_no_fault(tmp_path, questions):
    nothing = inspection.of_directory(CertificateDirectory(tmp_path / "none"), questions)
    row = row_of(inspected(nothing), served=False)
    assert (row["state"], row["problems"], row["notes"]) == ("due", [], ["There is no certificate yet."])


def test_a_directory_that_cannot_be_read():
    row = row_of(nothing_of("unreadable", "cert.pem: Permission denied"))
    assert (row["state"], row["kinds"]) == ("broken", ["unreadable"])


@pytest.mark.parametrize("chain", [[], pki_factory.authority().chain])
def test_revocation_that_is_not_known_is_a_note(questions, chain):
    leaf = pki_factory.authority().leaf(pki_factory.new_key(), [NAME], ocsp="http://127.0.0.1:1/")
    content = "".join(map(pki_factory.pem, [leaf, *chain])).encode()
    row = row_of(inspected(inspection.of_content(content, "cert", questions)), served=False)
    assert row["problems"] == []
    assert len(row["notes"]) == 1


@pytest.mark.parametrize(
    ("state", "becomes", "kinds"),
    [
        ("accepted", "pending", []),
        ("submitting", "pending", []),
        ("uncertain", "broken", ["order"]),
        ("rejected", "broken", ["order"]),
        ("prepared", "ok", []),
        ("issued", "ok", []),
    ],
)
def test_orders(state, becomes, kinds):
    row = row_of(orders=[order(state)])
    assert (row["state"], row["kinds"]) == (becomes, kinds)
    assert (row["order"] is None) == (state in ("prepared", "issued"))


def test_an_order_that_was_rejected_before_the_certificate_came_is_past():
    assert row_of(orders=[order("rejected", changed_at="2026-09-01T00:00:00Z")])["order"] is None


def test_an_open_order_counts_more_than_a_later_one_that_is_settled():
    orders = [order("accepted"), order("issued", changed_at="2026-11-22T00:00:00Z")]
    assert row_of(orders=orders)["order"]["state"] == "accepted"


def test_an_order_without_a_host():
    document = fleet.build([], [order("accepted"), order("issued", common_name="other.example.com.tw")], NOW)
    assert [(row["host"], row["state"]) for row in document["certificates"]] == [("", "pending")]


def test_worst_first_and_counted():
    broken = host([faulty(("chain", "the chain is broken"))], name="web2")
    document = fleet.build([host(), broken], [], NOW)
    assert [row["host"] for row in document["certificates"]] == ["web2", "web1"]
    assert document["summary"] == {"total": 2, "broken": 1, "due": 0, "pending": 0, "ok": 1}
    assert (document["generated_at"], document["previous_at"]) == ("2026-11-23T04:00:00Z", None)


def changes_of(before, after):
    old = fleet.build([host([before])] if before else [], [], NOW)
    return [
        (change["kind"], change["sentence"])
        for change in fleet.build([host([after])] if after else [], [], NOW, old)["changes"]
    ]


def test_changes():
    bad = faulty(("chain", "the chain is broken"))
    renewed = "The certificate AB, valid until 2027-03-25, was installed."
    assert changes_of(info(), info()) == []
    assert changes_of(None, info()) == [("new", "New in this report.")]
    assert changes_of(info(), None) == [("gone", "No longer in this report.")]
    assert changes_of(info(), bad) == [("problem", "The chain is broken.")]
    assert changes_of(bad, info()) == [("solved", "No longer: The chain is broken.")]
    assert changes_of(info(), info(serial_number="AB")) == [("renewed", renewed)]
    nothing = nothing_of("missing", "nothing is live in it")
    assert changes_of(info(), nothing) == [("gone", "The certificate 5F3A is no longer seen.")]


def test_a_state_that_changed_by_itself():
    old = fleet.build([host()], [], NOW)
    new = fleet.build([host()], [], NOW + datetime.timedelta(days=80), old)
    assert [(change["kind"], change["sentence"]) for change in new["changes"]] == [("state", "From ok to due.")]
    assert new["previous_at"] == "2026-11-23T04:00:00Z"
