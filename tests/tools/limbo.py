# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take over x509-limbo's vectors: ``python tests/tools/limbo.py limbo.json`` writes what tests/unit uses of them.

``limbo.json`` is a release's, or made by its own ``limbo compile``. Left out are client certificates, BetterTLS's thousands of
variations on name constraints, and what a test cannot say to :func:`chains.build`: a revocation list, a depth of one's own.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "unit/plugins/module_utils/_pki/limbo.json.gz"
_KEPT = ("id", "expected_result", "validation_time", "expected_peer_name", "peer_certificate", "untrusted_intermediates", "trusted_certs")  # fmt: skip


def main(source: Path) -> None:
    cases = [
        {key: case[key] for key in _KEPT}
        for case in json.loads(source.read_text(encoding="utf-8"))["testcases"]
        if case["validation_kind"] == "SERVER"
        and case["max_chain_depth"] is None
        and "has-crl" not in (case["features"] or ())
        and not case["id"].startswith("bettertls::")
    ]
    TARGET.write_bytes(gzip.compress(json.dumps(cases, ensure_ascii=False).encode(), mtime=0))
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
