# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
sys.modules["cryptography"] = None
sys.path.insert(0, {tests!r})
import conftest
from ansible_collections.twca.ssl.plugins.module_utils._errors import MissingLibraryError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, chains, csr, keys, names, pkcs12
for use in (lambda: keys.load(b"a key"), lambda: keys.generate("RSA"), lambda: csr.load("-----BEGIN CERTIFICATE REQUEST-----\\n"
            "-----END CERTIFICATE REQUEST-----"), lambda: certificates.load_any(bytes([48, 130]))):
    try:
        use()
    except MissingLibraryError as error:
        print(error.library, "No module named" in error.reason or "halted" in error.reason)
"""


def test_without_the_library_everything_imports_and_the_first_use_says_what_is_missing():
    tests = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(tests=str(tests))], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("cryptography True\n" * 4, "")


@pytest.mark.parametrize("heavy", ["pkcs12", "pkcs7", "ocsp"])
def test_parts_that_few_need_are_not_imported_at_once(heavy):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[3])!r}); import conftest\n"
        "from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, chains, csr, keys, names\n"
        f"print([name for name in sys.modules if name.startswith('cryptography.') and name.endswith('.{heavy}')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
