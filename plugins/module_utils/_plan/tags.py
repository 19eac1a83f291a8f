# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags that a run is limited to: what they allow, and those that would let it end well without having done anything."""

from __future__ import annotations

import typing as t

#: What a tag of a step needs before it has that tag too, so that Ansible skips it together with the step.
STEPS = ("look", "order", "install")
_ALL = ("all", "tagged")


def may_order(own: t.Iterable[str], run: t.Collection[str], skipped: t.Collection[str] = ()) -> bool:
    """Whether a run with these tags orders.

    :param own: the tags of a task of ours: ``STEPS``, and those of the user's role, play or import.
    :param run: ``ansible_run_tags``.
    :param skipped: ``ansible_skip_tags``.
    """
    tags = {tag for tag in own if tag not in STEPS or tag == "order"}
    return not tags.intersection(skipped) and any(tag in _ALL or tag in tags for tag in run)


def refusal(playbook: str, known: t.Sequence[str], run: t.Iterable[str], skipped: t.Iterable[str]) -> str | None:
    """Why a run of a playbook with these tags must not go on, in a sentence; ``None``: it may.

    :param playbook: its name.
    :param known: the tags that it has.
    """
    unknown = [tag for tag in run if tag not in (*known, *_ALL)] + [tag for tag in skipped if tag not in known]
    if not known and unknown:
        return f"The playbook {playbook} has no tags ({', '.join(unknown)}), since all its steps belong together: run it without."
    if unknown:
        return f"The playbook {playbook} has no tag {', '.join(unknown)}; it has {', '.join(known)}. Nothing was done."
    steps = [tag for tag in skipped if tag in STEPS]
    if steps:
        return (
            f"--skip-tags {','.join(steps)} would skip the look that every step begins with: "
            f"say with --tags what is to be done. The playbook {playbook} has {', '.join(known)}. Nothing was done."
        )
    return None
