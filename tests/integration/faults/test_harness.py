# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The harness behind ``make test-faults`` bites: with a safeguard taken out, it finds what the safeguard is for."""

from __future__ import annotations

import os
import typing as t

import pytest
from faults import crashes, late, mutations, owner, wire
from faults.bench import Bench
from faults.many import Many
from faults.power import Disk
from faults.scenes import (
    AsksAfter,
    AsksForUngiven,
    Collect,
    Install,
    InstallNext,
    OnePage,
    RenewAsksAfter,
    RenewOnePage,
    Scene,
    Stranger,
)
from faults.steps import Steps
from faults.verdict import Verdict


@pytest.fixture(scope="module")
def bench() -> t.Iterator[Bench]:
    with Bench() as one:
        yield one


@pytest.mark.parametrize("number", range(len(mutations.MUTATIONS)), ids=[one.name for one in mutations.MUTATIONS])
def test_a_missing_safeguard_is_found_out(bench: Bench, number: int) -> None:
    if not mutations.MUTATIONS[number].is_possible:
        pytest.skip("only root can try this")
    assert mutations.try_mutation(bench, number).violations == []


def test_with_every_safeguard_in_place_nothing_is_found(bench: Bench) -> None:
    wrong_key = next(kind for kind in wire.KINDS if kind.name == "wrong_key")
    seen = Verdict()
    for verdict in (
        crashes.kill(bench, Install, "modern", True, 5),
        crashes.kill(bench, Stranger, "modern", True),  # it is refused before its first step
        crashes.cut_power(bench, Install, "modern", True, 5),
        wire.strike(bench, Collect, "modern", True, wrong_key),
        late.strike(bench, OnePage, "classic", False, "proxy"),
        late.strike(bench, OnePage, "modern", True, "handshake"),
    ):
        seen.add(verdict)
    assert seen.violations == []
    assert seen.tried.keys() == {"crash points", "power losses", "faults", "slow connections", "followed by a run"}


@pytest.mark.parametrize("flow", [OnePage, RenewOnePage, AsksAfter, RenewAsksAfter, AsksForUngiven])
@pytest.mark.parametrize("shows", [True, False])
def test_wherever_the_portal_places_the_order_it_is_one(bench: Bench, flow: type[Scene], shows: bool) -> None:
    seen = Verdict()
    flow(bench, seen, bench.simulator("classic" if shows else "modern", show_pending=shows, **flow.portal)).converge()
    assert seen.violations == []


def test_many_certificates_outlive_a_crash(bench: Bench) -> None:
    seen = crashes.kill(bench, Many, "modern", False, 90)
    assert seen.violations == []
    assert seen.tried["crash points"] > 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be attacked by an owner")
@pytest.mark.parametrize("swap", owner.SWAPS)
def test_the_owner_of_a_directory_gets_nothing_of_roots(bench: Bench, swap: str) -> None:
    assert owner.attack(bench, InstallNext, swap, 4).violations == []


def test_the_disk_that_is_followed_is_the_real_one(bench: Bench) -> None:
    """What the steps of a run add up to is what stands on the disk, so what a power loss leaves of it can be believed."""
    scene = Install(bench, Verdict(), bench.simulator("modern"))
    disk, steps = Disk(scene.site.place), Steps(bench.place / "steps")
    scene.run(steps)
    disk.follow(steps.events())
    followed, real = disk.now(), Disk(scene.site.place).now()
    assert followed == real
    for tree in disk.after_power_loss():
        assert without_leftovers(tree) == real, "a run that has ended left something that is not flushed"


def without_leftovers(tree: dict[str, t.Any]) -> dict[str, t.Any]:
    """Less what was renamed to be deleted: that it is gone need not be flushed, since the next run deletes it."""
    return {
        name: (kind, mode, without_leftovers(content) if kind == "directory" else content)
        for name, (kind, mode, content) in tree.items()
        if not name.endswith(".twca-tmp")
    }
