# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stops a run before money is spent, and what a run may show."""

from __future__ import annotations

import pytest
from stage.example import NAME, PASSPHRASE


def test_name_claimed_by_two_hosts(stage):
    stage.add("web1", NAME)
    stage.add("web2", NAME)
    run = stage.fail()
    assert any("is claimed by web1, web2 with keys on web1, web2" in message for message in run.failures)
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()


def test_certificates_under_a_name_that_is_misspelled(stage):
    stage.add("web1", twca_certificate=[{"common_name": NAME}])
    stage.hosts["web1"]["twca_certificates"] = []
    (said,) = stage.fail().failures
    assert said == (
        "web1: twca_certificate: there is no such variable; did you mean twca_certificates? One of your own needs another name."
    )
    del stage.hosts["web1"]["twca_certificate"]
    run = stage.run()
    assert "No host of this play has an entry in twca_certificates, so there is nothing to do." in run.messages
    assert (stage.orders, stage.requests) == (0, 0)


def test_too_many_orders(stage):
    for number in range(3):
        stage.add(f"web{number}", f"www{number}.example.com.tw")
    run = stage.fail(twca_max_orders=2)
    assert any("would order 3 certificates, and twca_max_orders is 2" in message for message in run.failures)
    assert (stage.orders, stage.requests) == (0, 0)

    stage.run(twca_max_orders=3)
    assert stage.orders == 3
    assert stage.run(twca_max_orders=0).changed == 0  # what is ordered already does not count


@pytest.mark.parametrize("arguments", [(), ("--check",)], ids=["real", "check"])
def test_what_twca_would_refuse_stops_the_run_before_the_order_of_any_host(stage, arguments):
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": NAME}]}
    wrong = {"common_name": "intranet.corp.local", "state_or_province": "TPE"}
    stage.hosts["web2"] = {"twca_server": "none", "twca_certificates": [wrong]}
    (said,) = stage.fail(*arguments).failures
    assert said.startswith(
        "web2: twca_certificates[0] (intranet.corp.local): twca_certificates[0].common_name: intranet.corp.local ends in .local"
    )
    assert "twca_certificates[0].state_or_province must not be abbreviated (such as Taiwan), but it is 'TPE'" in said
    assert "web1" not in said
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()


def test_roots_that_prove_nothing_are_found_before_the_order_of_any_host(stage):
    empty = stage.directory / "empty.pem"
    empty.touch()
    for number, more in enumerate([{}, {"trusted_roots": [str(empty)]}]):
        entry = {"common_name": f"www{number}.example.com.tw", **more}
        stage.hosts[f"web{number}"] = {"twca_server": "none", "twca_certificates": [entry]}
    failures = stage.fail("--check").failures
    assert (
        f"web1: twca_certificates[0].trusted_roots: {empty} holds no certificate: this is empty; give a PEM file."
        in failures
    )

    stage.hosts["web1"]["twca_certificates"][0]["trusted_roots"] = [stage.simulator.portal_ca]
    failures = stage.fail("--check", twca_portal_url="https://www.twca.com.tw/").failures
    assert any(said.startswith("web0: twca_trusted_roots: no authority of TWCA's") for said in failures)
    assert stage.requests == 0

    failures = stage.fail().failures
    assert any(
        said.startswith("web1: twca_certificates[0].trusted_roots: no authority of TWCA's, and none that the portal")
        and "Nothing was ordered." in said
        for said in failures
    )
    assert stage.orders == 0


def test_no_order_allowed(stage):
    stage.add("web1", NAME)
    run = stage.fail(twca_allow_order=False)
    assert (
        run.messages[-1]
        == "Nothing was ordered, since twca_allow_order is false. 1 certificate would be ordered: 1 new."
    )
    assert stage.orders == 0


def test_check_mode_on_a_fresh_host(stage):
    stage.add("web1", NAME)
    run = stage.run("--check", "--diff")
    assert run.messages == [
        f"{NAME} would be ordered from TWCA (new).",
        "1 certificate would be ordered: 1 new.",
    ]
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()
    assert not (stage.directory / "state").exists()


def test_check_mode_before_each_step(stage):
    """What check mode says leaves everything as it is, whatever is due."""
    stage.add("web1", NAME)
    stage.run()
    for prepare in (lambda: None, lambda: stage.simulator.approve(NAME)):
        prepare()
        before = sorted(stage.place("web1").rglob("*"))
        stage.run("--check", "--diff")
        assert sorted(stage.place("web1").rglob("*")) == before
    stage.run()
    stage.run("--check", "--diff", twca_renew_within="365d")
    assert stage.orders == 1


