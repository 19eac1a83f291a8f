# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that are killed, cut off and raced: what stands before each, what is run, and what must hold whatever happened."""

from __future__ import annotations

import hashlib
import re
import time
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from simulator import Simulator, rules
from simulator.store import now

from .bench import PASSPHRASE, Bench, Site
from .child import Run, run, utils
from .verdict import DUPLICATES, HANGS, LEAKS, LOST_KEYS, MISMATCHED, OTHER, Verdict

_PICTURE = (Path(rules.__file__).parent / "static/seals/mark1.gif").read_bytes()
# What a sentence says that leaves the decision to a person: the words to tell the journal with.
_DECIDE = re.compile(r"twca\.ssl\.twca_order: common_name=(\S+) public_key_sha256=([0-9a-f]+) state=(\w+)")
_BEGINNING = 8  # characters by which a key is named
_GAVE_UP = "did not answer within"  # what a run says whose request may still be at work
_LATE = 4.0  # seconds after which it is not
_PASSING = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z|wizard/\w+|[0-9A-F]{16,}|\b\d+\b|/dev/shm/\S+|/tmp/\S+|www\d+")


class Scene:
    """One task on one fresh site; :meth:`run` may be called again and again."""

    module: str
    portal: t.ClassVar[dict[str, t.Any]] = {}  # settings of the simulator
    changes_portal = False  # so that a run cannot be had again by putting the files back

    def __init__(self, bench: Bench, verdict: Verdict, simulator: Simulator) -> None:
        self.bench = bench
        self.verdict = verdict
        self.simulator = simulator
        self.site: Site = bench.site()
        self.story: list[str] = []
        self.keys: set[str] = set()  # hashes of the keys that must never be lost
        self.options: dict[str, t.Any] = {}
        self.prepare()

    @property
    def names(self) -> list[str]:
        """The names that the task gets certificates for."""
        return [self.site.name]

    def prepare(self) -> None:
        """What stands before the task; sets :attr:`options`."""

    def run(self, watch: t.Callable[[], None] | None = None, **options: t.Any) -> Run:
        """Run the module, and look at all that must hold at any time."""
        result = run(self.module, {**self.options, **options}, watch)
        self.story.append(str(result)[:400])
        self._check_manners(result)
        self.check_always()
        return result

    def converge(self, *, to_the_end: bool = True) -> None:
        """Run on, without trouble, until the task is done; blame what stands in the way.

        :param to_the_end: False: until nothing can go wrong any more that another scene does not try.
        """
        raise NotImplementedError

    def traces(self) -> tuple[t.Any, ...]:
        """All that a later run can find of an earlier one, on the disk and at the portal; the journal's folders and locks say nothing."""
        found: dict[Path, t.Any] = {}
        for path in self.site.place.rglob("*"):
            if path.is_symlink():
                found[path] = path.readlink()
            elif path.is_dir():
                found.update({} if self.site.state in path.parents else {path: None})
            elif path.name != ".lock":
                found[path] = path.read_bytes()
        rows = self.simulator.office.store.rows
        return found, *(sum(len(rows(table, name=name)) for name in self.names) for table in ("orders", "revocations"))

    def decide(self, message: str, key: str) -> bool:
        """The person whom a message leaves a decision to asks TWCA, and tells the journal the truth in the message's own words; whether it has any."""
        state = "placed" if self.simulator.office.store.rows("orders", key=key) else "not_placed"
        words = {state: (name, beginning) for name, beginning, state in _DECIDE.findall(message)}
        if not any(key.startswith(beginning) for _name, beginning in words.values()):
            return False
        name, _beginning = words.get(state, next(iter(words.values())))
        beginning = words[state][1] if state in words else key
        told = run(
            "twca_order",
            {"common_name": name, "public_key_sha256": beginning, "state": state, "state_dir": str(self.site.state)},
        )
        self.story.append(str(told)[:400])
        self.demand(not told.failed, f"the journal does not take that it was {state}")
        return True

    def forget(self) -> None:
        """The power failed: what a run that did not end had shown may be gone."""

    def blame(self, kind: str, what: str) -> None:
        self.verdict.blame(kind, f"{type(self).__name__}: {what}; runs: " + " | ".join(self.story))

    def demand(self, holds: object, what: str, kind: str = OTHER) -> None:
        if not holds:
            self.blame(kind, what)

    # -- what must hold at any time ------------------------------------------------------------------------------

    def check_always(self) -> None:
        """After any death: no order twice, no key lost, ``live`` a valid pair."""
        self._check_orders()
        self._check_live()
        self._check_keys()

    def _check_orders(self) -> None:
        counts: dict[str, int] = {}
        for name in self.names:
            for order in self.simulator.office.store.rows("orders", name=name):
                counts[order["key"]] = counts.get(order["key"], 0) + 1
        for key, number in counts.items():
            self.demand(number <= 1, f"{number} orders for the key {key[:8]}", DUPLICATES)
        self.keys |= counts.keys()

    def _check_live(self) -> None:
        live = self.site.directory / "live"
        if not live.is_symlink():
            return
        try:
            leaf = x509.load_pem_x509_certificate((live / "cert.pem").read_bytes())
            whole = x509.load_pem_x509_certificates((live / "fullchain.pem").read_bytes())
            chain = x509.load_pem_x509_certificates((live / "chain.pem").read_bytes())
            key = key_of((live / "privkey.pem").read_bytes())
        except (OSError, ValueError) as error:
            self.blame(MISMATCHED, f"live cannot be read ({error!r})")
            return
        self.demand(key == hash_of(leaf), "the live key is not the certificate's", MISMATCHED)
        self.demand(whole == [leaf, *chain] and chain, "the live chain is not whole", MISMATCHED)
        self.demand(
            leaf.not_valid_before_utc.timestamp() <= now() < leaf.not_valid_after_utc.timestamp(),
            "live is not valid",
            MISMATCHED,
        )

    def _check_keys(self) -> None:
        held = {key for path in self.site.place.rglob("privkey.pem") if (key := key_of(_read(path))) is not None}
        for key in self.keys - held:
            self.blame(LOST_KEYS, f"the key {key[:8]} of an order is gone")

    def _check_manners(self, result: Run) -> None:
        """It ends, and says what it has to say in a sentence that holds no secret."""
        self.demand(not result.hung, "it hung", HANGS)
        told = result.stdout + result.stderr
        for secret in (PASSPHRASE, *self._private_lines()):
            self.demand(secret not in told, "a secret in the output", LEAKS)
        if result.killed:
            return
        self.demand("Traceback" not in told, f"a traceback: {told[-1500:]}")
        self.demand(result.rc == int(result.failed) and result.json, f"rc {result.rc} without a result")
        if result.failed:
            self.demand(re.search(r"\w\W? \w+.*\w", result.message), "no sentence")
            sentence = _PASSING.sub("…", result.message)
            self.verdict.said[sentence] = self.verdict.said.get(sentence, 0) + 1

    def _private_lines(self) -> list[str]:
        lines = []
        for path in self.site.place.rglob("privkey.pem"):
            lines += [
                line
                for line in _read(path).decode("ascii", "replace").splitlines()
                if len(line) > 20 and "-" not in line
            ]
        return lines

    def check_tidy(self) -> None:
        """After a run that went through: nothing of a dead one is left, and no secret is where it should not be."""
        for path in self.site.place.rglob("*"):
            self.demand(not path.name.endswith(".twca-tmp"), f"{path.name} is left over")
            if path.is_file() and not path.is_symlink() and path.name not in ("privkey.pem", "bundle.p12"):
                content = path.read_bytes()
                self.demand(
                    PASSPHRASE.encode() not in content and b"PRIVATE KEY" not in content, f"a secret in {path}", LEAKS
                )
            if path.name in ("privkey.pem", "bundle.p12") or path.suffix == ".json":
                self.demand(path.stat().st_mode & 0o777 == 0o600, f"{path.name} may be read by others", LEAKS)
        self.demand(not self.simulator.leaks(), "something followed a redirect off the site", LEAKS)


