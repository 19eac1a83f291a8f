# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's edge: errors of the floors below become one ``fail_json``, and no secret or control character gets out."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule, heuristic_log_sanitize, missing_required_lib
from ansible.module_utils.common.parameters import remove_values

from . import _secrets
from ._errors import InputError, MissingLibraryError, TwcaError, failure
from ._visible import visible, visible_data


class DiscreetModule(AnsibleModule):  # type: ignore[misc]  # ansible-core is not typed
    """What every module of ours is.

    ansible-core masks secrets as they are written in the options. This class also hides what ansible-core shows: an option whose
    name is misspelt, one that is no dictionary although it should be, and a secret that a log line or a message quotes. It
    refuses a secret that cannot be masked without harm. What others wrote is shown without control characters.
    """

    def __init__(self, argument_spec: dict[str, t.Any], **options: t.Any) -> None:
        self.params: dict[str, t.Any] = {}  # ansible-core may fail before it has any
        super().__init__(argument_spec, **options)
        self.no_log_values |= _secrets.secrets(self.argument_spec, self.params)
        try:
            self._check_secrets()
        except InputError as error:
            # Where something was masked in the options, the secret could be read off.
            self.fail_json(error.message, invocation={"module_args": dict.fromkeys(self.params, _secrets.HIDDEN)})
        if not self.no_log:
            self._log_plain()

    def _check_secrets(self) -> None:
        if any(map(_secrets.holds_secrets, self.argument_spec.values())):
            from . import _masking  # noqa: PLC0415 - most modules have no secret

            _masking.check(self.argument_spec, self.params)

    def _log_invocation(self) -> None:
        """ansible-core's own line, written before secrets were checked: it would show nested ones. See :meth:`_log_plain`."""

    def _log_plain(self) -> None:
        """Log that the module was run, with the options that hold no secrets."""
        shown: dict[str, str] = {}
        for name, value in self.params.items():
            option = self.argument_spec.get(self.aliases.get(name, name))
            if option is None or _secrets.holds_secrets(option):
                shown[name] = _secrets.HIDDEN
            else:
                text = str(remove_values(value, self.no_log_values))
                shown[name] = visible(heuristic_log_sanitize(text, self.no_log_values))
        self.log("Invoked with " + " ".join(f"{name}={text}" for name, text in shown.items()), log_args=shown)

    def exit_json(self, **result: t.Any) -> None:
        """End well."""
        super().exit_json(**self._shown(result))

    def fail_json(self, msg: str, **details: t.Any) -> None:
        """Fail, with every secret masked that was given."""
        self.no_log_values |= _secrets.secrets(self.argument_spec, self.params)
        super().fail_json(visible(str(msg)), **self._shown(details))

    def warn(self, warning: str, **options: t.Any) -> None:
        """Warn a person."""
        super().warn(visible(warning), **options)

    def _shown(self, result: dict[str, t.Any]) -> dict[str, t.Any]:
        """A result as it may be seen."""
        arguments = {"module_args": _secrets.plain(self.argument_spec, self.params, self.aliases)}
        return t.cast("dict[str, t.Any]", visible_data({"invocation": arguments, **result}))


@contextlib.contextmanager
def reported(module: AnsibleModule) -> t.Iterator[None]:
    """Run a module's one call; every error that a user can act on ends the module with its sentence.

    Anything else is a defect of ours and keeps its traceback.
    """
    try:
        yield
    except MissingLibraryError as exc:
        module.fail_json(msg=missing_required_lib(exc.library), exception=exc.reason)
    except (TwcaError, OSError) as exc:
        result = failure(exc)
        for warning in result.pop("warnings", ()):
            module.warn(warning)
        module.fail_json(**result)
