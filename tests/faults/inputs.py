# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hostile input: whatever comes, the answer is a value or a sentence, within bounded time.

Each target takes what hypothesis makes up. ``make test`` gives each some hundred inputs (tests/unit/test_hostile_input.py),
``make test-faults`` a few thousand in all, ``make fuzz`` a hundred thousand.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import itertools
import math
import signal
import tempfile
import typing as t
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mail import samples

from .bench import Bench
from .child import utils
from .verdict import HANGS, MISMATCHED, OTHER, Verdict
from .workers import Job

_PATIENCE = 30.0  # seconds of processor time for one input; the slowest takes one


class Hang(BaseException):
    """An input took longer than any should."""


@contextlib.contextmanager
def bounded(seconds: float = _PATIENCE) -> t.Iterator[None]:
    """Raise :class:`Hang` after so much processor time."""

    def expire(_signal: int, _frame: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, expire)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


# -- pages ----------------------------------------------------------------------------------------------------------

_TAGS = (
    "html head body form table tr td th tbody caption select option optgroup input textarea button a label fieldset legend dl dt "
    "dd ul li p div span h1 h2 b font br hr img script style title meta base frame frameset iframe noscript template center pre svg"
).split()
_ATTRIBUTES = (
    "id=a",
    "id=b",
    "name=a",
    "name='通行密碼'",
    "name=site",
    "for=a",
    "form=a",
    "type=text",
    "type=password",
    "type=hidden",
    "type=radio",
    "type=checkbox",
    "type=submit",
    "type=image",
    "value=確定",
    "value='搜尋'",
    "value=-----BEGIN",
    "checked",
    "selected",
    "disabled",
    "hidden",
    "style='display:none'",
    "rowspan=65535",
    "colspan=1000",
    "colspan=²",
    "maxlength=" + "9" * 5000,
    "href=//evil.example/",
    "href='javascript:go(1)'",
    "href='http://['",
    "href='#'",
    "src='http://[::1'",
    "src=x.cer",
    "action=?",
    "action='https://[/'",
    "method=post",
    "onclick='document.forms[0].submit()'",
    "onclick=\"a.b['c'](\"",
    "onload='go()'",
    "http-equiv=refresh content='0;url=http://['",
    "http-equiv=refresh content=" + "9" * 400,
    "http-equiv=content-type content='text/html; charset=big5'",
    "aria-labelledby='a a b'",
    "class=error",
)
_TEXTS = (
    "憑證申請",
    "網站名稱",
    "技術聯絡人",
    "業務聯絡人",
    "帳務聯絡人",
    "與技術聯絡人相同",
    "姓名",
    "通訊地址",
    "電子郵件地址",
    "輸入密碼",
    "再輸入一次密碼以確認",
    "伺服器軟體廠商",
    "付款方式",
    "一般名稱",
    "憑證狀態",
    "有效期限 2002-10-04 15:32:13.0 ~ 99/99/9999 25:61 +99:99",
    "憑證序號",
    "9" * 5000,
    "0x" + "f" * 5000,
    "作業成功",
    "錯誤",
    "CSR",
    "更新憑證",
    "下載憑證",
    "Country = TW State = Taiwan Common Name = a",
    "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
    "function go(a){document.forms[a].submit()}",
    "location='" + "\\ud800" + "'",
    "&#xD800;&#0;&#99999999;&bogus;",
    "<![CDATA[",
    "<!--",
    "-->",
    "<!doctype",
    "<?",
    "</",
    "<",
    "\x00",
    "\u202e",
    " ",
    "\n",
)
_opening = st.builds(
    lambda tag, attributes: f"<{tag} {' '.join(attributes)}>",
    st.sampled_from(_TAGS),
    st.lists(st.sampled_from(_ATTRIBUTES), max_size=4),
)
_closing = st.sampled_from([f"</{tag}>" for tag in _TAGS])
_token = st.one_of(_opening, _closing, st.sampled_from(_TEXTS), st.text(max_size=8))
_soup = st.lists(_token, max_size=60).map("".join)
_repeated = st.builds(
    lambda before, piece, times, after: before + "".join(piece) * times + after,
    _soup,
    st.lists(_token, min_size=1, max_size=3),
    st.sampled_from([2, 30, 300]),
    _soup,
)
PAGES = st.builds(
    lambda text, codec, junk: text.encode(codec, "replace") + junk,
    st.one_of(_soup, _soup, _soup, _repeated),
    st.sampled_from(["utf-8", "cp950", "utf-16"]),
    st.binary(max_size=6),
)
_TYPES = st.sampled_from(
    ["", "text/html", "text/html; charset=big5", "text/html; charset=bogus", "a/b; charset=utf-16"]
)