# -- on the host that holds the key ---------------------------------------------------------------------------------


class MakePair(Scene):
    """twca_csr in an empty directory."""

    module = "twca_csr"

    def prepare(self) -> None:
        self.options = self.site.csr_options()
        self.seen: str | None = None

    def check_always(self) -> None:
        """A pair that was seen once stays."""
        super().check_always()
        pending = self.site.directory / "pending"
        if not pending.exists():
            self.demand(self.seen is None, "the pending pair is gone", LOST_KEYS)
            return
        pair = utils("_store.directory").CertificateDirectory(self.site.directory).pending
        try:
            key = pair.request.public_key_sha256
        except utils("_errors").StoreError as error:
            self.blame(MISMATCHED, f"pending is broken: {error.message}")
            return
        self.demand(self.seen in (None, key), "the pending pair was made anew", LOST_KEYS)
        self.seen = key

    def forget(self) -> None:
        self.seen = None

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(result.json.get("needed") and result.json.get("public_key_sha256") == self.seen, "no pair was made")
        again = self.run()
        self.demand(not again.json.get("changed", True), "a second run changed something")
        self.check_tidy()


class MakeNextPair(MakePair):
    """twca_csr beside a live certificate."""

    def prepare(self) -> None:
        super().prepare()
        self.bench.install(self.simulator, self.site)
        self.options = self.site.csr_options(force_renew=True)


