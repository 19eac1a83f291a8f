# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small files from the web, such as revocation lists. What they say is signed, so plain HTTP will do."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

from .._errors import TwcaError

TIMEOUT = 10.0
MAX_BYTES = 16 * 1024 * 1024


def fetch(url: str, body: bytes | None = None, content_type: str = "") -> bytes:
    """Get ``url``, or post ``body`` to it. Proxies come from the environment.

    :raises TwcaError: it is no web address, nothing usable came within :data:`TIMEOUT` seconds for each step, or more than
        :data:`MAX_BYTES`.
    """
    if not url.lower().startswith(("http://", "https://")):
        raise TwcaError("not a web address")
    try:
        request = urllib.request.Request(url, body, {"Content-Type": content_type} if body else {})  # noqa: S310 - see above
        with urllib.request.build_opener().open(request, timeout=TIMEOUT) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
    except urllib.error.HTTPError as error:
        raise TwcaError(f"the server answered with status {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TwcaError(f"no answer ({getattr(error, 'reason', None) or error})") from None
    if len(data) > MAX_BYTES:
        raise TwcaError(f"the answer is larger than {MAX_BYTES} bytes")
    return data
