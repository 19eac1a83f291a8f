# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seal on a site's page: fetched by ansible-playbook, included by a real web server, looked at in Chromium."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import typing as t
import urllib.parse
from pathlib import Path

import pytest
from browser import chromium
from modules import Modules
from plays import play
from playwright.sync_api import sync_playwright
from simulator import Simulator, office, rules

NAME = "www.example.com.tw"
PAGE = '<!DOCTYPE html><meta charset="big5"><title>Example</title><p>A seal:</p><!--#include virtual="/seal.html" -->\n'
NGINX = """\
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
  access_log off;
  {temporary}
  types {{ text/html html; image/gif gif; }}
  server {{ listen 127.0.0.1:{port}; root {directory}/site; ssi on; }}
}}
"""
APACHE = """\
ServerName localhost
ServerRoot {directory}
PidFile {directory}/apache.pid
ErrorLog {directory}/error.log
Listen 127.0.0.1:{port}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
LoadModule filter_module /usr/lib/apache2/modules/mod_filter.so
LoadModule include_module /usr/lib/apache2/modules/mod_include.so
TypesConfig /etc/mime.types
DocumentRoot {directory}/site
<Directory {directory}/site>
  Require all granted
  Options +IncludesNOEXEC
  AddOutputFilterByType INCLUDES text/html
</Directory>
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def options(simulator: Simulator, directory: Path, **changes: t.Any) -> dict[str, t.Any]:
    given = {
        "portal_url": simulator.url,
        "portal_ca_path": simulator.portal_ca,
        "common_name": NAME,
        "image_path": str(directory / "mark2.gif"),
        "mark": "mark2",
        "image_url": "/mark2.gif",
        "snippet_path": str(directory / "seal.html"),
        **changes,
    }
    return {option: value for option, value in given.items() if value is not None}


@pytest.fixture(scope="module", params=["classic", "modern"])
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("portal"), skin=request.param) as simulator:
        yield simulator


def test_check_run_and_run_again(portal, tmp_path):
    modules = Modules(tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    predicted = modules.run("twca_seal", check=True, **options(portal, site)).json
    assert predicted["changed"]
    assert os.listdir(site) == []
    first = modules.run("twca_seal", **options(portal, site)).json
    assert {**predicted, "invocation": None} == {**first, "invocation": None}
    again = modules.run("twca_seal", **options(portal, site)).json
    assert (again["changed"], again["diff"]) == (False, [])
    assert (site / "mark2.gif").read_bytes().startswith(b"GIF8")
    assert first["image_source"].startswith(portal.url)


def test_without_a_picture_the_portal_is_left_alone(tmp_path):
    arguments = {"common_name": NAME, "image_url": "/a.gif", "portal_url": "https://nobody.invalid/"}
    result = Modules(tmp_path).run("twca_seal", **arguments).json
    assert (result["changed"], result["portal_requests"]) == (False, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mark": "mark9"}, "mark: the portal has no seal 'mark9' "),
        ({"image_url": "javascript:alert(1)"}, "image_url is 'javascript:alert(1)': "),
        ({"image_url": None}, "missing parameter(s) required by 'snippet_path': image_url"),
        (
            {"image_url": None, "image_path": None, "snippet_path": None},
            "one of the following is required: image_path, ",
        ),
        ({"portal_profile": {"pages": {"certificate_info": None}}}, "portal_profile: pages.certificate_info must be "),
        ({"snippet_path": "/no/such/directory/x"}, "cannot write /no/such/directory/x: No such file or directory"),
    ],
)
def test_what_is_wrong_is_one_sentence(portal, tmp_path, changes, sentence):
    result = Modules(tmp_path).run("twca_seal", **options(portal, tmp_path, **changes))
    assert result.failed
    assert result.json["msg"].startswith(sentence)
    assert "exception" not in result.json
    assert not list(tmp_path.glob("*.html")) + list(tmp_path.glob("*.gif"))


@pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")
@pytest.mark.parametrize("kind", ["nginx", "apache2"])
def test_visitors_see_the_seal_and_reach_the_portals_page(portal, tmp_path, kind):
    if not shutil.which(kind, path="/usr/sbin:/usr/bin"):
        pytest.skip(f"{kind} is not installed")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE, encoding="ascii")
    done = play(tmp_path, {"tasks": [{"twca.ssl.twca_seal": options(portal, site)}]})
    assert (done.rc, done.changed) == (0, 1), done.output
    issue(portal)
    with web_server(kind, tmp_path) as address:
        look(portal, address, tmp_path)


def look(portal: Simulator, address: str, scratch: Path) -> None:
    """Be a visitor. TWCA's host leads to the simulator, so the link is followed as it is written."""
    port = urllib.parse.urlsplit(portal.url).port
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", f"--host-resolver-rules=MAP ssl.taica.com.tw 127.0.0.1:{port}"],
        )
        with contextlib.closing(browser):
            visitor = browser.new_context(ignore_https_errors=True)
            page = visitor.new_page()
            page.goto(f"{address}/index.html")
            picture = page.get_by_role("img", name=f"TWCA SSL certificate of {NAME}")
            assert picture.is_visible()
            assert picture.evaluate("image => image.complete && image.naturalWidth") > 1
            page.screenshot(path=scratch / "seal.png")
            with visitor.expect_page() as opened:
                picture.click()
            portals = opened.value
            portals.wait_for_load_state("domcontentloaded")
            assert portals.url == f"https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS={NAME}"
            assert portals.evaluate("window.opener") is None
            text = portals.locator("body").inner_text()
            assert NAME in text
            assert "有效" in text
            assert page.url == f"{address}/index.html"


def issue(portal: Simulator) -> None:
    """Have the portal issue a certificate of the name, once."""
    from ansible_collections.twca.ssl.plugins.module_utils._pki import csr, keys

    subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.", None)
    request = rules.read_request(csr.build(keys.generate("ECC"), subject, (f"DNS:{NAME}",)))
    person = {"name": "王小明", "title": "專員", "company": "範例股份有限公司", "email": "wang@example.com.tw"}
    order = {"technical": person, "business": person, "billing": person, "payment": "匯款"}
    portal.office.commit_order(request, order, kind="apply", passphrase=office.hashed("5ecret-word"), renews=None)
    portal.approve(NAME)


@contextlib.contextmanager
def web_server(kind: str, directory: Path) -> t.Iterator[str]:
    """A web server with server side includes; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    temporary = "".join(f"{name}_temp_path {directory}/temporary;" for name in TEMPORARY)
    template = NGINX if kind == "nginx" else APACHE
    configuration = directory / "server.conf"
    configuration.write_text(template.format(directory=directory, port=port, temporary=temporary), encoding="ascii")
    options = ["-c", str(configuration)] if kind == "nginx" else ["-X", "-f", str(configuration)]
    # Workers that drop root must reach the files below a directory that pytest keeps private.
    for parent in (directory, *directory.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)
    server = subprocess.Popen([f"/usr/sbin/{kind}", *options])
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
