# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the documentation fragment ``twca.ssl.portal``, and what is made of them."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import typing as t
from pathlib import Path

from ansible.module_utils.basic import env_fallback

from ._errors import InputError, MissingLibraryError, StoreError

if t.TYPE_CHECKING:
    from ._portal.memory import Memory
    from ._portal.portal import Portal
    from ._portal.profile import Profile
    from ._portal.session import Response

_MEMORY_LASTS = 3600.0  # seconds


def argument_spec() -> dict[str, dict[str, t.Any]]:
    """The argument specification that every module speaking to the portal shares."""
    return {
        "portal_url": {
            "type": "str",
            "default": "https://www.twca.com.tw/",
            "fallback": (env_fallback, ["TWCA_PORTAL_URL"]),
        },
        "portal_ca_path": {"type": "path", "fallback": (env_fallback, ["TWCA_PORTAL_CA"])},
        "validate_certs": {"type": "bool", "default": True},
        "portal_timeout": {"type": "int", "default": 30},
        "portal_profile": {"type": "raw"},
        "passphrase": {"type": "str", "no_log": True, "fallback": (env_fallback, ["TWCA_PASSPHRASE"])},
        "state_dir": {
            "type": "path",
            "default": "~/.local/state/twca",
            "fallback": (env_fallback, ["TWCA_STATE_DIR"]),
        },
    }


def state_directory(params: dict[str, t.Any]) -> Path:
    """The journal's directory; a fallback from the environment has not had its ``~`` expanded yet."""
    return Path(params["state_dir"]).expanduser()


@contextlib.contextmanager
def portal_opener(
    params: dict[str, t.Any], *, check_mode: bool, secrets: t.Iterable[str] = ()
) -> t.Iterator[PortalOpener]:
    """Within it, what opens the portal that the options describe.

    What was learned of the portal is kept for the next runs if all went well, and a page at which a task stops is kept for a
    person. Check mode writes neither.

    :param secrets: what must not be seen in a page that is kept.
    """
    opener = PortalOpener(params, None if check_mode else tuple(secrets))
    yield opener
    if not check_mode:
        from ._store import atomic  # noqa: PLC0415

        opener.keep()
        # What a run that was killed left half written; a run that learns nothing writes nothing, and would let it lie.
        with contextlib.suppress(OSError):
            atomic.clear_dead(_notes_path(params))


class PortalOpener:
    """Opens the portal, as often as it is called; nothing is sent by that. Threads may share it.

    The HTTP and HTML libraries are imported when it is called, so that a run that needs no portal does not pay for them.
    """

    def __init__(self, params: dict[str, t.Any], secrets: tuple[str, ...] | None) -> None:
        self._params = params
        self._secrets = secrets  # None: no page is kept
        self._lock = threading.Lock()
        self._notes: _Notes | None = None

    def __call__(self) -> Portal:
        from ._portal.portal import Portal  # noqa: PLC0415
        from ._portal.session import Session  # noqa: PLC0415

        params = self._params
        if params["portal_timeout"] < 1:
            raise InputError(f"portal_timeout is {params['portal_timeout']}; give it in seconds, at least 1.")
        with self._lock:
            if self._notes is None:
                self._notes = _Notes(params)
        session = Session(
            params["portal_url"],
            ca_path=params["portal_ca_path"],
            validate_certs=params["validate_certs"],
            timeout=params["portal_timeout"],
        )
        return Portal(session, profile(params), self._notes.memory, self._keep_page)

    def _keep_page(self, response: Response) -> str | None:
        from ._kept_pages import KeptPages  # noqa: PLC0415 - only a task that stops needs it

        if self._secrets is None:
            return None
        return KeptPages(state_directory(self._params), self._secrets).keep(response)

    def keep(self) -> None:
        """Write down what was learned."""
        if self._notes is not None:
            self._notes.keep()


def _notes_path(params: dict[str, t.Any]) -> Path:
    return state_directory(params) / "portal.json"


class _Notes:
    """What runs of the last hour learned of this portal. It only saves requests, so it is done without where it cannot be kept."""

    def __init__(self, params: dict[str, t.Any]) -> None:
        from ._order import records  # noqa: PLC0415
        from ._portal.memory import Memory  # noqa: PLC0415

        self._path = _notes_path(params)
        self._portal = [params["portal_url"], params["portal_profile"]]
        self._since = time.time()
        self._known = None
        try:
            kept = records.load(self._path)
            if kept["portal"] == self._portal and 0 <= self._since - kept["since"] < _MEMORY_LASTS:
                self._since, self._known = kept["since"], kept["known"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
        self.memory: Memory = Memory(self._known)

    def keep(self) -> None:
        """Write it down, if there is anything new."""
        from ._store import atomic  # noqa: PLC0415

        if self.memory.known == self._known:
            return
        text = json.dumps({"portal": self._portal, "since": self._since, "known": self.memory.known})
        with contextlib.suppress(StoreError):
            atomic.write(self._path, text.encode("utf-8"), mode=0o600)


def profile(params: dict[str, t.Any]) -> Profile:
    """The portal's words and addresses, with the user's laid over them."""
    from ._portal.profile import load  # noqa: PLC0415

    return load(_profile_overrides(params["portal_profile"]))


def _profile_overrides(value: t.Any) -> dict[str, t.Any]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise InputError("portal_profile must be a dictionary or the path of a YAML file.")
    try:
        import yaml  # noqa: PLC0415 - only a profile in a file needs it
    except ImportError as exc:
        raise MissingLibraryError("PyYAML", str(exc)) from exc
    path = Path(os.path.expandvars(value)).expanduser()
    try:
        overrides = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InputError(f"portal_profile: {path} cannot be read ({exc.strerror}).") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise InputError(f"portal_profile: {path} is not a YAML file ({' '.join(str(exc).split())}).") from exc
    if overrides is not None and not isinstance(overrides, dict):
        raise InputError(f"portal_profile: {path} must hold a dictionary of overrides at its top.")
    return overrides or {}
