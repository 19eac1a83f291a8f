# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms as people get them: made by ansible-playbook, opened in Chromium, printed by it and by WeasyPrint.

Screenshots and PDFs stay in ``tests/output/forms`` to be looked at.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import stat
import subprocess
import typing as t
from pathlib import Path

import pytest
from browser import chromium, pages
from plays import ROOT, Run, play

pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="Chromium is not installed"),
    pytest.mark.skipif(shutil.which("weasyprint") is None, reason="WeasyPrint is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"),
]
OUTPUT = ROOT / "tests" / "output" / "forms"
PASSPHRASE = "Never-On-Paper-1"
NAME = "www.example.com.tw"
SERIAL = 0x5F3A9C0178D2E4B6A1907F33C8D51E42


def contact(name: str, email: str, **more: str) -> dict[str, str]:
    return {
        "name": name,
        "title": "系統工程師",
        "company": "範例貿易股份有限公司",
        "tax_id": "70759028",
        "city": "台北市",
        "address": "延平南路85號10樓",
        "postal_code": "100",
        "phone": "(02)23708886#9",
        "fax": "(02)23700728",
        "email": email,
        **more,
    }


def variables(directory: Path) -> dict[str, t.Any]:
    """What a user would write, of common lengths, with characters that Big5 lacks."""
    return {
        "twca_forms_directory": str(directory / "forms"),
        "twca_forms": ["application", "test", "authorization"],
        "twca_forms_revocations": [
            {"common_name": NAME, "serial_number": f"{SERIAL:X}", "reason": "superseded"},
        ],
        "twca_forms_domain_owners": {
            NAME: {
                "company": "範例控股",
                "tax_id": "12345675",
                "address": "臺北市松仁路100號",
                "phone": "(02)27200000",
            },
        },
        "twca_organization": {
            "organization": "Example Trading Co., Ltd.",
            "organizational_unit": "IT Department",
            "locality": "Taipei",
            "state_or_province": "Taiwan",
        },
        "twca_contacts": {
            "technical": contact("王堃喆", "service@example.com.tw"),
            "business": contact("許功蓋", "cio@example.com.tw", title="資訊長", phone="(02)23708886#12"),
            "billing": {"same_as": "business"},
        },
        "twca_payment_method": "銀行匯款",
        "twca_certificates": [
            {
                "common_name": NAME,
                "subject_alt_name": ["example.com.tw", "api.example.com.tw"],
                "server_software": "Nginx",
                "operation": "renew",
                "passphrase": PASSPHRASE,
            }
        ],
    }


def hostile(directory: Path) -> dict[str, t.Any]:
    """The longest and worst values that the checks let through."""
    long_name = "h" * 63
    common_name = f"www.{'a' * 45}.example.com.tw"
    markup = "<b id=broken>&amp;\"'</b><script>alert(1)</script>"
    person = {
        "title": f"經理{markup}",
        "company": f"股份有限公司{markup}",
        "city": "高雄市<i>",
        "address": ("巷弄之間" * 50)[: 200 - len(markup)] + markup,
        "email": f"{'e' * 40}&'{'m' * 20}@{long_name}.{long_name}.example.com.tw",
    }
    values = variables(directory)
    values["twca_organization"] = {
        "organization": "O <script>alert(2)</script>&\"'".ljust(64, "o"),
        "organizational_unit": "U" * 64,
        "locality": "L" * 128,
        "state_or_province": "S" * 128,
    }
    values["twca_contacts"] = {
        "technical": contact(f"王堃喆{markup}", **person),
        "business": contact(f"許功蓋{markup}", **person),
        "billing": {field: value for field, value in contact(f"碁{markup}", **person).items() if field != "tax_id"},
    }
    values["twca_certificates"] = [
        {
            "common_name": common_name,
            "subject_alt_name": [f"{number}.{long_name}.example.com.tw" for number in range(20)],
            "server_software": markup,
            "payment_method": markup,
            "passphrase": PASSPHRASE,
        }
    ]
    values["twca_forms_revocations"] = [
        {
            "common_name": common_name,
            "serial_number": "F" * 40,
            "reason": f"重新核發{markup}",
            "not_before": "2026-05-10T03:00:00Z",
            "not_after": "2026-11-23T16:00:00Z",
        }
    ]
    owner = {"company": f"控股{markup}", "tax_id": "12345675", "address": person["address"], "phone": "(02)27200000"}
    values["twca_forms_domain_owners"] = {common_name: owner}
    values["twca_forms_date"] = "2026-11-23"
    return values


def render(directory: Path, values: dict[str, t.Any], *arguments: str) -> Run:
    return play(directory, {"roles": ["twca.ssl.forms"], "vars": values}, *arguments)


class Forms(t.NamedTuple):
    values: dict[str, t.Any]
    run: Run
    files: dict[str, Path]  # by kind, without ending


