#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_print
short_description: Make a PDF of each page that has none, or an older one
version_added: 0.1.0
description:
  - Makes PDF files of HTML pages with WeasyPrint, each beside its page, readable by its owner only.
  - It goes by the files' times rather than by what a run changed, so that a run that broke off between page and PDF is made good by the next.
  - It is a part of the role P(twca.ssl.forms#role).
options:
  directory:
    description: Where the pages are.
    type: path
    required: true
  pages:
    description: The pages, relative to O(directory), without their ending C(.html).
    type: list
    elements: str
    required: true
  command:
    description: WeasyPrint's command.
    type: str
    default: weasyprint
  required:
    description: Fail where the command does not run.
    type: bool
    default: false
extends_documentation_fragment:
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
  platform:
    support: full
    platforms: posix
requirements:
  - Python >= 3.9
  - WeasyPrint
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Make a PDF of the application form
  twca.ssl.twca_print:
    directory: /srv/twca/forms
    pages:
      - www.example.com.tw/application
"""

RETURN = r"""
available:
  description: Whether the command runs.
  returned: success
  type: bool
printed:
  description: The PDF files that were made, or would be in check mode.
  returned: success
  type: list
  elements: str
"""

import os
import tempfile
from pathlib import Path

from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported


def runs(module: DiscreetModule) -> bool:
    """Whether the command is there and works."""
    try:
        code, _output, _errors = module.run_command([module.params["command"], "--version"], handle_exceptions=False)
    except OSError:
        return False
    return bool(code == 0)


def is_wanted(page: Path, pdf: Path) -> bool:
    """Whether the PDF is missing or older than its page; a page that is missing too is one that check mode did not write."""
    return not page.exists() or not pdf.exists() or pdf.stat().st_mtime_ns < page.stat().st_mtime_ns


def print_page(module: DiscreetModule, page: Path, pdf: Path) -> None:
    """Make the PDF beside its place, and put it there once it is whole."""
    # Many hosts may have one portal host, so the name is nobody else's; nobody else can read it either.
    handle, new = tempfile.mkstemp(dir=pdf.parent, prefix=f".{pdf.name}.")
    os.close(handle)
    try:
        code, _output, errors = module.run_command([module.params["command"], "--quiet", str(page), new])
        if code != 0:
            module.fail_json(f"{module.params['command']} made no PDF of {page}: {errors.strip()}")
        os.replace(new, pdf)
    finally:
        Path(new).unlink(missing_ok=True)


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "pages": {"type": "list", "elements": "str", "required": True},
            "command": {"type": "str", "default": "weasyprint"},
            "required": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    with reported(module):
        command = module.params["command"]
        if not runs(module):
            if module.params["required"]:
                module.fail_json(f"{command} does not run: install it (pip install weasyprint), or give its path.")
            module.exit_json(changed=False, available=False, printed=[])
        pages = [Path(module.params["directory"]) / f"{page}.html" for page in module.params["pages"]]
        wanted = [(page, pdf) for page in pages if is_wanted(page, pdf := page.with_suffix(".pdf"))]
        if not module.check_mode:
            for page, pdf in wanted:
                print_page(module, page, pdf)
        module.exit_json(changed=bool(wanted), available=True, printed=[str(pdf) for _page, pdf in wanted])


if __name__ == "__main__":
    main()
