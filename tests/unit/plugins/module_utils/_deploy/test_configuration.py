# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import configuration
from ansible_collections.twca.ssl.plugins.module_utils._deploy.configuration import Configuration, Stamp, tried
from ansible_collections.twca.ssl.plugins.module_utils._deploy.files import File
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError, InputError, StoreError
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


class Bed:
    """Root's directory with a snippet, and a server's directories with a block that is made active by a link."""

    def __init__(self, tmp_path):
        self.directory = tmp_path / "config"
        self.sites, self.enabled = tmp_path / "sites", tmp_path / "enabled"
        self.old = tmp_path / "twca" / "www"
        for place in (self.sites, self.enabled, self.old):
            place.mkdir(parents=True)
        self.snippet = self.directory / "www" / "nginx.conf"
        self.block = self.sites / "www.conf"
        self.link = self.enabled / "www.conf"

    def wanted(self, text="new\n", **options):
        files = [
            File(self.snippet, text.encode(), formerly=self.old / "nginx.conf"),
            File(self.block, text.encode(), link=self.link),
        ]
        return Configuration(self.directory, files, **options)

    def lay(self, text="old\n", **options):
        with tried(self.wanted(text, **options), None) as trial:
            trial.put()
            trial.settle()

    @property
    def texts(self):
        return [path.read_text() if path.exists() else None for path in (self.snippet, self.block)]

    def names(self):
        return sorted(str(path.relative_to(self.directory.parent)) for path in self.directory.parent.rglob("*"))


@pytest.fixture
def bed(tmp_path):
    return Bed(tmp_path)


class TestTrial:
    def test_files_and_link_are_put_in_place(self, bed):
        with tried(bed.wanted(), None) as trial:
            assert [file.path for file in trial.drifted] == [bed.snippet, bed.block]
            trial.put()
            assert (bed.directory / ".trial.json").exists()
            trial.settle()
        assert bed.texts == ["new\n", "new\n"]
        assert bed.link.resolve() == bed.block
        assert stat.S_IMODE(bed.snippet.stat().st_mode) == 0o644
        assert not (bed.directory / ".trial.json").exists()
        with tried(bed.wanted(), None) as trial:
            assert trial.drifted == []

    def test_what_was_not_there_is_gone_when_it_is_taken_back(self, bed):
        with tried(bed.wanted(), None) as trial:
            trial.put()
            assert trial.take_back() == "; the configuration was put back"
            assert trial.take_back() == ""
        assert bed.texts == [None, None]
        assert not os.path.lexists(bed.link)

    @as_root
    def test_what_was_there_comes_back_with_owner_and_mode(self, bed):
        bed.lay()
        os.chown(bed.block, NOBODY, NOBODY)
        bed.block.chmod(0o640)
        with tried(bed.wanted(), None) as trial:
            trial.put()
            assert (bed.block.stat().st_uid, stat.S_IMODE(bed.block.stat().st_mode)) == (0, 0o644)
            trial.take_back()
        assert bed.texts == ["old\n", "old\n"]
        status = bed.block.stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (NOBODY, NOBODY, 0o640)
        assert bed.link.exists()

    def test_a_link_that_was_taken_away_is_left_away(self, bed):
        bed.lay()
        bed.link.unlink()
        bed.lay("new\n")
        assert not os.path.lexists(bed.link)

    def test_a_run_that_was_killed_is_undone_by_the_next(self, bed):
        bed.lay()
        with tried(bed.wanted("broken\n"), None) as trial:
            trial.put()
        assert bed.texts == ["broken\n", "broken\n"]
        with tried(bed.wanted("old\n"), None) as trial:
            assert bed.texts == ["old\n", "old\n"]
            assert trial.drifted == []
            assert trial.awaits_reload

    @pytest.mark.parametrize("step", range(8))
    def test_it_may_be_killed_at_any_step(self, bed, monkeypatch, step):
        """Whatever was done by then, the next run begins with what was there."""
        bed.lay()
        names = bed.names()
        calls = iter(range(100))

        def rename(*args, **options):
            if next(calls) == step:
                raise KeyboardInterrupt
            return real(*args, **options)

        real = os.rename
        with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
            patch.setattr(atomic.os, "rename", rename)
            with tried(bed.wanted(), None) as trial:
                trial.put()
                raise KeyboardInterrupt
        with tried(bed.wanted("old\n"), None) as trial:
            assert trial.drifted == []
        assert bed.texts == ["old\n", "old\n"]
        assert bed.names() == names

    def test_large_files_come_back_too(self, bed):
        large = "x" * 200_000
        bed.lay(large)
        with tried(bed.wanted(), None) as trial:
            trial.put()
            assert trial.take_back() == "; the configuration was put back"
        assert bed.texts == [large, large]

    def test_what_a_person_mended_meanwhile_is_left(self, bed):
        bed.lay()
        with tried(bed.wanted("broken\n"), None) as trial:
            trial.put()
        bed.block.write_text("by hand\n")
        with tried(bed.wanted(), None):
            assert bed.texts == ["old\n", "by hand\n"]

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_ends_it_by_way_of_the_handlers(self, bed, number):
        with pytest.raises(SystemExit), tried(bed.wanted(), None) as trial:
            trial.put()
            try:
                os.kill(os.getpid(), number)
            finally:
                trial.take_back()
        assert bed.texts == [None, None]

    def test_content_of_any_kind(self, bed):
        text = '100% {{ it\'s }} "quoted" {% raw %} \\ 台\n'
        bed.lay(text)
        assert bed.snippet.read_text("utf-8") == text

    def test_a_server_that_is_not_installed(self, bed):
        bed.sites.rmdir()
        with tried(bed.wanted(), None) as trial:
            with pytest.raises(InputError, match="there is no directory .*/sites .*is the server installed?"):
                trial.put()
            trial.take_back()
        assert bed.texts == [None, None]


