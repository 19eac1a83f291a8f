# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where ``live`` leads: to a version of its own certificate directory.

It may be a directory itself, as somebody made it by hand, or lead to one elsewhere, which was live before the certificate
directory was used as one. The latter only where nobody but root, and the user that runs this, can have made the link: who
owns the certificate directory could have root read, and copy for him, the key of another.
"""

from __future__ import annotations

import errno
import functools
import os
import typing as t

from .folder import Folder
from .layout import LIVE, VERSIONS


def link(directory: Folder) -> str | None:
    """What the link ``live`` holds; ``None``: it is a directory itself.

    :raises OSError: there is neither.
    """
    try:
        return os.readlink(LIVE, dir_fd=directory.descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return None


def opener(directory: Folder, target: str | None) -> t.Callable[[], Folder]:
    """What opens the directory to which ``live`` leads, if it holds ``target``.

    :raises OSError: ``live`` must not lead there. What is returned raises it, too: there is no such directory.
    """
    if target is None:
        return functools.partial(directory.child, LIVE)
    here = os.path.join(directory.path, VERSIONS)
    above, name = os.path.split(os.path.normpath(os.path.join(directory.path, target)))
    if above == here:
        return functools.partial(version, directory, name)
    try:
        directory.link(LIVE)
    except OSError:
        reason = f"it leads out of {VERSIONS}/, and somebody else than root can have made it"
        raise OSError(errno.ELOOP, reason) from None
    return functools.partial(directory.beyond, target)


def version(directory: Folder, name: str) -> Folder:
    """Open a directory in ``versions``."""
    with directory.child(VERSIONS) as versions:
        return versions.child(name)