@functools.cache
def _words() -> t.Any:
    return utils("_portal.profile").load()


def read_page(body: bytes, content_type: str = "text/html") -> None:
    """All that the driver reads of a page, whatever the task; an error is a sentence."""
    with contextlib.suppress(utils("_errors").PortalUnknownPageError), utils("_portal.effort").walk():
        _read_page(body, content_type)


def _read_page(body: bytes, content_type: str) -> None:
    browser, session = utils("_portal.browser"), utils("_portal.session")
    response = session.Response("https://portal.example/a/b?c=1", 200, {"Content-Type": content_type}, body)
    try:
        page = browser.Browser._page(response)
    except utils("_errors").TwcaError:
        return
    profile, view = _words(), browser.View(page)
    labels = utils("_portal.labels").Labels(page, profile)
    asked = [utils("_portal.interview").read(page, form, labels, profile) for form in page.forms]
    for one in asked:
        one.signature()
    for control in page.controls:
        labels.meaning(control), labels.label(control), labels.is_required(control)
    records, messages, forms = utils("_portal.records"), utils("_portal.messages"), utils("_portal.forms")
    for record in records.records(page, profile):
        records.serial_number(record.facts.get("serial", ""))
        utils("_portal.times").moments(" ".join(record.facts.values()))
    records.echo(page, profile)
    messages.complaint(view, (), profile).encode()
    messages.confirmation(view, "accepted", (), profile)
    utils("_portal.blobs").of_page(page)
    utils("_portal.blobs").of_response(response)
    browser.forward_of(page)
    for thing in page.clickables()[:40]:
        filling = forms.Filling(page)
        browser.action_of(page, thing, filling)
    for source in [page.refresh[1]] if page.refresh else []:
        page.resolve(source)
    for node in [*page.frames, *page.root.elements("a", "form", "img")]:
        session.origin(page.resolve(node.get("src") or node.get("href") or node.get("action")))


# -- scripts --------------------------------------------------------------------------------------------------------

_SCRIPT = (
    "document . forms [ 0 ] ( ) { } ; , + = == != && || ! ' \" \\ \\u \\ud83d // /* */ \n function go a b var if else for while return "
    "this form elements value submit action location href confirm alert window open escape 'x' \"y\" 1 99999999999 true <!-- --> ="
).split(" ")
SCRIPTS = st.one_of(st.lists(st.sampled_from(_SCRIPT), max_size=60).map(" ".join), st.text(max_size=40))


def run_script(code: str) -> None:
    """A script, as a page's and as a click's."""
    script = utils("_portal.script")
    runner = script.Interpreter([code], lambda _form: True, lambda _form, _name: "x")
    for effect in [*runner.loading([code]), *runner.run(code)]:
        repr(effect).encode()


# -- mails and files ------------------------------------------------------------------------------------------------


@functools.cache
def _seeds() -> tuple[samples.Order, list[bytes]]:
    placed = samples.order()
    mails = [bytes(samples.notice(placed)), *samples.hostile(placed)]
    files = [
        samples.pem(*placed.chain),
        samples.der(placed.leaf),
        samples.p7(*placed.chain),
        samples.zipped({"a.cer": samples.pem(placed.leaf)}),
        samples.pem(placed.leaf).decode().encode("utf-16"),
        samples.tnef({"a.cer": samples.der(placed.leaf)}, samples.tnef({"b.cer": samples.der(placed.leaf)})),
        samples.signed(placed, bytes(samples.notice(placed))),
        samples.streamed(bytes(samples.notice(placed))),
    ]
    return placed, [one for one in (*mails, *files) if len(one) < 100_000]