@pytest.fixture(scope="module", params=[variables, hostile], ids=["common", "hostile"])
def forms(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Forms:
    directory = tmp_path_factory.mktemp("forms")
    values = request.param(directory)
    run = render(directory, values)
    assert run.rc == 0, run.output
    found = {page.stem.partition("-")[0]: page.with_suffix("") for page in (directory / "forms").glob("*/*.html")}
    output = OUTPUT / request.param.__name__
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(directory / "forms", output)
    return Forms(values, run, found)


def squeezed(text: str) -> str:
    """Text as it is compared: line breaks and gaps are the layout's."""
    return re.sub(r"\s+", "", text)


def wanted(kind: str, values: dict[str, t.Any]) -> list[str]:
    """Everything that must stand on a form."""
    (certificate,) = values["twca_certificates"]
    people = values["twca_contacts"]
    texts = [certificate["common_name"], people["business"]["company"], people["business"]["tax_id"]]
    if kind in ("application", "test"):
        texts += [*certificate["subject_alt_name"], *values["twca_organization"].values(), "TW", "RSA 2048"]
        texts += [certificate["server_software"]]
    if kind in ("application", "test", "revocation"):
        texts += [*people["technical"].values(), *people["business"].values(), "(02)2370-0728", "公司大章"]
    if kind == "application":
        billing = people["billing"]
        texts += people["business"].values() if "same_as" in billing else billing.values()
        texts += [certificate.get("payment_method") or values["twca_payment_method"]]
    if kind == "authorization":
        texts += [
            *certificate["subject_alt_name"],
            *values["twca_forms_domain_owners"][certificate["common_name"]].values(),
        ]
    if kind == "revocation":
        (revocation,) = values["twca_forms_revocations"]
        number = int(revocation["serial_number"], 16)
        texts += [str(number), f"{number:X}"]
        texts += ["■憑證已由新憑證取代"] if revocation["reason"] == "superseded" else ["■其他：" + revocation["reason"]]
    return texts


def pdf_text(pdf: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_all_four_are_there_as_page_and_pdf(forms: Forms):
    assert set(forms.files) == {"application", "test", "authorization", "revocation"}
    for path in forms.files.values():
        assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")


def test_pages_show_every_variable_and_run_nothing(forms: Forms):
    with pages() as open_page:
        for kind, path in forms.files.items():
            page = open_page(path.with_suffix(".html"))
            text = squeezed(page.inner_text("body"))
            assert [value for value in wanted(kind, forms.values) if squeezed(value) not in text] == []
            assert page.locator("script, b, i, img, a, iframe, object").count() == 0
            assert page.get_attribute("html", "lang") == "zh-Hant-TW"


def test_nothing_overflows_its_cell(forms: Forms):
    with pages(viewport={"width": 794, "height": 1123}) as open_page:
        for kind, path in forms.files.items():
            page = open_page(path.with_suffix(".html"))
            page.emulate_media(media="print")
            page.screenshot(path=OUTPUT / f"{path.parent.name[:20]}-{kind}.png", full_page=True)
            outside = page.evaluate(
                """() => [...document.querySelectorAll("th, td, p, li, h1, table")].filter((element) => {
                    const range = document.createRange();
                    range.selectNodeContents(element);
                    const box = element.getBoundingClientRect();
                    const inner = range.getBoundingClientRect();
                    return inner.width && (inner.right > box.right + 1 || inner.left < box.left - 1
                        || box.right > document.documentElement.clientWidth + 1);
                }).map((element) => element.textContent)"""
            )
            assert outside == []


def test_paper_shows_every_variable_on_at_most_two_a4_pages(forms: Forms, tmp_path: Path):
    with pages() as open_page:
        for kind, path in forms.files.items():
            printed = tmp_path / f"{kind}.pdf"
            open_page(path.with_suffix(".html")).pdf(path=printed, prefer_css_page_size=True)
            for pdf in (path.with_suffix(".pdf"), printed):
                information = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
                count = int(re.search(r"Pages:\s+(\d+)", information)[1])
                assert "(A4)" in information
                assert count <= (1 if forms.values["twca_certificates"][0]["common_name"] == NAME else 2), pdf
                text = pdf_text(pdf)
                assert [value for value in wanted(kind, forms.values) if squeezed(value) not in squeezed(text)] == []
                for number in range(1, count + 1):
                    assert f"第{number}頁，共{count}頁" in squeezed(text)


def test_boxes_are_ticked_as_the_variables_say(forms: Forms):
    (certificate,) = forms.values["twca_certificates"]
    page = squeezed(forms.files["application"].with_suffix(".html").read_text(encoding="utf-8"))
    renewal = certificate.get("operation") == "renew"
    assert "□首次（增購）申請" in page
    assert ("■更新（展期）憑證" if renewal else "□更新（展期）憑證") in page
    same = "same_as" in forms.values["twca_contacts"]["billing"]
    assert ("■與業務聯絡人相同" if same else "■兩者皆否") in page
    assert "□與技術聯絡人相同" in page


def test_the_date_stands_in_both_calendars_or_is_left_open(forms: Forms):
    with pages() as open_page:
        text = squeezed(open_page(forms.files["application"].with_suffix(".html")).inner_text("body"))
    dated = "twca_forms_date" in forms.values
    assert ("中華民國115年11月23日（西元2026年11月23日）" if dated else "中華民國年月日（西元年月日）") in text


def test_the_validity_is_in_taipeis_time(forms: Forms):
    page = forms.files["revocation"].with_suffix(".html").read_text(encoding="utf-8")
    assert ("2026-05-10 11:00:00 至 2026-11-24 00:00:00" in page) == ("not_after" in str(forms.values))


def test_only_their_owner_can_read_them(forms: Forms):
    for path in forms.files.values():
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for ending in (".html", ".pdf"):
            assert stat.S_IMODE(path.with_suffix(ending).stat().st_mode) == 0o600


def one_form(directory: Path) -> dict[str, t.Any]:
    return {**variables(directory), "twca_forms": ["application"], "twca_forms_revocations": []}


def test_a_second_run_changes_nothing_and_a_lost_or_older_pdf_is_made_again_the_same(tmp_path: Path):
    assert render(tmp_path, one_form(tmp_path)).changed == 3  # directories, page, PDF
    folder = tmp_path / "forms" / NAME
    pdf = folder / "application.pdf"
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}

    assert render(tmp_path, one_form(tmp_path)).changed == 0
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()} == before

    os.utime(pdf, (0, 0))
    assert render(tmp_path, one_form(tmp_path)).changed == 1
    assert pdf.read_bytes() == before[pdf][1]

    pdf.unlink()
    assert render(tmp_path, one_form(tmp_path)).changed == 1
    assert pdf.read_bytes() == before[pdf][1]
    assert sorted(path.name for path in folder.iterdir()) == ["application.html", "application.pdf"]


