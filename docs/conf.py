# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx's configuration for ``make docs``. It builds without a network: no inventories of other sites are asked for."""

from __future__ import annotations

import typing as t

from docutils import nodes

if t.TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "twca.ssl"
copyright = "2026, the twca.ssl contributors"
html_title = "Ansible collection twca.ssl"
extensions = ["sphinx_antsibull_ext", "myst_parser"]  # the threat model is in Markdown
html_theme = "sphinx_ansible_theme"
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
html_copy_source = False
html_show_sphinx = False
html_use_index = False

# What antsibull-docs refers to in Ansible's own documentation.
_ANSIBLE = {
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "action_plugins": "plugins/action.html",
    "ansible_collections.ansible.builtin.free_strategy": "collections/ansible/builtin/free_strategy.html",
}


def _refer(_app: Sphinx, _env: t.Any, node: nodes.Element, content: nodes.TextElement) -> nodes.Node | None:
    page = _ANSIBLE.get(node["reftarget"])
    if page is None:
        return None
    return nodes.reference("", "", content, internal=False, refuri=f"https://docs.ansible.com/ansible/latest/{page}")


def setup(app: Sphinx) -> None:
    app.connect("missing-reference", _refer)
