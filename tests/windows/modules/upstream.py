# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files beneath ``ansible_collections`` that were ported: of ansible.windows 3.8.0 and microsoft.iis 1.3.0."""

SHA256 = {
    "ansible/windows/plugins/action/win_copy.py": "7cee770db2eca5ad3d5b394dde2cc31a6168073348d963a08db69ebe1ffb92bd",
    "ansible/windows/plugins/modules/slurp.ps1": "2d473bb0c83cbe52f1714e92f756e0bb5a3aa907288f459c98c4ca6881c8b8e5",
    "ansible/windows/plugins/modules/win_certificate_info.ps1": "d770e9692de0cb53a9d59cf2dbc9e624e725e89067c79277f5da4cd66592fec2",
    "ansible/windows/plugins/modules/win_certificate_store.ps1": "b344d16c6bfe6a55e65c8e45a3836cc741cee4bee598cbcaa912d1cb8c703757",
    "ansible/windows/plugins/modules/win_copy.ps1": "8870f7395cb1c013ea1e8725a18e9e0db6b9ef504d6ecfa610b5b8f02ffd6cff",
    "ansible/windows/plugins/modules/win_file.ps1": "5ba05e6df8d2d484cc1569adf109df443b9100025fe7881d26a97b73cc7f7b37",
    "ansible/windows/plugins/modules/win_ping.ps1": "fb9994426f6947b20d29dd5933e79b948fe2428f309e73313d2900258e2ee11f",
    "ansible/windows/plugins/modules/win_stat.ps1": "283f2f3a32c2dc467ffbaa6a6375c871b28160ddbc128efc398aad6e73e0f996",
    "microsoft/iis/plugins/modules/website.ps1": "62f9cbc80c632d085c5816d6e0c9f8136e415f52398c99b014ee0abf8a9447e6",
    "microsoft/iis/plugins/modules/website_info.ps1": "f8de830b78ee6a8626492495ec8794bfbe5ea88f08dabee4452b4935dc2dbe14",
}