# What users mistype or write as another type, with the sentence that they get.
MISTAKES = [
    (
        {"twca_certificates": [{"common_nmae": NAME}]},
        "twca_certificates[0].common_nmae: there is no such option; did you mean common_name?",
    ),
    (
        {"twca_certificates": {"common_name": NAME}},
        "twca_certificates is a dictionary, and must be a list: write each item after a dash.",
    ),
    (
        {"twca_certificates": [{"common_name": "a.tw"}, {"common_name": NAME, "subject_alt_name": "a.tw,b.tw"}]},
        f"twca_certificates[1].subject_alt_name ({NAME}) is text ('a.tw,b.tw'), and must be a list: write each item after a dash, "
        "or [a.tw, b.tw].",
    ),
    (
        {"twca_server": "nginxx"},
        "twca_server is text ('nginxx'), and must be one of apache, custom, dovecot, haproxy, nginx, postfix, tomcat, none, iis; "
        "did you mean nginx?",
    ),
    ({"twca_proof": "ture"}, "twca_proof is text ('ture'), which is neither true nor false: write true or false."),
    (
        {"twca_nginx_server": "{{ 'ture' }}"},
        "twca_nginx_server is text ('ture'), which is neither true nor false: write true or false.",
    ),
    (
        {"twca_contacts": {"technical": {"tax_idd": "70759028"}}},
        "twca_contacts.technical.tax_idd: there is no such option; did you mean tax_id?",
    ),
    (
        {"twca_verify": 443},
        "twca_verify is a number (443), and must be a dictionary: write its options below it, each with a colon.",
    ),
    (
        {"twca_max_order": 0},
        "twca_max_order: there is no such variable; did you mean twca_max_orders? One of your own needs another name.",
    ),
    (
        {"twca_mailbox": {"hots": "imap.example.com.tw"}},
        "twca_mailbox.hots: there is no such option; did you mean host?",
    ),
]


def test_mistakes_in_variables_stop_the_run_before_anything_else(stage):
    hosts = [f"web{number}" for number in range(len(MISTAKES))]
    for host, (variables, _sentence) in zip(hosts, MISTAKES):
        stage.hosts[host] = {"twca_server": "nginx", "twca_certificates": [{"common_name": f"{host}.tw"}], **variables}
    for arguments in ((), ("--check",)):
        run = stage.fail(*arguments)
        assert run.failures == [" ".join(f"{host}: {sentence}" for host, (_, sentence) in zip(hosts, MISTAKES))]
        assert {task["action"] for task in run.tasks} == {
            "twca.ssl.twca_tags",
            "twca.ssl.twca_look",
            "twca.ssl.twca_plan",
        }
    assert (stage.orders, stage.requests) == (0, 0)
    assert not any(stage.place(host).parent.exists() for host in hosts)


def test_a_template_that_only_an_order_needs_is_filled_in_before_anything_is_written(stage):
    stage.hosts["web1"] = {
        "twca_certificates": [{"common_name": NAME}],
        "twca_contacts": "{{ 443 }}",
        "twca_dry_run": True,
    }
    run = stage.fail()
    assert run.failures == [
        "web1: twca_contacts is a number (443), and must be a dictionary: write its options below it, each with a colon."
    ]
    assert "No role of twca.ssl reads twca_dry_run." in run.output
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()


def test_booleans_as_text(stage):
    """``-e name=value`` gives text."""
    stage.add("web1", NAME)
    stage.simulator.configure(approve_after=0)
    no = [argument for name in ("nginx_server", "proof") for argument in ("-e", f"twca_{name}=false")]
    stage.run(*no)
    run = stage.run(*no)
    (placed,) = run.modules("twca.ssl.twca_install")
    assert placed["served"] is None
    assert not list(stage.directory.glob("web1-server/**/twca-*.conf"))


@pytest.mark.parametrize("own", [False, True])
def test_secrets_stay_secret(stage, own):
    """Neither the passphrase, shared or of one entry, nor a key shows in the most talkative output."""
    stage.add("web1", NAME)
    secret = "a passphrase of its own" if own else PASSPHRASE
    if own:
        stage.hosts["web1"]["twca_certificates"][0].update(passphrase=secret, pkcs12_passphrase="bundled secretly")
    stage.simulator.configure(approve_after=0)
    outputs = [stage.run("-vvv", "--diff").output for _ in range(3)]
    key = (stage.place("web1") / "live/privkey.pem").read_text().splitlines()[1]
    for output in outputs:
        assert secret not in output
        assert "bundled secretly" not in output
        assert "PRIVATE KEY" not in output
        assert key not in output
