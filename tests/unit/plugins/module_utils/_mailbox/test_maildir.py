# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, StoreError
from ansible_collections.twca.ssl.plugins.module_utils._intake import message
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import maildir
from ansible_collections.twca.ssl.plugins.module_utils._mailbox.options import Maildir

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.timezone.utc)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def put(box: Path, name: str, data: bytes, minutes: int = 0) -> Path:
    path = box / name
    path.write_bytes(data)
    arrived = NOON.timestamp() + 60 * minutes
    os.utime(path, (arrived, arrived))
    return path


def read(box: Path, since: datetime.datetime | None = None) -> list[bytes]:
    return list(maildir.messages(Maildir(box), since))


def test_newest_first_from_both_directories(box):
    put(box, "new/2", b"second", 2)
    put(box, "cur/3:2,S", b"third", 3)
    put(box, "cur/1:2,", b"first", 1)
    put(box, "tmp/4", b"not delivered yet", 4)
    assert read(box) == [b"third", b"second", b"first"]


def test_nothing_is_moved_or_changed(box):
    put(box, "new/1", b"mail")
    put(box, "cur/2:2,", b"mail")

    def state() -> dict[str, tuple[int, int, int]]:
        return {
            str(path.relative_to(box)): (status.st_ino, status.st_mtime_ns, status.st_mode)
            for path in box.rglob("*")
            for status in [path.stat()]
        }

    before = state()
    assert len(read(box)) == 2
    assert state() == before


def test_older_mails_are_passed_by(box):
    put(box, "new/1", b"older", -1)
    put(box, "new/2", b"at that time", 0)
    assert read(box, since=NOON) == [b"at that time"]


def test_what_is_too_big_or_no_file_is_passed_by(box):
    put(box, "new/1", b"x" * message.MAX_SIZE)
    put(box, "new/2", b"x" * (message.MAX_SIZE + 1))
    os.mkfifo(box / "new/3")
    (box / "new/4").mkdir()
    (box / "new/5").symlink_to("/dev/zero")
    assert [len(raw) for raw in read(box)] == [message.MAX_SIZE]


def test_a_mail_opened_elsewhere_meanwhile_is_still_read(box):
    put(box, "new/2.a", b"newest", 2)
    moved = put(box, "new/1.a", b"moved", 1)
    mails = maildir.messages(Maildir(box), None)
    assert next(mails) == b"newest"
    moved.rename(box / "cur/1.a:2,S")
    assert list(mails) == [b"moved"]


def test_a_mail_deleted_elsewhere_meanwhile_is_passed_by(box):
    put(box, "new/2.a", b"newest", 2)
    deleted = put(box, "new/1.a", b"deleted", 1)
    mails = maildir.messages(Maildir(box), None)
    assert next(mails) == b"newest"
    deleted.unlink()
    assert list(mails) == []


@pytest.mark.parametrize("missing", ["new", "cur", ""])
def test_no_maildir(box, missing):
    target = box / missing if missing else box / "elsewhere"
    if missing:
        target.rmdir()
    with pytest.raises(
        InputError, match=r"^mailbox\.maildir: .* is no Maildir \(a directory with cur and new in it\)\.$"
    ):
        read(box if missing else target)


def test_a_mail_that_cannot_be_read(box, monkeypatch):
    path = put(box, "new/1", b"x")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(StoreError, match=rf"^mailbox\.maildir: {path} cannot be read \(Permission denied\)\.$"):
        read(box)
