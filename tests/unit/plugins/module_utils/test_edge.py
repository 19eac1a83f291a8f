# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module says when its call fails."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._edge import reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError, MissingLibraryError


class Module:
    """Keeps what an AnsibleModule would end with."""

    said: dict[str, object] | None = None

    def fail_json(self, **result):
        self.said = result


def said(exc):
    module = Module()
    with reported(module):
        raise exc
    return module.said


def test_a_sentence_and_its_details():
    assert said(DeployError("It is back.", rolled_back=True)) == {"msg": "It is back.", "rolled_back": True}


def test_a_missing_library_is_named_with_the_python_that_lacks_it():
    result = said(MissingLibraryError("requests", "No module named 'requests'"))
    assert "Failed to import the required Python library (requests)" in result["msg"]
    assert result["exception"] == "No module named 'requests'"


@pytest.mark.parametrize(
    ("exc", "begins"),
    [
        (PermissionError(13, "Permission denied", "/etc/twca"), "/etc/twca: Permission denied. Check the path"),
        (OSError(28, "No space left on device"), "No space left on device. Check"),
        (OSError("odd"), "odd. Check"),
    ],
)
def test_the_operating_systems_no(exc, begins):
    assert said(exc)["msg"].startswith(begins)


def test_a_defect_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        said(ZeroDivisionError())


def test_success_says_nothing():
    module = Module()
    with reported(module):
        pass
    assert module.said is None