def _damaged(seed: int, cuts: list[tuple[float, int, bytes]]) -> bytes:
    """A sample with pieces replaced."""
    known = _seeds()[1]
    data = known[seed % len(known)]
    for place, length, junk in cuts:
        at = int(place * len(data))
        data = data[:at] + junk + data[at + length :]
    return data


_cuts = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.binary(max_size=12), st.sampled_from([b"\r\n\r\n", b"--", b"=", b"\x30\x84\x7f"])),
    ),
    max_size=4,
)
FILES = st.builds(_damaged, st.integers(0, 50), _cuts)


def read_file(data: bytes) -> None:
    """A mail, or an attachment: no certificate comes out that is not whole."""
    content = utils("_intake.message").read(data)
    for one in utils("_intake.reader").certificates(data):
        utils("_pki.certificates").describe(one)
    utils("_pki.nature").instead(data)
    del content


# -- certificate directories ----------------------------------------------------------------------------------------

_PIECES = ("mine", "other", "empty", "garbage", "missing", "directory")
DIRECTORIES = st.fixed_dictionaries(
    {
        "pending": st.none() | st.tuples(st.sampled_from(_PIECES), st.sampled_from(_PIECES)),
        "live": st.none() | st.tuples(st.sampled_from(_PIECES), st.sampled_from(_PIECES), st.sampled_from(_PIECES)),
        "link": st.sampled_from(["live", "dangling", "file", "directory"]),
        "force": st.booleans(),
    }
)


@functools.cache
def _materials() -> dict[str, dict[str, bytes]]:
    """Keys with their requests and certificates."""
    csr, keys = utils("_pki.csr"), utils("_pki.keys")
    placed = samples.order()
    from cryptography.hazmat.primitives import serialization

    def material(key: bytes, leaf: bytes) -> dict[str, bytes]:
        request = csr.build(
            key, csr.Subject("www.example.com.tw", "TW", None, None, None, None), ("DNS:www.example.com.tw",)
        )
        return {"key": key, "request": request.encode(), "leaf": leaf}

    mine = placed.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    other = samples.order("other.example.com.tw")
    return {
        "mine": material(mine, samples.pem(placed.leaf)),
        "other": material(keys.generate("ECC"), samples.pem(other.leaf)),
        "empty": dict.fromkeys(("key", "request", "leaf"), b""),
        "garbage": dict.fromkeys(("key", "request", "leaf"), b"-----BEGIN \xff"),
    }


def decide(case: dict[str, t.Any]) -> None:
    """twca_csr's decision on a directory in any state: a pair, nothing, or a sentence and nothing touched."""
    need, csr = utils("_deploy.need"), utils("_pki.csr")
    wish = need.Wish(
        csr.Subject("www.example.com.tw", "TW", None, None, None, None),
        ("DNS:www.example.com.tw",),
        "ECC",
        renew_within="1h",
    )
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        _lay_out(place, case)
        directory = utils("_store.directory").CertificateDirectory(place)
        before = _listing(place)
        try:
            with directory.locked():
                outcome = need.prepare(directory, wish, force=case["force"], discard_pending=False, check=False)
        except utils("_errors").TwcaError:
            assert _listing(place) == before, "an error, and yet something changed"
            return
        after = _listing(place)
        assert {path: after[path] for path in before} == before, "something that was there changed"
        if case["pending"] is not None:
            assert outcome.reason == "pending" and after == before
        elif outcome.reason == "none":
            assert after == before and case["live"] is not None and case["link"] == "live"
        else:
            assert directory.pending.request.public_key_sha256 == outcome.request.public_key_sha256


def _lay_out(place: Path, case: dict[str, t.Any]) -> None:
    if case["pending"] is not None:
        _put(place / "pending", dict(zip(("privkey.pem", "request.csr"), case["pending"])))
    if case["live"] is None:
        return
    version = place / "versions" / "20260101T000000Z-01"
    _put(version, dict(zip(("privkey.pem", "cert.pem", "chain.pem"), case["live"])))
    live = place / "live"
    if case["link"] == "live":
        live.symlink_to("versions/20260101T000000Z-01")
    elif case["link"] == "dangling":
        live.symlink_to("versions/gone")
    elif case["link"] == "file":
        live.write_bytes(b"")
    else:
        live.mkdir()