class TestHostile:
    @pytest.mark.parametrize("kind", ["link", "pipe", "directory"])
    def test_what_is_no_regular_file_is_neither_read_nor_replaced(self, bed, tmp_path, kind):
        secret = tmp_path / "shadow"
        secret.write_text("secret")
        if kind == "link":
            bed.block.symlink_to(secret)
        elif kind == "pipe":
            os.mkfifo(bed.block)
        else:
            bed.block.mkdir()
        with pytest.raises(StoreError, match="move it away"), tried(bed.wanted(), None):
            pass
        assert secret.read_text() == "secret"

    @as_root
    def test_a_directory_of_somebody_else_is_refused(self, bed):
        for place in (bed.directory, bed.directory.parent):
            bed.directory.mkdir(exist_ok=True)
            os.chown(place, NOBODY, NOBODY)
            with pytest.raises(StoreError, match="others than root can change .*twca_config_directory"):
                bed.lay()
            os.chown(place, 0, 0)
        bed.lay()

    def test_a_directory_that_others_can_write_is_refused(self, bed):
        bed.directory.mkdir()
        bed.directory.chmod(0o777)
        with pytest.raises(StoreError, match="others than root can change"):
            bed.lay()

    def test_a_stamp_is_written_over_no_link_of_somebody_else(self, bed, tmp_path):
        """That of a server without a role lies in the certificate directory."""
        precious = tmp_path / "precious"
        precious.write_text("5F3A09\n")
        stamp = Stamp(bed.old / "none.proven", b"5F3A09\n")
        stamp.path.symlink_to(precious)
        bed.old.chmod(0o777)
        assert not stamp.is_there
        stamp.write()
        assert stamp.is_there
        assert not stamp.path.is_symlink()
        assert precious.read_text() == "5F3A09\n"

    @as_root
    def test_a_folder_below_it_as_well(self, bed):
        bed.lay()
        os.chown(bed.snippet.parent, NOBODY, NOBODY)
        with pytest.raises(StoreError, match="others than root can change"):
            bed.lay("new\n")


NGINX = (
    "# configuration file /etc/nginx/nginx.conf:\nuser www-data;\ninclude {0};\n\n# configuration file {0}:\nssl on;\n"
)
APACHE = (
    "Included configuration files:\n  (*) /etc/apache2/apache2.conf\n    (146) /etc/apache2/mods/ssl.load\n  (3) {0}\n"
)


