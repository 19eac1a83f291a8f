# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's edge: errors of the floors below become one ``fail_json``, and nothing else does."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._errors import MissingLibraryError, TwcaError

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


@contextlib.contextmanager
def reported(module: AnsibleModule) -> t.Iterator[None]:
    """Run a module's one call; every error that a user can act on ends the module with its sentence.

    Anything else is a defect of ours and keeps its traceback.
    """
    try:
        yield
    except MissingLibraryError as exc:
        module.fail_json(msg=missing_required_lib(exc.library), exception=exc.reason)
    except TwcaError as exc:
        module.fail_json(msg=exc.message, **exc.details)
    except OSError as exc:
        where = f"{exc.filename}: " if exc.filename else ""
        module.fail_json(
            msg=f"{where}{exc.strerror or exc}. Check the path, its permissions and the space on the disk."
        )