def test_check_mode_foresees_and_writes_nothing(tmp_path: Path):
    run = render(tmp_path, variables(tmp_path), "--check", "--diff")
    assert run.rc == 0, run.output
    assert run.changed > 0
    assert "+<h1>" in run.output
    assert not (tmp_path / "forms").exists()


def test_no_passphrase_is_told_anywhere(tmp_path: Path):
    run = render(tmp_path, variables(tmp_path), "-vvvv", "--diff")
    assert run.rc == 0, run.output
    assert PASSPHRASE not in run.output
    for path in (tmp_path / "forms").glob("*/*"):
        assert PASSPHRASE.encode() not in path.read_bytes()


def test_without_weasyprint_there_are_pages_and_a_sentence(tmp_path: Path):
    run = render(tmp_path, {**one_form(tmp_path), "twca_forms_weasyprint": "no-such-weasyprint"})
    assert run.rc == 0, run.output
    assert "no-such-weasyprint does not run on localhost, so no PDF was made" in run.output
    assert [path.name for path in (tmp_path / "forms" / NAME).iterdir()] == ["application.html"]


def test_pdf_can_be_demanded_or_declined(tmp_path: Path):
    values = {**one_form(tmp_path), "twca_forms_weasyprint": "no-such-weasyprint"}
    assert render(tmp_path, {**values, "twca_forms_pdf": "always"}).rc != 0
    declined = render(tmp_path, {**values, "twca_forms_pdf": "never"})
    assert declined.rc == 0
    assert "no-such-weasyprint" not in declined.output


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"twca_contacts": {}}, "twca_contacts.technical is missing"),
        (
            {"twca_forms": ["invoice"]},
            "twca_forms[0] is text ('invoice'), and must be one of application, test, authorization.",
        ),
        ({"twca_forms_revocations": [{"common_name": NAME, "serial_number": "1033716735"}]}, "may be decimal"),
        ({"twca_forms_date": "tomorrow"}, "YYYY-MM-DD"),
    ],
)
def test_mistakes_are_said_in_a_sentence_and_nothing_is_written(tmp_path: Path, change: dict, sentence: str):
    run = render(tmp_path, {**variables(tmp_path), **change})
    assert run.rc != 0
    assert sentence in run.output
    assert "Traceback" not in run.output
    assert not (tmp_path / "forms").exists()


@pytest.mark.parametrize("given", ["certificate_path", "certificate_content"])
def test_the_serial_number_is_read_from_the_certificate(tmp_path: Path, given: str):
    certificate = tmp_path / "cert.pem"
    certificate.write_bytes(self_signed(NAME, SERIAL))
    revocation = {
        "common_name": NAME,
        given: str(certificate) if given == "certificate_path" else certificate.read_text(),
    }
    values = {
        **variables(tmp_path),
        "twca_forms": [],
        "twca_forms_revocations": [revocation],
        "twca_forms_pdf": "never",
    }
    run = render(tmp_path, values)
    assert run.rc == 0, run.output
    page = (tmp_path / "forms" / NAME / f"revocation-{SERIAL:X}.html").read_text(encoding="utf-8")
    assert str(SERIAL) in page
    assert "2026-05-10 08:00:00 至 2026-11-23 08:00:00" in page


def self_signed(common_name: str, serial_number: int) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    return (
        x509.CertificateBuilder(name, name, key.public_key(), serial_number)
        .not_valid_before(datetime.datetime(2026, 5, 10))
        .not_valid_after(datetime.datetime(2026, 11, 23))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
