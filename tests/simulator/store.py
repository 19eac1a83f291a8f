# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state on disk: one SQLite file that any number of threads and processes may share."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
import threading
import time
import typing as t
from pathlib import Path

from .settings import Settings

Row = dict[str, t.Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL, secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS drafts (
    id TEXT PRIMARY KEY, session TEXT NOT NULL, kind TEXT NOT NULL, certificate INTEGER, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL,
    csr TEXT NOT NULL, software TEXT, passphrase TEXT NOT NULL, technical TEXT NOT NULL, business TEXT NOT NULL,
    billing TEXT NOT NULL, payment TEXT NOT NULL, renews INTEGER, status TEXT NOT NULL DEFAULT 'pending',
    reason TEXT NOT NULL DEFAULT '', decided REAL);
CREATE INDEX IF NOT EXISTS orders_by_name ON orders (name);
CREATE TABLE IF NOT EXISTS certificates (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders, name TEXT NOT NULL, serial TEXT NOT NULL,
    key TEXT NOT NULL, pem TEXT NOT NULL, not_before REAL NOT NULL, not_after REAL NOT NULL, revoked REAL);
CREATE INDEX IF NOT EXISTS certificates_by_name ON certificates (name);
CREATE TABLE IF NOT EXISTS revocations (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL, certificate INTEGER, reason TEXT NOT NULL,
    confirmed REAL);
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, task TEXT NOT NULL,
    steps TEXT NOT NULL, fault TEXT);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, match TEXT NOT NULL, skip INTEGER NOT NULL, remaining INTEGER,
    parameters TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS leaks (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL);
"""
_JSON_COLUMNS = frozenset({"data", "technical", "business", "billing", "match", "parameters", "steps"})


class Store:
    """Rows in and out. A connection per thread; writes that depend on a read go through :meth:`transaction`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connection.executescript(_SCHEMA)

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing, and power is not at stake
            self._local.connection = connection
        return t.cast(sqlite3.Connection, self._local.connection)

    def close(self) -> None:
        """Closes this thread's connection."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    @contextlib.contextmanager
    def transaction(self) -> t.Iterator[None]:
        connection = self._connection
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def rows(self, table: str, order_by: str = "id", **equal: t.Any) -> list[Row]:
        where = " AND ".join(f"{column} IS ?" for column in equal) or "1"
        query = f"SELECT * FROM {table} WHERE {where} ORDER BY {order_by}"
        return [_decoded(row) for row in self._connection.execute(query, list(equal.values()))]

    def row(self, table: str, **equal: t.Any) -> Row | None:
        return next(iter(self.rows(table, **equal)), None)

    def insert(self, table: str, **values: t.Any) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", _encoded(values))
        return cursor.lastrowid or 0

    def update(self, table: str, row_id: int | str, **values: t.Any) -> None:
        assignments = ", ".join(f"{column} = ?" for column in values)
        self._connection.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", [*_encoded(values), row_id])

    def delete(self, table: str, **equal: t.Any) -> None:
        where = " AND ".join(f"{column} IS ?" for column in equal) or "1"
        self._connection.execute(f"DELETE FROM {table} WHERE {where}", list(equal.values()))

    def tally(self, table: str, column: str) -> dict[str, int]:
        """How many rows there are of each value of a column."""
        query = f"SELECT {column}, COUNT(*) FROM {table} GROUP BY {column} ORDER BY {column}"
        return dict(self._connection.execute(query))

    def settings(self) -> Settings:
        row = self._connection.execute("SELECT value FROM settings").fetchone()
        return Settings(**json.loads(row["value"])) if row else Settings()

    def save_settings(self, settings: Settings, secret: str) -> None:
        """``secret`` is kept from the first time on."""
        self._connection.execute(
            "INSERT INTO settings VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE SET value = excluded.value",
            (json.dumps(dataclasses.asdict(settings)), secret),
        )

    def secret(self) -> str:
        """What the portal signs its forms with."""
        return str(self._connection.execute("SELECT secret FROM settings").fetchone()["secret"])


def now() -> float:
    return time.time()


def _encoded(values: Row) -> list[t.Any]:
    return [
        json.dumps(value, ensure_ascii=False) if column in _JSON_COLUMNS else value for column, value in values.items()
    ]


def _decoded(row: sqlite3.Row) -> Row:
    return {
        column: json.loads(row[column]) if column in _JSON_COLUMNS else row[column]
        for column in row.keys()  # noqa: SIM118 - a Row iterates over its values
    }