class DiscardPair(Scene):
    """twca_csr that throws a pending pair away, which was never ordered, and makes another."""

    module = "twca_csr"

    def prepare(self) -> None:
        self.site.new_pair()
        self.options = self.site.csr_options(discard_pending=True)

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run(discard_pending=False)
        self.demand(result.json.get("needed"), "no pair was made")
        self.demand(self.site.certificate_directory.pending.request, "the pair is broken", MISMATCHED)
        self.check_tidy()


class DiscardNamed(Scene):
    """twca_csr that names the pair to throw away, as a line that is left in an inventory does: in every run."""

    module = "twca_csr"
    changes_portal = True  # where the other pair is ordered in the end

    def prepare(self) -> None:
        self.first = utils("_pki.csr").load(self.site.new_pair()).public_key_sha256
        self.options = self.site.csr_options(discard=[self.first[:_BEGINNING]])

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        made = result.json.get("public_key_sha256")
        self.demand(result.json.get("needed") and made not in (None, self.first), "no other pair was made")
        if made is not None:
            self.bench.order(self.simulator, result.json["csr"])
        again = self.run()
        self.demand(not again.json.get("changed", True), "a second run changed something")
        self.check_tidy()


class Install(Scene):
    """twca_install of the first certificate."""

    module = "twca_install"

    def prepare(self) -> None:
        self._get_ready()

    def _get_ready(self, **options: t.Any) -> None:
        self.leaf, chain = self.bench.certificate(self.simulator, self.site)
        self.options = {
            "directory": str(self.site.directory),
            "certificate": _pem(self.leaf),
            "chain": [_pem(one) for one in chain],
            "validate": ["true"],
            "reload": ["true"],
            "pkcs12_passphrase": PASSPHRASE,
            **options,
        }

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(not result.failed, "the next run does not install")
        self.demand(self._is_live(), "the certificate is not live")
        self.demand(not (self.site.directory / "pending").exists(), "the pair is still pending")
        again = self.run()
        self.demand(not again.json.get("changed", True), "a second run changed something")
        self.check_tidy()

    def _is_live(self) -> bool:
        return self.live_leaf() == self.leaf

    def live_leaf(self) -> x509.Certificate | None:
        """What servers would read."""
        try:
            live = self.site.certificate_directory.live
            return live.leaf if live is not None else None
        except utils("_errors").StoreError as error:
            self.blame(MISMATCHED, error.message)
            return None


class InstallNext(Install):
    """twca_install over a live certificate, of which nothing is kept."""

    def prepare(self) -> None:
        self.before = self.bench.install(self.simulator, self.site)
        self._get_ready(keep=1)

    def _check_keys(self) -> None:
        """The key of the certificate that was replaced goes with its version."""
        if self._is_live():
            self.keys.discard(hash_of(self.before))
        super()._check_keys()


class RollBack(Install):
    """twca_install that the server refuses, and that a later one installs."""

    def prepare(self) -> None:
        self.before = self.bench.install(self.simulator, self.site)
        self._get_ready(validate=["false"])

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(result.failed and "false" in result.message, "a failed config test is not reported")
        self.demand(self.live_leaf() == self.before, "the old certificate is not live again", MISMATCHED)
        refused, self.options = self.options, {**self.options, "validate": ["true"]}
        super().converge(to_the_end=to_the_end)
        self.options = refused


class Stranger(Install):
    """twca_install of a certificate whose key is not here."""

    def prepare(self) -> None:
        self.before = self.bench.install(self.simulator, self.site)
        self._get_ready()
        stranger = self.bench.site()
        self.leaf, _chain = self.bench.certificate(self.simulator, stranger)
        self.options["certificate"] = _pem(self.leaf)
        del self.options["pkcs12_passphrase"]  # a bundle would find it out by itself

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(result.failed, "a certificate without its key was installed", MISMATCHED)
        self.demand(self.live_leaf() == self.before, "the old certificate is not live", MISMATCHED)
        self.check_tidy()


# -- at the portal --------------------------------------------------------------------------------------------------


