# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fault switches: what may go wrong on the wire, on a page or with a certificate, for the next N matching requests."""

from __future__ import annotations

import dataclasses
import typing as t
from datetime import datetime, timedelta, timezone

from cryptography import x509

from .store import Store

# Kinds, and what each does. "before": the request is not processed; "after": it is, and only its answer suffers.
WIRE = {
    "lost_before": "the connection closes, the request is not processed",
    "lost_after": "the connection closes after the request was processed",
    "reset": "the connection is reset (RST); processed only with after=true",
    "error_500": "an error 500 instead of the answer; processed only with after=true",
    "proxy_502": "a proxy's 502 page; processed only with after=true",
    "maintenance": "a maintenance page (503); processed only with after=true",
    "slow": "the answer waits for `seconds` (10); processed first with after=true",
    "garbage": "random bytes instead of the page; processed only with after=true",
    "truncated": "half of the answer, then the connection closes; processed",
    "endless": "an answer that never ends; processed only with after=true",
    "gzip_bomb": "a small answer that unpacks to `megabytes` (1024); processed only with after=true",
    "wrong_charset": "the header declares another character set than the page is in; processed",
    "offsite_redirect": "a redirect (`status`, 307) to `location` (the plain http port, which records it); not processed",
    "redirect_loop": "redirects to itself; not processed",
    "session_expired": "the session is forgotten before the request is processed",
    "complaint": "a wizard page comes back with a complaint (`message`), what was entered is not taken",
    "wording": "words on the page are others (`replace`: a mapping); processed",
}
ECHO = {
    "echo_differs": "step 2 shows an organization (`attribute`, O) other than the CSR's (`value`)",
}
CERTIFICATE = {
    "wrong_key": "the delivered certificate has another key",
    "expired": "the delivered certificate has expired",
    "names_missing": "the delivered certificate lacks all names but a foreign one",
    "foreign_chain": "the delivered certificate comes from a foreign authority",
    "no_server_auth": "the delivered certificate lacks serverAuth",
}
KINDS = {**WIRE, **ECHO, **CERTIFICATE}

WORDING = {
    "憑證搜尋": "憑證資料檢索",
    "憑證申請": "線上申辦",
    "憑證廢止": "憑證作廢",
    "更新憑證": "憑證展延",
    "下載憑證": "取得憑證檔",
    "通行密碼": "安全代碼",
    "付款方式": "繳費管道",
    "作業成功": "處理完畢",
}


@dataclasses.dataclass(frozen=True)
class Fault:
    kind: str
    parameters: dict[str, t.Any]

    @property
    def after(self) -> bool:
        """Whether the request is processed before the fault strikes."""
        if self.kind in ("lost_after", "truncated", "wrong_charset"):
            return True
        return bool(self.parameters.get("after", False))

    def leaf_changes(self, leaf: x509.Certificate) -> dict[str, t.Any]:
        """What a delivered leaf gets instead of the true one's (fields of ``authority.Terms``); nothing for other kinds."""
        if self.kind == "wrong_key":
            return {"other_key": True}
        if self.kind == "expired":
            end = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(days=1)
            return {"not_before": end - (leaf.not_valid_after_utc - leaf.not_valid_before_utc), "not_after": end}
        if self.kind == "names_missing":
            return {"names": ("DNS:unrelated.example.com.tw",)}
        if self.kind == "foreign_chain":
            return {"issuer": "foreign"}
        if self.kind == "no_server_auth":
            return {"server_auth": False}
        return {}


class Faults:
    """The switches that are on, kept with the state."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set(
        self,
        kind: str,
        *,
        task: str | None = None,
        step: str | None = None,
        method: str | None = None,
        nth: int = 1,
        times: int | None = 1,
        **parameters: t.Any,
    ) -> int:
        """Strikes ``times`` requests (None: all) from the ``nth`` on that match ``task``, ``step`` and ``method``."""
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
        if nth < 1 or (times is not None and times < 1):
            raise ValueError("nth and times count from 1")
        match = {name: value for name, value in (("task", task), ("step", step), ("method", method)) if value}
        return self._store.insert(
            "faults", kind=kind, match=match, skip=nth - 1, remaining=times, parameters=parameters
        )

    def clear(self) -> None:
        self._store.delete("faults")

    def take(self, kinds: t.Container[str], task: str, steps: tuple[str, ...], method: str) -> Fault | None:
        """The fault of these kinds that strikes now, if any: the first that is due. Every matching switch counts it."""
        if not self._store.rows("faults"):
            return None
        struck = None
        with self._store.transaction():
            for row in self._store.rows("faults"):
                if row["kind"] not in kinds or not _matches(row["match"], task, steps, method):
                    continue
                if row["skip"] > 0:
                    self._store.update("faults", row["id"], skip=row["skip"] - 1)
                elif struck is None:
                    struck = Fault(row["kind"], row["parameters"])
                    if row["remaining"] == 1:
                        self._store.delete("faults", id=row["id"])
                    elif row["remaining"] is not None:
                        self._store.update("faults", row["id"], remaining=row["remaining"] - 1)
        return struck


def _matches(match: dict[str, str], task: str, steps: tuple[str, ...], method: str) -> bool:
    return (
        match.get("task") in (None, task)
        and match.get("method") in (None, method)
        and (match.get("step") is None or match["step"] in steps)
    )
