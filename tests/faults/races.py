# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many at once on one name: one order; and nobody waits who need not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plays

from .bench import Bench
from .child import Child, Run, utils
from .scenes import MakePair, Order, Renew, Revoke
from .steps import Steps, do_not_wait
from .verdict import DUPLICATES, HANGS, LOST_KEYS, OTHER, Verdict
from .workers import Job

PROCESSES = 50
PLAYBOOKS = 5
_LIMIT = 500.0  # seconds for all of them


def jobs(_workers: int) -> list[Job]:
    found: list[Job] = [(race_for_the_order, (skin, shows)) for skin, shows in (("classic", False), ("modern", True))]
    alone: list[Job] = [(race_for_the_pair, ()), (stay_apart, ()), (outlive_the_dead, ()), (keep_other_hosts_out, ())]
    return [(race_playbooks, ()), *found, *alone]


def race_for_the_order(bench: Bench, skin: str, shows: bool, processes: int = PROCESSES) -> Verdict:
    """``processes`` runs with one CSR."""
    verdict = Verdict()
    scene = Order(bench, verdict, bench.simulator(skin, show_pending=shows))
    verdict.count("processes", processes)
    results = _all_at_once(scene, processes)
    scene.check_always()
    scene.demand(sum(bool(one.json.get("changed")) for one in results) == 1, "not just one of them ordered", DUPLICATES)
    scene.demand(
        all(one.status == "pending" for one in results),
        f"somebody failed: {[one.message for one in results if one.failed][:1]}",
    )
    scene.converge()
    return verdict


def race_for_the_pair(bench: Bench, processes: int = PROCESSES) -> Verdict:
    """``processes`` runs of twca_csr in one directory."""
    verdict = Verdict()
    scene = MakePair(bench, verdict, bench.simulator("modern"))
    verdict.count("processes", processes)
    results = _all_at_once(scene, processes)
    keys = {str(one.json.get("public_key_sha256")) for one in results}
    scene.demand(len(keys) == 1 and keys != {"None"}, f"{len(keys)} keys were told", LOST_KEYS)
    scene.converge()
    return verdict


def _all_at_once(scene: MakePair | Order, processes: int) -> list[Run]:
    running = [Child(scene.module, scene.options, do_not_wait) for _number in range(processes)]
    results = [one.finish(_LIMIT) for one in running]
    for one in results:
        scene.demand(not one.hung, "one of them hung", HANGS)
        scene.demand("Traceback" not in one.stderr + one.stdout, f"a traceback: {one.stderr[-800:]}")
    return results


def race_playbooks(bench: Bench) -> Verdict:
    """Separate runs of ansible-playbook for one name."""
    verdict = Verdict()
    simulator = bench.simulator("modern", show_pending=True)
    scene = Order(bench, verdict, simulator)
    scene.site.certificate_directory.remove_pending()
    options = {key: value for key, value in scene.options.items() if key != "csr_content"}
    tasks = [
        {"twca.ssl.twca_csr": scene.site.csr_options(), "register": "made"},
        {"twca.ssl.twca_certificate": {**_unsafe(options), "csr_content": "{{ made.csr }}"}},
    ]

    def play(number: int) -> plays.Run:
        folder = scene.site.place / f"play{number}"
        folder.mkdir()
        return plays.play(folder, {"tasks": tasks})

    with ThreadPoolExecutor(PLAYBOOKS) as pool:
        results = list(pool.map(play, range(PLAYBOOKS)))
    verdict.count("playbooks", PLAYBOOKS)
    for one in results:
        scene.demand(one.rc == 0, f"a playbook failed: {one.output[-800:]}")
    orders = simulator.office.store.rows("orders", name=scene.site.name)
    scene.demand(len(orders) == 1, f"{len(orders)} orders", DUPLICATES if len(orders) > 1 else OTHER)
    return verdict


def _unsafe(options: dict[str, object]) -> dict[str, object]:
    """A passphrase with braces is no template."""
    return {
        key: f"{{% raw %}}{value}{{% endraw %}}" if key == "passphrase" else value for key, value in options.items()
    }


def stay_apart(bench: Bench) -> Verdict:
    """While one name's lock is held, another name's run goes through."""
    verdict = Verdict()
    simulator = bench.simulator("modern")
    held, free = (Order(bench, verdict, simulator) for _number in range(2))
    free.options["state_dir"] = held.options["state_dir"]
    journal = utils("_order.journal").Journal(Path(held.options["state_dir"]))
    verdict.count("names side by side", 2)
    with journal.locked(held.site.name, timeout=1), held.site.certificate_directory.locked():
        free.demand(free.run().status == "pending", "it waits for another name", HANGS)
        pair = MakePair(bench, verdict, simulator)
        pair.demand(pair.run().json.get("needed"), "it waits for another directory", HANGS)
    return verdict


def outlive_the_dead(bench: Bench) -> Verdict:
    """A run that died with the lock in its hands does not keep others waiting."""
    verdict = Verdict()
    simulator = bench.simulator("modern")
    for kind in (Order, MakePair):
        point = 1
        while True:
            scene = kind(bench, verdict, simulator)
            steps = Steps(bench.place / "steps", point)
            scene.run(steps)
            if any(event["operation"] == "lock" for event in steps.events()):
                break
            point += 1
        verdict.count("stale locks")
        scene.demand(list(scene.site.place.rglob(".lock")), "no lock was left")
        scene.demand(not scene.run().failed, "it stands before the lock of a dead process", HANGS)
    return verdict


def keep_other_hosts_out(bench: Bench) -> Verdict:
    """On a file system that other hosts can mount nothing is sent, whoever was there first."""
    verdict = Verdict()
    simulator = bench.simulator("modern")
    for kind in (Order, Renew, Revoke):
        scene = kind(bench, verdict, simulator)
        simulator.office.store.delete("requests")
        run = scene.run(_on_a_network_file_system)
        verdict.count("shared state directories")
        scene.demand(run.failed and "nfs4" in run.message, "it goes on beside another host", DUPLICATES)
        scene.demand(not simulator.requests(), "something was sent", DUPLICATES)
        scene.converge()
    return verdict


def _on_a_network_file_system() -> None:
    utils("_store.mounts").shared_kind = lambda _path: "nfs4"