class Order(Scene):
    """twca_certificate for a name without any."""

    module = "twca_certificate"
    changes_portal = True

    def prepare(self) -> None:
        self._wish()

    def _wish(self, **options: t.Any) -> None:
        self.csr = self.site.new_pair()
        self.key = utils("_pki.csr").load(self.csr).public_key_sha256
        self.options = self.bench.order_options(self.simulator, self.site, self.csr, **options)

    def run(self, watch: t.Callable[[], None] | None = None, **options: t.Any) -> Run:
        """A certificate that comes out is the key's, in force, and leads to the root that is trusted."""
        result = super().run(watch, **options)
        if result.json.get("certificate"):
            leaf = x509.load_pem_x509_certificate(result.json["certificate"].encode())
            chain = [x509.load_pem_x509_certificate(one.encode()) for one in result.json["chain"]]
            self.demand(hash_of(leaf) == self.key, "a certificate of another key", MISMATCHED)
            self.demand(leaf.not_valid_after_utc.timestamp() > now(), "a certificate that has expired", MISMATCHED)
            root = self.simulator.office.authority.certificate("root")
            for one, issuer in zip([leaf, *chain], [*chain, root]):
                self.demand(one.issuer == issuer.subject, "a chain that does not lead to the root", MISMATCHED)
        return result

    @property
    def orders(self) -> int:
        return len(self.simulator.office.store.rows("orders", key=self.key))

    def converge(self, *, to_the_end: bool = True) -> None:
        """One order, then its certificate; a person decides where the module says so, truthfully."""
        result = self.run()
        to_the_end = to_the_end or result.failed
        if result.failed:
            if any(_GAVE_UP in told for told in self.story):
                time.sleep(_LATE)  # nobody at TWCA can tell before the portal is done with it
            self.demand(self.decide(result.message, self.key), "stuck, and no word of what to do")
            result = self.run()
            self.demand(self.orders == 1, f"{self.orders} orders after the person's decision")
        self.demand(result.status in ("pending", "issued"), "it does not go on")
        self.demand(self.orders == 1, f"{self.orders} orders in the end", DUPLICATES if self.orders > 1 else OTHER)
        self.demand(self._state() in ("accepted", "issued", "placed"), "the journal does not know of the order")
        if not to_the_end:
            self.check_tidy()
            return
        again = self.run()
        self.demand(again.status == result.status and self.orders == 1, "a further run is not at rest")
        self._collect()

    def _state(self) -> str | None:
        try:
            record = utils("_order.journal").Journal(self.site.state).read(self.site.name, self.key)
        except utils("_errors").StoreError as error:
            self.blame(OTHER, f"the journal is broken: {error.message}")
            return None
        return record.state if record is not None else None

    def _collect(self) -> None:
        if self.simulator.office.store.rows("orders", key=self.key, status="pending"):
            self.simulator.approve(self.site.name)
        result = self.run()
        self.demand(result.status == "issued", "the certificate does not come")
        settled = self.run()
        self.demand(
            (settled.json.get("changed"), settled.json.get("portal_requests")) == (False, 0), "not at rest when issued"
        )
        self.check_tidy()


class Renew(Order):
    """twca_certificate for a name that has a certificate, whose order no journal knows."""

    def prepare(self) -> None:
        self.bench.install(self.simulator, self.site)
        self._wish()


class OnePage(Order):
    """The same where the first POST is the order."""

    portal: t.ClassVar[dict[str, t.Any]] = {"flow": "one_page"}


class RenewOnePage(Renew):
    """A renewal of one page."""

    portal: t.ClassVar[dict[str, t.Any]] = {"flow": "one_page"}


class AsksAfter(Order):
    """twca_certificate where the portal asks for the payment when it has the order."""

    portal: t.ClassVar[dict[str, t.Any]] = {"flow": "asks_after"}


class RenewAsksAfter(Renew):
    """A renewal where the portal asks for the payment when it has the order."""

    portal: t.ClassVar[dict[str, t.Any]] = {"flow": "asks_after"}


class AsksForUngiven(AsksAfter):
    """The same for a user who has not said how to pay, and does so when told."""

    def prepare(self) -> None:
        self._wish()
        self._payment = self.options.pop("payment_method")

    def converge(self, *, to_the_end: bool = True) -> None:
        first = self.run()
        second = self.run()  # a timer runs again before anybody has read the first one's message
        for told in (first, second):
            self.demand(
                not told.failed or "payment_method" in told.message or _DECIDE.search(told.message),
                "stuck, and no word of what to do",
            )
        self.options["payment_method"] = self._payment
        super().converge(to_the_end=to_the_end)


