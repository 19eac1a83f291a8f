# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What any other server is given."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._servers.contract import Commands, File
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.custom import KIND
from kind_facts import LIVE, Facts

FILE = {"path": "/etc/twca-config/a/x.conf", "content": "x\n"}


def test_without_options_nothing_is_run():
    found = Facts(KIND)
    assert (found.files, found.commands, found.wants) == ([], Commands(), [])
    assert found.uses == [f"{LIVE}/{name}" for name in ("fullchain.pem", "cert.pem", "combined.pem", "bundle.p12")]


def test_the_users_commands():
    commands = Facts(KIND, validate=["test"], reload=["reload"], included=["tell"]).commands
    assert commands == Commands(["test"], ["reload"], ["tell"])


def test_the_users_files():
    found = Facts(KIND, files=[{**FILE, "link": "/etc/x/on/x.conf"}], combined="yes")
    assert found.files == [File(FILE["path"], "x\n", link="/etc/x/on/x.conf")]
    assert (found.uses, found.wants) == ([], ["combined"])
    assert found.advice == f"include {FILE['path']} in the server's own block"


def test_an_entrys_own_files_come_first():
    found = Facts(KIND, files=[FILE], entry={"custom_files": [{"path": "/b", "content": "y"}]})
    assert [file.path for file in found.files] == ["/b"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([{"path": "x", "content": ""}], "^here: the file 'x' of the server has no whole path"),
        ([{**FILE, "link": "x"}], "^here: the file 'x' of the server has no whole path"),
        ([{"path": "/x"}], r"^twca_server_options.files\[0\] has no content"),
        ([{**FILE, "mode": "0600"}], r"^twca_server_options.files\[0\].mode: there is no such option"),
        ("x", "^twca_server_options.files is text .*a list"),
    ],
)
def test_files_that_cannot_be_meant_are_told(files, said):
    with pytest.raises(InputError, match=said):
        Facts(KIND, files=files)