def _put(folder: Path, pieces: dict[str, str]) -> None:
    kinds = {"privkey.pem": "key", "request.csr": "request", "cert.pem": "leaf", "chain.pem": "leaf"}
    folder.mkdir(parents=True)
    for name, piece in pieces.items():
        if piece == "directory":
            (folder / name).mkdir()
        elif piece != "missing":
            (folder / name).write_bytes(_materials()[piece][kinds[name]])


def _listing(place: Path) -> dict[str, bytes | str | None]:
    return {
        str(path.relative_to(place)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in place.rglob("*")
        if path.name != ".lock"
    }


# -- options --------------------------------------------------------------------------------------------------------

_scalar = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.text(max_size=6),
    st.sampled_from(["(", "[a", "(?P<a>", "作業成功", "\\"]),
)
_value = st.recursive(
    _scalar,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@functools.cache
def _profile_strategy() -> t.Any:
    data = utils("_portal.profile_data").PROFILE
    groups = [
        st.tuples(st.just(group), st.dictionaries(st.sampled_from([*entries, "bogus"]), _value, max_size=2) | _value)
        for group, entries in data.items()
    ]
    return st.lists(st.one_of(*groups, st.tuples(st.text(max_size=3) | st.integers(), _value)), max_size=3).map(dict)


def lay_over(overrides: dict[t.Any, t.Any]) -> None:
    """A profile file: it is refused in a sentence, or a page can be read with it."""
    try:
        profile = utils("_portal.profile").load(overrides)
    except utils("_errors").InputError:
        return
    browser = utils("_portal.browser")
    page = utils("_portal.page").Page(
        "https://portal.example/", "<form>姓名<input name=a><button>確定</button></form>作業成功".encode()
    )
    labels = utils("_portal.labels").Labels(page, profile)
    utils("_portal.interview").read(page, page.forms[0], labels, profile)
    utils("_portal.messages").complaint(browser.View(page), (), profile)
    for task in ("apply", "search"):
        profile.page(task), profile.paths(task)


WINDOWS = st.tuples(
    st.one_of(
        st.from_regex(r"\A\s?[0-9.]{0,9}\s?[%dhw]?\s?\Z"),
        st.text(max_size=8),
        st.builds(lambda number, unit: f"{number}{unit}", st.integers(0, 9_999_999), st.sampled_from("%dh")),
    ),
    st.datetimes(datetime.datetime(1970, 1, 2), datetime.datetime(9990, 1, 1)),
)


def is_due(given: tuple[str, datetime.datetime]) -> None:
    """``renew_within``: refused in a sentence, or a window that never closes again."""
    certificates = utils("_pki.certificates")
    text, naive = given
    leaf, now = _seeds()[0].leaf, naive.replace(tzinfo=datetime.timezone.utc)
    try:
        due = certificates.window(leaf, text, now)
    except utils("_errors").InputError:
        return
    assert isinstance(due, bool)
    assert certificates.window(leaf, text, now + datetime.timedelta(days=1)) >= due, "due, and then not any more"
    assert certificates.window(leaf, text, certificates.not_after(leaf)), "not due at its end"


@dataclasses.dataclass(frozen=True)
class Target:
    """What is fed; ``share`` of all inputs goes to it."""

    feed: t.Callable[..., None]
    strategies: t.Callable[[], tuple[t.Any, ...]]
    share: float


TARGETS = {
    "pages": Target(read_page, lambda: (PAGES, _TYPES), 0.25),
    "scripts": Target(run_script, lambda: (SCRIPTS,), 0.15),
    "mails and files": Target(read_file, lambda: (FILES,), 0.25),
    "directories": Target(decide, lambda: (DIRECTORIES,), 0.05),
    "profiles": Target(lay_over, lambda: (_profile_strategy(),), 0.1),
    "windows": Target(is_due, lambda: (WINDOWS,), 0.2),
}


def property_of(name: str, examples: int = 100, taken: t.Callable[[], object] = lambda: None) -> t.Any:
    """What must hold of every input of a target, as a test of hypothesis. ``taken`` is called with each."""
    target = TARGETS[name]
    _seeds()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*target.strategies()))
    def one(values: tuple[t.Any, ...]) -> None:
        taken()
        with bounded():
            target.feed(*values)

    return one


