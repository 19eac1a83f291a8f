# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples for other programs: each is read by that program, or, where it is a service, by its schema or grammar, and what it runs is run."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import guides
import pytest
import yaml
from guides import ROOT, Example

EXAMPLES = guides.everything()


def named(name: str) -> Example:
    (found,) = (one for one in EXAMPLES if one.name == name)
    return found


def in_language(language: str) -> list[Example]:
    found = [one for one in EXAMPLES if one.language == language]
    assert found
    return found


# -- pipelines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "schema"),
    [(".gitlab-ci.yml", "vendor.gitlab-ci"), (".github/workflows/certificates.yml", "vendor.github-workflows")],
)
def test_a_pipeline_is_what_its_service_takes(name, schema, tmp_path):
    path = tmp_path / "pipeline.yml"
    path.write_text(named(name).text, encoding="utf-8")
    command = ["check-jsonschema", "--builtin-schema", schema, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


SUMMARY = '{"status": "waiting"}'


def pretended(directory: Path, status: int) -> None:
    """A renew.sh that ends with a status."""
    script = directory / "renew.sh"
    script.write_text(f"#!/bin/sh\necho playing\necho '{SUMMARY}'\nexit {status}\n", encoding="utf-8")
    script.chmod(0o755)


@pytest.mark.parametrize(("status", "ends"), [(0, 0), (75, 0), (1, 1), (2, 2)])
def test_the_step_at_github_tells_what_the_script_told(status, ends, tmp_path):
    (step,) = yaml.safe_load(named(".github/workflows/certificates.yml").text)["jobs"]["renew"]["steps"]
    pretended(tmp_path, status)
    script = tmp_path / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    summary = tmp_path / "summary.md"
    done = subprocess.run(
        step["shell"].format(script).split(),
        cwd=tmp_path,
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends, done.stderr
    assert json.loads(summary.read_text()) == json.loads(SUMMARY)
    assert ("::notice::" in done.stdout) == (status == 75)


def test_the_pipelines_know_the_scripts_statuses():
    meaning = named("renew.sh").text.splitlines()[1]
    assert re.findall(r"\b(\d+) ", meaning) == ["0", "75", "1"]
    job = yaml.safe_load(named(".gitlab-ci.yml").text)["certificates"]
    assert job["allow_failure"] == {"exit_codes": [75]}
    assert job["script"] == ["./renew.sh inventory.yml"]
    assert "SuccessExitStatus=75" in named("/etc/systemd/system/twca.service").text


def test_the_jenkinsfile_is_groovy_and_tells_what_the_script_told():
    from groovy_parser.parser import parse_groovy_content

    text = named("Jenkinsfile").text
    parse_groovy_content(text)
    assert "sh(script: './renew.sh inventory.yml', returnStatus: true)" in text
    assert re.findall(r"status ([!=]=) (\d+)\) \{ (\w+)\(", text) == [("==", "75", "unstable"), ("!=", "0", "error")]


# -- all of them -----------------------------------------------------------------------------------------------------

# Commands that are typed, and what shows that they are right.
COMMANDS = {
    "ansible-playbook": "test_examples",
    "ansible-galaxy": "the check of the archive, by make dist-check",
    "ansible-builder": "the same, with the file beside it",
    "ansible-rulebook": "tests/integration/eda",
    "ansible-vault": "any user's own",
    "ansible": "tests/unit/plugins/module_utils/_order/test_sentences.py: what messages say to run",
    "pip": "test_the_requirements_file_is_where_the_readme_says",
    "openssl": "test_a_pfx_file_comes_apart",
}
# The first guide is typed as it stands, by test_guides.
TYPED = "docs/docsite/rst/guide_first_certificate.rst"
LANGUAGES = {"yaml", "text", "console", "sh", "ini", "groovy", "nginx", "apache", "html", "xml"}


def test_no_example_is_of_a_kind_that_nothing_checks():
    assert {one.language for one in EXAMPLES} <= LANGUAGES
    for one in EXAMPLES:
        if one.language not in ("text", "console") or one.source == TYPED or one.text.startswith("/etc/twca/"):
            continue
        for line in one.text.splitlines():
            assert line.removeprefix("$ ").split()[0] in COMMANDS, one


def test_a_rulebook_that_is_named_exists():
    for one in EXAMPLES:
        for name in re.findall(r"--rulebook twca\.ssl\.(\w+)", one.text):
            assert (ROOT / f"extensions/eda/rulebooks/{name}.yml").exists(), one


def test_a_changelog_fragment_is_one(tmp_path):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^ +```yaml\n(.+?)^ +```$", text, re.MULTILINE | re.DOTALL)
    for name in ("galaxy.yml", "changelogs/config.yaml"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    fragment = tmp_path / "changelogs/fragments/1-words.yml"
    fragment.parent.mkdir()
    fragment.write_text(textwrap.dedent(example), encoding="utf-8")
    command = ["antsibull-changelog", "lint"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# -- servers ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[Path, Path]:
    """A certificate and its key."""
    directory = tmp_path_factory.mktemp("pair")
    certificate, key = directory / "cert.pem", directory / "key.pem"
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=www.example.com.tw -out {certificate} -keyout {key}".split(),
        capture_output=True,
        check=True,
    )
    return certificate, key


def with_snippet(text: str, directory: Path, name: str, content: str) -> str:
    """The example, including a snippet of the test's instead of the role's."""
    snippet = directory / name
    snippet.write_text(content, encoding="utf-8")
    changed = text.replace(f"/etc/twca-config/www.example.com.tw/{name}", str(snippet))
    assert changed != text
    return changed


def extra(role: str, field: str) -> str:
    """What a role's README gives as the rest of a server's block."""
    example = next(one for one in in_language("yaml") if one.source == f"roles/{role}/README.md")
    return yaml.safe_load(example.text)["twca_certificates"][0][field]


@pytest.mark.skipif(not os.access("/usr/sbin/nginx", os.X_OK), reason="nginx is not installed")
def test_nginx_takes_its_example(tmp_path, pair):
    (example,) = in_language("nginx")
    snippet = f"ssl_certificate {pair[0]};\nssl_certificate_key {pair[1]};\n{extra('nginx', 'nginx_extra')}"
    server = with_snippet(example.text, tmp_path, "nginx.conf", snippet).replace("443", "127.0.0.1:8443")
    configuration = tmp_path / "all.conf"
    configuration.write_text(
        f"error_log stderr;\npid {tmp_path}/pid;\nevents {{}}\nhttp {{ access_log off;\n{server}}}\n", encoding="utf-8"
    )
    command = ["/usr/sbin/nginx", "-t", "-q", "-p", tmp_path, "-c", configuration]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not os.access("/usr/sbin/apache2", os.X_OK), reason="apache2 is not installed")
def test_apache_takes_its_example(tmp_path, pair):
    (example,) = in_language("apache")
    snippet = f"SSLEngine on\nSSLCertificateFile {pair[0]}\nSSLCertificateKeyFile {pair[1]}\n{extra('apache', 'apache_extra')}\n"
    host = with_snippet(example.text, tmp_path, "apache.conf", snippet)
    modules = [
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "socache_shmcb", "ssl", "proxy", "proxy_http")
    ]
    settings = [f"ErrorLog {tmp_path}/error.log", f"PidFile {tmp_path}/pid", "Listen 127.0.0.1:8443", "ServerName test"]
    configuration = tmp_path / "all.conf"
    configuration.write_text("\n".join([*modules, f"DefaultRuntimeDir {tmp_path}", *settings, host]), encoding="utf-8")
    done = subprocess.run(["/usr/sbin/apache2", "-t", "-f", configuration], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_page_includes_the_seal_from_where_the_roles_serve_it():
    laid = {
        "nginx": ("plugins/module_utils/_servers/kinds/nginx.py", "location /twca-seal/", "seal.html"),
        "apache": ("plugins/module_utils/_servers/kinds/apache.py", "Alias /twca-seal/", "seal.html"),
        "iis": ("roles/iis/tasks/seal.yml", r"\\twca-seal\\{{ __twca_iis_this.file }}.html", "www.example.com.tw.html"),
    }
    seen = set()
    for example in in_language("html"):
        role = Path(example.source).parts[1]
        source, place, name = laid[role]
        assert place in (ROOT / source).read_text(encoding="utf-8")
        assert example.text == f'<!--#include virtual="/twca-seal/{name}" -->\n'
        seen.add(role)
    assert seen == set(laid)


def test_xml_is_well_formed():
    for example in in_language("xml"):
        ElementTree.fromstring(example.text)


# -- commands --------------------------------------------------------------------------------------------------------


def test_a_pfx_file_comes_apart(tmp_path, pair):
    certificate, key = pair
    subprocess.run(
        f"openssl pkcs12 -export -in {certificate} -inkey {key} -certfile {certificate} -passout pass:secret -out old.pfx".split(),
        cwd=tmp_path,
        check=True,
    )
    (example,) = (one for one in in_language("console") if "openssl pkcs12" in one.text)
    for line in example.text.splitlines():
        command = line.removeprefix("$ ").replace("pkcs12", "pkcs12 -passin pass:secret")
        subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True)

    def content(path: Path, *command: str) -> bytes:
        return subprocess.run(["openssl", *command, "-in", path], capture_output=True, check=True).stdout

    assert content(tmp_path / "old.key", "pkey", "-pubout") == content(key, "pkey", "-pubout")
    assert content(tmp_path / "old.crt", "x509") == content(certificate, "x509")
    assert (tmp_path / "intermediates.crt").read_text().count("BEGIN CERTIFICATE") == 1


def test_make_has_every_target_that_is_named():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("tests/*/README.md")]
    pages += [*guides.GUIDES.glob("*.rst"), *ROOT.glob("extensions/*/README.md")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        # As a command (on a line of its own) or in a sentence.
        found = re.findall(r"(?:^(?: {4}|\$ )|`)make ([a-z][a-z -]*)", text, re.MULTILINE)
        assert {target for one in found for target in one.split()} <= targets, page


def test_the_event_source_takes_the_endpoints(monkeypatch):
    source = ROOT / "extensions/eda/plugins/event_source/certificates.py"
    spec = importlib.util.spec_from_file_location("certificates", source)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where dataclasses look for it
    spec.loader.exec_module(module)
    variables = yaml.safe_load(named("endpoints.yml").text)
    found = [module.read_endpoint(one) for one in variables.pop("endpoints")]
    assert [(one.host, one.port, one.server_name) for one in found] == [
        ("www.example.com.tw", 443, "www.example.com.tw"),
        ("192.0.2.10", 8443, "shop.example.com.tw"),
    ]
    module.read_window(variables.pop("renew_within"))
    assert variables == {}


def test_the_requirements_file_is_where_the_readme_says():
    assert (ROOT / "requirements.txt").exists()
    wanted = "pip install -r ~/.ansible/collections/ansible_collections/twca/ssl/requirements.txt"
    for page in (ROOT / "README.md", ROOT / "README.zh-TW.md", guides.GUIDES / "guide_going_live.rst"):
        assert wanted in page.read_text(encoding="utf-8")