class TestUse:
    def asked(self, bed, said, stamp=None, **options):
        bed.lay()
        script = bed.directory / "said"
        script.write_text(said)
        trial = configuration.Trial(bed.wanted("old\n", included=["cat", str(script)], **options), stamp)
        trial.ask()
        return trial

    @pytest.mark.parametrize("said", [NGINX, APACHE, "{0}\n"])
    def test_in_use(self, bed, said):
        trial = self.asked(bed, said.format(bed.snippet))
        assert (trial.in_use, trial.former, trial.advice(bed.old)) == (True, [], [])

    @pytest.mark.parametrize(
        "said", ["", "# include {0}\n", "include {0};\n", "# configuration file {0}.bak:\n", "  (3) /elsewhere{0}\n"]
    )
    def test_not_in_use(self, bed, said):
        assert not self.asked(bed, said.format(bed.snippet)).in_use

    def test_by_way_of_a_link(self, bed, tmp_path):
        (tmp_path / "way").symlink_to(bed.directory)
        assert self.asked(bed, NGINX.format(tmp_path / "way/www/nginx.conf")).in_use

    def test_a_server_that_cannot_say_is_an_error(self, bed):
        """The proof is never left out because nobody could answer."""
        bed.lay()
        trial = configuration.Trial(bed.wanted("old\n", included=["false"]))
        with pytest.raises(
            DeployError, match=r"^the look at the server's configuration \(false\) failed with status 1$"
        ):
            trial.ask()

    def test_by_way_of_a_link_to_the_file(self, bed, tmp_path):
        (tmp_path / "10-www.conf").symlink_to(bed.snippet)
        assert self.asked(bed, NGINX.format(tmp_path / "10-www.conf")).in_use

    def test_a_block_that_names_the_certificate_itself(self, bed):
        stamp = Stamp(bed.directory / "www/nginx.proven", b"5F3A09\n")
        live = bed.old / "live" / "fullchain.pem"
        trial = self.asked(bed, f"server {{ ssl_certificate {live}; }}\n", stamp, uses=[live])
        assert (trial.in_use, trial.awaits_reload) == (True, True)
        trial.stamp()
        assert stamp.is_there
        former = f"{NGINX.format(bed.old / 'nginx.conf')}ssl_certificate {live};\n"
        trial = self.asked(bed, former, stamp, uses=[live])
        assert (trial.in_use, trial.former) == (True, [bed.old / "nginx.conf"])

    def test_the_former_place_counts_and_is_told(self, bed):
        stamp = Stamp(bed.directory / "www/nginx.proven", b"5F3A09\n")
        trial = self.asked(bed, NGINX.format(bed.old / "nginx.conf"), stamp)
        assert (trial.in_use, trial.former, trial.awaits_reload) == (True, [bed.old / "nginx.conf"], False)
        (said,) = trial.advice(bed.old)
        assert said == (
            f"The server still includes {bed.old}/nginx.conf, which is not kept up to date any more: "
            f"include {bed.snippet} instead."
        )
        trial.stamp()
        assert not stamp.is_there

    @as_root
    def test_the_owner_of_the_former_place_is_named(self, bed):
        trial = self.asked(bed, NGINX.format(bed.old / "nginx.conf"))
        os.chown(bed.old, NOBODY, NOBODY)
        (said,) = trial.advice(bed.old)
        assert "its directory belongs to nobody, who can configure the server through it" in said
        os.chown(bed.old, 54321, 0)
        assert "belongs to the user 54321" in trial.advice(bed.old)[0]

    def test_what_was_included_beside_the_former_place_is_told_once(self, bed):
        for name in ("nginx-extra.conf", "nginx-seal.conf", "nginx-\x1b.conf", "other.conf"):
            (bed.old / name).touch()
        with tried(bed.wanted(), None) as trial:
            trial.put()
            trial.settle()
            (said,) = trial.advice(bed.old)
        assert said.endswith(f": nginx-extra.conf. What you want of it, move to {bed.snippet.parent}.")
        with tried(bed.wanted(), None) as trial:
            assert trial.advice(bed.old) == []

    def test_a_stamp_that_is_missing_asks_for_a_reload(self, bed):
        stamp = Stamp(bed.directory / "www/nginx.proven", b"5F3A09\n")
        trial = self.asked(bed, NGINX.format(bed.snippet), stamp)
        assert trial.awaits_reload
        trial.stamp()
        assert stamp.is_there
        assert not self.asked(bed, NGINX.format(bed.snippet), stamp).awaits_reload

    def test_without_a_configuration_the_stamp_alone_counts(self, tmp_path):
        stamp = Stamp(Path(tmp_path / "none.proven"), b"5F3A09\n")
        with tried(None, stamp) as trial:
            trial.put()
            trial.ask()
            assert (trial.in_use, trial.awaits_reload, trial.drifted, trial.former) == (True, True, [], [])
            trial.stamp()
        with tried(None, stamp) as trial:
            assert not trial.awaits_reload
