# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ZIP archives of strangers, read within bounds."""

from __future__ import annotations

import io
import struct
import typing as t
import zipfile
import zlib

_ENCRYPTED = 1
# Only these are unpacked in small steps; the sizes that an archive tells need not be true.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def files(data: bytes, *, most: int, limit: int) -> t.Iterator[tuple[str, bytes]]:
    """The files of an archive, each with its name; one that is longer than ``limit`` is cut after one byte more.

    What is encrypted or packed in another way is left out. An archive that is broken ends where it breaks.

    :param most: how many members are looked at.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:most]:
                if member.is_dir() or member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
                    continue
                with archive.open(member) as stream:
                    content = stream.read(limit + 1)
                yield member.filename, content
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        ArithmeticError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ):
        return
