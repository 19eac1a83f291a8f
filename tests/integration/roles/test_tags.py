# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``--tags``: each does its step and what that needs, and one that there is not does not end well."""

from __future__ import annotations

import json

from stage.ansible import ROOT
from stage.example import NAME


def test_each_step(stage):
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": NAME}]}
    for arguments in (["--tags", "instal"], ["--tags", "order,instal"], ["--skip-tags", "order"]):
        run = stage.fail(*arguments)
        assert any("The playbook twca.ssl.site has " in message for message in run.failures), run.failures
    refused = stage.ansible.run("--tags", "order", playbook=ROOT / "playbooks/revoke.yml")
    assert any("The playbook twca.ssl.revoke has no tags" in message for message in refused.failures), refused.output

    for tag in ("look", "install"):
        run = stage.run("--tags", tag)
        assert run.messages[0] == f"{NAME} has no certificate yet; this run orders nothing.", run.output
        assert (run.changed, stage.requests) == (0, 0)
        assert not stage.place("web1").exists()

    stage.run("--tags", "order")
    stage.simulator.approve(NAME)
    collected = stage.run("--tags", "order")
    assert f"{NAME} is here, valid until" in collected.messages[0]
    assert not (stage.place("web1") / "live").exists()

    requests = stage.requests
    installed = stage.run("--tags", "install,report", twca_report_directory=str(stage.directory / "report"))
    assert any(f"{NAME} was installed on web1" in message for message in installed.messages), installed.messages
    assert (stage.directory / "report/index.html").exists()
    assert (stage.requests, stage.orders) == (requests, 1)
    assert (stage.run().changed, stage.requests) == (0, requests)


def test_tags_of_a_playbook_of_the_users_own(stage):
    """They are the user's, and one that only other plays have is no error."""
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": NAME}]}
    book = stage.directory / "own.yml"
    plays = [
        {"ansible.builtin.import_playbook": str(ROOT / "playbooks/site.yml"), "tags": "certificates"},
        {"hosts": "all", "gather_facts": False, "roles": ["twca.ssl.certificate"], "tags": "servers"},
    ]
    book.write_text(json.dumps(plays))
    other = stage.ansible.run("--tags", "deploy", playbook=book)
    assert (other.rc, stage.orders) == (0, 0), other.output
    run = stage.ansible.run("--tags", "servers", playbook=book)
    assert run.messages[0].startswith(f"{NAME} was ordered (new) and is awaited from TWCA since"), run.output
    assert stage.orders == 1
