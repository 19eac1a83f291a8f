# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows paths on a folder."""

from __future__ import annotations

import pytest
from windows.disk import Disk
from windows.errors import ModuleFailure


@pytest.fixture
def disk(tmp_path):
    return Disk(tmp_path)


def test_names_are_found_without_regard_to_case(disk):
    disk.locate(r"C:\ProgramData\Twca").mkdir()
    assert disk.locate("c:/programdata/TWCA") == disk.locate(r"C:\ProgramData\Twca")


@pytest.mark.parametrize("path", [r"%TEMP%\x.p12", "/C:/Users/Administrator/AppData/Local/Temp/x.p12"])
def test_environment_and_sftp_paths(disk, path):
    assert disk.name(disk.locate(path)) == r"C:\Users\Administrator\AppData\Local\Temp\x.p12"


def test_nothing_leaves_the_folder(disk, tmp_path):
    assert disk.locate(r"C:\..\..\etc\passwd").is_relative_to(tmp_path)


@pytest.mark.parametrize("path", [r"D:\x", "x.txt", r"%NOWHERE%\x"])
def test_other_drives_and_relative_paths_are_not_there(disk, path):
    with pytest.raises(ModuleFailure):
        disk.locate(path)
