# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all modules share which speak to the portal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, MissingLibraryError
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Response

PARAMS = {
    "portal_url": "https://www.twca.com.tw/",
    "portal_ca_path": None,
    "validate_certs": True,
    "portal_timeout": 30,
    "portal_profile": None,
    "state_dir": "~/state",
}


def profile(value):
    return _portal_options.profile({**PARAMS, "portal_profile": value})


def test_the_journals_directory_is_below_the_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert _portal_options.state_directory(PARAMS) == Path("/home/somebody/state")


def test_the_secret_is_never_logged():
    spec = _portal_options.argument_spec()
    assert [name for name, option in spec.items() if option.get("no_log")] == ["passphrase"]


def test_opening_sends_nothing():
    with _portal_options.portal_opener(PARAMS, check_mode=False) as open_portal:
        assert open_portal().requests == 0


@pytest.mark.parametrize("timeout", [0, -1])
def test_a_portal_that_may_take_no_time(timeout):
    with _portal_options.portal_opener({**PARAMS, "portal_timeout": timeout}, check_mode=False) as open_portal:
        with pytest.raises(InputError, match=f"portal_timeout is {timeout}; give it in seconds, at least 1"):
            open_portal()


WORDS = {"buttons": {"search": ["找找看"]}}


def test_a_profile_as_a_dictionary_or_a_file_is_laid_over_the_built_in_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PLACE", str(tmp_path))
    (tmp_path / "profile.yml").write_text("buttons: {search: [找找看]}\n", encoding="utf-8")
    (tmp_path / "empty.yml").write_text("# nothing yet\n", encoding="utf-8")
    built_in = profile(None).words("buttons", "search")
    for given in (WORDS, "$PLACE/profile.yml", str(tmp_path / "profile.yml")):
        assert "找找看" in profile(given).words("buttons", "search")
    for given in ({}, str(tmp_path / "empty.yml")):
        assert profile(given).words("buttons", "search") == built_in
    assert "找找看" not in built_in


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"buttons: [", "is not a YAML file"),
        (b"\xff\xfe\xff", "is not a YAML file"),
        (b"- buttons", "must hold a dictionary of overrides at its top"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_holds_no_profile(tmp_path, content, message):
    path = tmp_path / "profile.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"^portal_profile: {re.escape(str(path))} {re.escape(message)}"):
        profile(str(path))


def test_what_is_neither():
    with pytest.raises(InputError, match="must be a dictionary or the path of a YAML file"):
        profile(["buttons"])


def test_a_profile_in_a_file_needs_a_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingLibraryError) as caught:
        profile("profile.yml")
    assert caught.value.library == "PyYAML"


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_page_that_stops_a_task_is_kept_but_for_check_mode(tmp_path, check_mode):
    response = Response("https://www.twca.com.tw/", 200, {}, "<p>通行密碼 opensesame</p>".encode())
    params = {**PARAMS, "state_dir": str(tmp_path)}
    with _portal_options.portal_opener(params, check_mode=check_mode, secrets=["opensesame"]) as open_portal:
        path = open_portal()._keep(response)
    kept = [one.read_text("utf-8-sig") for one in tmp_path.glob("pages/*")]
    assert (path is None, len(kept)) == (check_mode, 0 if check_mode else 1)
    assert "sesame" not in "".join(kept)
