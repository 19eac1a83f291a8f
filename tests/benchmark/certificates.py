# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in directories: a thousand inspected, and the start of the modules that do it."""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import pki_factory as pki
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from modules import Modules

from .measure import Results, cpu, exponent, medians
from .plays import Plays

MANY = 1000
# The loop of the other collection takes so long for each that a part of it is run; it is linear.
LOOPED = 20
# openssl x509 reads one certificate a process, as every shell script does that looks at many.
SHELL = """
for certificate in "$0"/*/live/cert.pem; do
    openssl x509 -in "$certificate" -noout -subject -issuer -serial -dates -ext subjectAltName -fingerprint -sha256
done
"""


def run(results: Results, repeats: int, plays: Plays) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch) / "live"
        directories = _directories(base, MANY)
        _inspect(results, repeats, plays, base, directories)
        _grow(results, repeats, Path(scratch), directories)
        _start(results, repeats, Path(scratch))


def _directories(base: Path, number: int) -> list[Path]:
    """Certificate directories, each with a key and a certificate of its own."""
    made = []
    for n in range(number):
        name = f"www{n}.example.com.tw"
        path = base / name
        path.mkdir(parents=True)
        key = pki.new_key()
        directory = CertificateDirectory(path)
        directory.switch(
            directory.add_version(pki.key_pem(key), pki.authority().leaf(key, [name]), pki.authority().chain)
        )
        made.append(path)
    return made


def _inspect(results: Results, repeats: int, plays: Plays, base: Path, directories: list[Path]) -> None:
    paths = [str(path) for path in directories]
    ours = plays.task({"twca.ssl.twca_certificate_info": {"directories": paths}})
    loop = {
        "community.crypto.x509_certificate_info": {"path": "{{ item }}/live/cert.pem"},
        "loop": paths[:LOOPED],
    }
    looped, alone = plays.task(loop), plays.task({**loop, "loop": paths[:1]})
    own, long, short = medians(repeats, ours, looped, alone)
    each = (long - short) / (LOOPED - 1)
    results.add(
        f"{MANY:,} certificates, against a loop of community.crypto.x509_certificate_info",
        each * MANY / own,
        unit="× faster",
        bound=50,
        at_most=False,
        detail=f"{own:.1f} s against {each * MANY:.0f} s, measured on {LOOPED}",
    )
    module = _module(base.parent, "twca_certificate_info", directories=paths)
    own, shell = medians(repeats, module, lambda: _quiet(["sh", "-c", SHELL, str(base)]))
    results.add(
        f"{MANY:,} certificates, against openssl x509 in a shell",
        own / shell,
        bound=1,
        detail=f"{own:.2f} s against {shell:.2f} s; chains and keys are checked in this time, which openssl x509 does not",
    )


def _grow(results: Results, repeats: int, scratch: Path, directories: list[Path]) -> None:
    """The cost against the number of certificates on one host, of the look that is taken every day and of the close one."""
    for name, module, options in (
        ("certificates on one host: the daily look", "twca_due_info", _looks),
        ("certificates on one host: twca_certificate_info", "twca_certificate_info", _paths),
    ):
        numbers = [MANY // 8, MANY // 4, MANY // 2, MANY]
        costs = medians(repeats, *(_module(scratch, module, **options(directories[:number])) for number in numbers))
        curve = dict(zip(numbers, costs))
        results.curves[name] = curve
        results.add(f"exponent of the cost, {name}", exponent(curve), unit="", bound=1.05)


def _paths(directories: list[Path]) -> dict[str, t.Any]:
    return {"directories": [str(path) for path in directories]}


def _looks(directories: list[Path]) -> dict[str, t.Any]:
    wanted = {"key_type": "ECC", "state_or_province": "Taiwan"}
    return {
        "certificates": [
            {"directory": str(path), "wanted": {**wanted, "common_name": path.name}} for path in directories
        ]
    }


def _start(results: Results, repeats: int, scratch: Path) -> None:
    """Processor time of a module with next to nothing to do."""
    (directory,) = _directories(scratch / "one", 1)
    look = _module(scratch, "twca_due_info", **_looks([directory]))
    request = _module(scratch, "twca_csr", directory=str(directory), common_name=directory.name, key_type="ECC")
    library = "import cryptography.x509"
    # What no module can do without: ansible-core's own part of every module.
    floor = "import ansible.module_utils.basic"
    bare, least, both = ([sys.executable, "-c", statements] for statements in (library, floor, f"{floor}; {library}"))
    *own, one, basic, floor_and_library = medians(
        repeats, look, request, *(functools.partial(_quiet, argv) for argv in (bare, least, both)), clock=cpu
    )
    for name, cost in zip(("twca_due_info, which every host runs every day", "twca_csr, which finds nothing due"), own):
        results.add(
            f"start of {name}, against python -c '{library}'",
            cost / one,
            unit="× CPU",
            bound=1.3,
            detail=f"{cost * 1000:.0f} ms against {one * 1000:.0f} ms; ansible.module_utils.basic alone, which ansible-core "
            f"imports for every module, takes {basic * 1000:.0f} ms, and both {floor_and_library * 1000:.0f} ms",
        )


def _module(scratch: Path, name: str, **options: t.Any) -> t.Callable[[], object]:
    modules = Modules(scratch)

    def run() -> None:
        result = modules.finish(modules.start(name, **options))
        assert not result.failed, result

    return run


def _quiet(argv: list[str]) -> None:
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