def feed(name: str, examples: int) -> int:
    """Give a target so many inputs; the number that it took.

    :raises AssertionError, Hang, Exception: what the smallest of the bad inputs does.
    """
    taken = itertools.count()
    property_of(name, examples, lambda: next(taken))()
    return next(taken)


# -- the sizes that hypothesis never comes to -----------------------------------------------------------------------

_MANY = 100_000
LARGE: dict[str, t.Callable[[], bytes]] = {
    "tags in tags": lambda: b"<div>" * _MANY,
    "inline tags in tags": lambda: b"<b>" * _MANY + b"a" + b"</b>" * _MANY,
    "tables in tables": lambda: b"<table><tr><td>" * _MANY,
    "lists in lists": lambda: b"<ul><li>" * _MANY,
    "forms": lambda: b"<form><input name=a>" * (_MANY // 10),
    "labels": lambda: b"<label for=a>" * _MANY + b"<input id=a>",
    "end tags": lambda: b"</td>" * _MANY,
    "end tags across": lambda: b"<b>" * 200 + b"</i>" * _MANY,
    "comments that do not end": lambda: b"<!--" * _MANY,
    "marked sections": lambda: b"<![if" * _MANY,
    "declarations": lambda: b"<!doctype " * _MANY,
    "tags that do not end": lambda: b"<a " * _MANY,
    "attributes": lambda: b"<a " + b"b=c " * _MANY + b">",
    "quotes that do not end": lambda: b"<a b='" * _MANY,
    "references": lambda: b"&#x41;&amp" * _MANY,
    "scripts that do not end": lambda: b"<script>" + b"<script></scrip" * _MANY,
    "rows": lambda: b"<table>" + "<tr><td>一般名稱<td>a<td>憑證狀態<td>有效".encode() * (_MANY // 10),
    "cells that span": lambda: b"<table>" + b"<tr><td rowspan=65535 colspan=1000>" * (_MANY // 20),
    "messages": lambda: "<p class=error>錯誤</p>".encode() * (_MANY // 5),
    "lines": lambda: "<br>錯誤 ".encode() * (_MANY // 2) + "<form>姓名<input name=a></form>".encode(),
    "fields": lambda: b"<form>" + "姓名<input name=a>".encode() * (_MANY // 10),
    "radio buttons": lambda: b"<form>" + "<input type=radio name=a>姓名".encode() * (_MANY // 20),
    "lists of options": lambda: b"<form><select name=a>" + "<option>台北市".encode() * _MANY,
    "style rules": lambda: (
        b"<style>" + b".a{display:none}" * (_MANY // 10) + b"</style>" + b"<p class=a>b" * (_MANY // 10)
    ),
    "a style without rules": lambda: b"<style>" + b"a b" * _MANY + b"</style>",
    "braces": lambda: b"<style>" + b"a{" * _MANY + b"</style>",
    "script brackets": lambda: b"<script>" + b"f(" * _MANY + b"</script>",
    "script functions": lambda: b"<script>" + b"function a(){b()}" * 3000 + b"</script><body onload=a()>",
    "script quotes": lambda: b"<script>" + b"'\\" * 30_000 + b"</script>",
    "spaces": lambda: b"<p>" + b" " * (40 * _MANY) + b"a",
    "dashes": lambda: b"-----BEGIN CERTIFICATE-----" * (_MANY // 4),
    "nulls": lambda: b"\x00" * (10 * _MANY),
    "high bytes": lambda: b"\xa4" * (10 * _MANY + 1),
    "brackets in a label": lambda: b"<form>a" + "【".encode() * _MANY + b"b<input name=a></form>",
    "all brackets in a label": lambda: b"<form>a" + "([〔《".encode() * _MANY + b"b<input name=a></form>",
    "marks in between": lambda: b"a" + "【】".encode() * _MANY + b"b<input name=a>",
    "combining marks": lambda: b"<form>a" + "\u0301\u0316".encode() * _MANY + b"<input name=a></form>",
    "combining marks in cells": lambda: b"<table><tr><td>a" + "\u0301\u0316".encode() * _MANY + b"<td>b<td>c</table>",
    "characters that become many": lambda: b"<p>" + "\ufdfa".encode() * (2 * _MANY),
    "many scripts and many fields": lambda: (
        b"<script>function f(a){document.forms[0].submit()}</script>" * (_MANY // 50)
        + b"<form>"
        + "姓名<input type=button value=確定 onclick='f(1)'><input name=a>".encode() * (_MANY // 50)
    ),
    "functions that do not end": lambda: b"<script>" + b"function a(" * 5000 + b"</script>" * 20,
    "comments in scripts that do not end": lambda: (b"<script>" + b"/*/" * 20_000 + b"</script>") * 20,
    "calls of calls": lambda: (
        b"<script>"
        + b"".join(b"function f%d(){%s}" % (number, b"f%d();" % (number + 1) * 300) for number in range(8))
        + b"</script><body onload=f0()>"
    ),
    "groups in groups": lambda: b"<form>" + b"<fieldset><legend>a</legend>" * 200 + b"<input name=a>" * (_MANY // 5),
    "fields without labels": lambda: b"<form>" + b"<input name=a>" * (_MANY // 2),
    "fields in a column": lambda: b"<form><table>" + b"<tr><td><input name=a>" * (_MANY // 2),
    "hidden between fields": lambda: (
        b"<form><input name=a>" + b"<i hidden>x</i><input type=hidden name=b>" * (_MANY // 4) + b"<input name=c>"
    ),
    "passwords": lambda: b"<form>" + b"<input type=password name=a>" * (_MANY // 4),
    "forms with boxes": lambda: b"<form><textarea name=a></textarea></form>" * (_MANY // 5),
    "steps": lambda: b"<ul>" + "<li>技術聯絡人<li>業務聯絡人".encode() * (_MANY // 10) + b"</ul><input>",
    "a class for many": lambda: b"<p class='" + b"b " * _MANY + b"'>" + b"<b>x<br></b>" * (_MANY // 2),
    "empty cells": lambda: (
        "<table><tr><td>一般名稱<td>憑證狀態<td>序號".encode()
        + b"<tr><td><input readonly value=b><td><td>" * (_MANY // 5)
    ),
    "dates and spaces": lambda: "<p>有效期限 2026-1-1".encode() + b" T" * _MANY,
}


FEW, FUZZED = 3000, 100_000  # inputs of all targets: of the short run, of the long one


def jobs(_workers: int) -> list[Job]:
    return [*_feeding(FEW), (read_large, ())]


def fuzz_jobs(workers: int) -> list[Job]:
    """The long run, in parts."""
    parts = workers * 2
    return [*(job for _part in range(parts) for job in _feeding(FUZZED / parts)), (read_large, ())]


def _feeding(examples: float) -> list[Job]:
    return [(feed_target, (name, math.ceil(examples * target.share))) for name, target in TARGETS.items()]


def feed_target(_bench: Bench, name: str, examples: int) -> Verdict:
    verdict = Verdict()
    try:
        verdict.count("inputs", feed(name, examples))
    except Hang:
        verdict.blame(HANGS, f"{name}: an input takes longer than {_PATIENCE:g} s")
    except Exception as error:
        kind = MISMATCHED if name == "directories" and isinstance(error, AssertionError) else OTHER
        verdict.blame(kind, f"{name}: {error!r} {' '.join(getattr(error, '__notes__', []))}")
    return verdict


def read_large(_bench: Bench) -> Verdict:
    verdict = Verdict()
    for name, make in LARGE.items():
        verdict.count("large pages")
        try:
            with bounded():
                read_page(make())
        except Hang:
            verdict.blame(HANGS, f"a page of {name} takes longer than {_PATIENCE:g} s")
        except Exception as error:
            verdict.blame(OTHER, f"a page of {name}: {error!r}")
    return verdict