class Collect(Order):
    """twca_certificate for an order that was approved."""

    changes_portal = False

    def prepare(self) -> None:
        self._wish()
        self._place()

    def _place(self) -> None:
        journal = utils("_order.journal")
        self.bench.order(self.simulator, self.csr)
        record = journal.Record(self.site.name, self.key, journal.PREPARED, "apply", self.csr)
        for state in (journal.PREPARED, journal.SUBMITTING, journal.ACCEPTED):
            record = record.moved(state)
        journal.Journal(self.site.state).write(record)
        self.simulator.approve(self.site.name)

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(result.status == "issued", "the certificate does not come")
        self._collect()


class CollectMail(Collect):
    """The same, by the notice in the mailbox."""

    def prepare(self) -> None:
        self._wish(delivery="mailbox", mailbox={"maildir": str(self.site.maildir)})
        self._place()
        self.bench.notify(self.simulator, self.site)


class Revoke(Scene):
    """twca_revoke."""

    module = "twca_revoke"
    changes_portal = True

    def prepare(self) -> None:
        leaf = self.bench.install(self.simulator, self.site)
        self.serial = leaf.serial_number
        self.options = self.bench.portal_options(
            self.simulator, self.site, common_name=self.site.name, serial_number=f"{leaf.serial_number:X}"
        )

    @property
    def requests(self) -> int:
        return len(self.simulator.office.store.rows("revocations", name=self.site.name))

    def check_always(self) -> None:
        super().check_always()
        self.demand(self.requests <= 1, f"{self.requests} requests to revoke", DUPLICATES)

    def converge(self, *, to_the_end: bool = True) -> None:
        result = self.run()
        self.demand(result.status == "requested", "the revocation does not go on")
        self.demand(self.requests == 1, "no request to revoke")
        if not to_the_end:
            self.check_tidy()
            return
        self.demand(not self.run().json.get("changed", True), "a second run changed something")
        self.simulator.confirm_revocation(self.site.name)
        self.demand(self.run().status == "revoked", "the revocation is not seen")
        self.check_tidy()


class Seal(Scene):
    """twca_seal: a picture for the site's pages, and the link around it."""

    module = "twca_seal"

    def prepare(self) -> None:
        self.picture, self.snippet = self.site.place / "mark1.gif", self.site.place / "seal.html"
        self.options = self.bench.portal_options(
            self.simulator,
            self.site,
            common_name=self.site.name,
            image_path=str(self.picture),
            image_url="/mark1.gif",
            snippet_path=str(self.snippet),
        )

    def check_always(self) -> None:
        super().check_always()
        self.demand(not self.picture.exists() or self.picture.read_bytes() == _PICTURE, "another picture", MISMATCHED)
        self.demand(not self.snippet.exists() or self.snippet.read_bytes().endswith(b"</a>\n"), "half a snippet")

    def converge(self, *, to_the_end: bool = True) -> None:
        self.demand(not self.run().failed and self.picture.exists() and self.snippet.exists(), "the seal does not come")
        self.demand(not self.run().json.get("changed", True), "a second run changed something")
        self.check_tidy()


def key_of(pem: bytes) -> str | None:
    """The hash of a private key's public half, found without the program's help; None if it is no key."""
    try:
        return _digest(serialization.load_pem_private_key(pem, None).public_key())
    except ValueError:
        return None


def hash_of(certificate: x509.Certificate) -> str:
    return _digest(certificate.public_key())


def _digest(key: t.Any) -> str:
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).hexdigest()


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _read(path: Path) -> bytes:
    return path.read_bytes()


OFFLINE: tuple[type[Scene], ...] = (
    MakePair,
    MakeNextPair,
    DiscardPair,
    DiscardNamed,
    Install,
    InstallNext,
    RollBack,
    Stranger,
    CollectMail,
)
# With the skin, and whether the portal lists orders that wait.
ONLINE: tuple[tuple[type[Scene], str, bool], ...] = (
    (Order, "modern", False),
    (Order, "classic", True),
    (Renew, "modern", True),
    (Renew, "classic", False),
    (Revoke, "modern", True),
    (Revoke, "classic", True),
    (Seal, "modern", True),
    (Seal, "classic", True),
    (Collect, "modern", True),
    (Collect, "classic", True),
)
# Portals that place the order elsewhere, or ask afterwards: what they do otherwise is tried above.
FLOWS: tuple[tuple[type[Scene], str, bool], ...] = (
    (OnePage, "modern", False),
    (OnePage, "classic", True),
    (RenewOnePage, "classic", False),
    (AsksAfter, "modern", False),
    (AsksAfter, "classic", True),
    (RenewAsksAfter, "modern", True),
    (AsksForUngiven, "modern", True),
    (AsksForUngiven, "classic", False),
)
