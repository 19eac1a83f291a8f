# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``microsoft.iis.website`` and ``website_info``, with the faults of the release that was ported.

Kept on purpose: the certificate of an existing binding changes in check mode too; an index into the web bindings is
used on all bindings; ``use_ccs`` left out is taken from all of the flags above SNI; bindings are told apart by their
exact text, the address included.
"""

from __future__ import annotations

import typing as t

from ..errors import ModuleFailure
from ..host import Host
from ..iis import CCS, SNI, Binding, CertificateReference, Site

Arguments = dict[str, t.Any]
Result = dict[str, t.Any]


def website(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    try:
        return {"changed": _website(host, arguments, check_mode)}
    except _Caught as error:  # the module's own catch block, which prints its result's type in front
        raise ModuleFailure(
            f"System.Collections.Generic.Dictionary`2[System.String,System.Object] - {error}"
        ) from error


def website_info(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    del check_mode
    names = [arguments["name"]] if arguments["name"] is not None else list(host.iis.sites)
    found = [entry for name in names if (entry := host.iis.find(name)) is not None]
    return {"changed": False, "exists": bool(found), "site": [_describe(host, name, site) for name, site in found]}


def _describe(host: Host, name: str, site: Site) -> Result:
    return {
        "name": name,
        "site_id": site.id,
        "state": site.state,
        "physical_path": site.physical_path,
        "application_pool": site.application_pool,
        "bindings": [_describe_binding(host, binding) for binding in site.bindings],
    }


def _describe_binding(host: Host, binding: Binding) -> Result:
    ip, port, hostname = binding.parts
    reference = host.iis.reference(binding)
    try:
        number = int(port or "0")
    except ValueError:  # net.tcp's "808:*": one such binding, and the module fails for the whole site
        raise ModuleFailure(
            "Failed to fetch the info of the required Website Exception: "
            f'Cannot convert value "{port}" to type "System.Int32". Error: "Input string was not in a correct format."'
        ) from None
    return {
        "ip": ip,
        "port": number,
        "hostname": hostname,
        "protocol": binding.protocol,
        "use_ccs": bool(binding.ssl_flags & CCS),
        "use_sni": bool(binding.ssl_flags & SNI),
        "certificate_hash": reference.hash,
        "certificate_store_name": reference.store,
    }


class _Caught(Exception):
    """An exception that the module's catch block turns into a failure."""


def _website(host: Host, arguments: Arguments, check_mode: bool) -> bool:
    changed = False
    entry = host.iis.find(arguments["name"])
    state = arguments["state"]
    if state == "absent":
        if entry is not None and not check_mode:
            del host.iis.sites[entry[0]]
        return entry is not None
    if entry is None:
        _create(host, arguments, check_mode)
        changed = True
    entry = host.iis.find(arguments["name"])
    if entry is None:
        return changed
    site = entry[1]
    changed |= _settings(host, site, arguments, check_mode)
    changed |= _bindings(host, site, arguments["bindings"] or {}, check_mode)
    changed |= _run_state(site, state, check_mode)
    return changed


def _create(host: Host, arguments: Arguments, check_mode: bool) -> None:
    if not arguments["physical_path"]:
        raise ModuleFailure("missing required arguments: physical_path")
    if not host.disk.locate(arguments["physical_path"]).is_dir():
        raise ModuleFailure("specified folder must already exist: physical_path")
    if not check_mode:
        number = arguments["site_id"] or max((site.id for site in host.iis.sites.values()), default=0) + 1
        host.iis.sites[arguments["name"]] = Site(int(number), arguments["physical_path"])


def _settings(host: Host, site: Site, arguments: Arguments, check_mode: bool) -> bool:
    path = arguments["physical_path"]
    if path and not host.disk.locate(path).is_dir():
        raise ModuleFailure("specified folder must already exist: physical_path")
    wanted = {
        "physical_path": path,
        "application_pool": arguments["application_pool"],
        "preload_enabled": arguments["preload_enabled"],
    }
    differing = {
        name: value for name, value in wanted.items() if value not in (None, "") and value != getattr(site, name)
    }
    if not check_mode:
        for name, value in differing.items():
            setattr(site, name, value)
    return bool(differing)


def _information(binding: Arguments) -> str:
    """``"$($_.ip):$($_.port):$($_.hostname)"``: what is left out is empty, and no ``*``."""
    return ":".join("" if binding[name] is None else str(binding[name]) for name in ("ip", "port", "hostname")).lower()


def _web(site: Site) -> list[Binding]:
    return [binding for binding in site.bindings if binding.protocol in ("http", "https")]


def _bindings(host: Host, site: Site, wanted: Arguments, check_mode: bool) -> bool:
    given: list[Arguments] = (wanted.get("add") if wanted.get("set") is None else wanted["set"]) or []
    web = _web(site)
    known = {binding.information.lower(): index for index, binding in reversed(list(enumerate(web)))}
    texts = [_information(binding) for binding in given]
    changed = False
    for binding, text in zip(given, texts):
        if text not in known:
            _add(host, site, binding, check_mode)
            changed = True
    for binding, text in zip(given, texts):
        if text in known:
            changed |= _edit(host, site, known[text], binding, check_mode)
    if wanted.get("set") is not None:
        superfluous = known.keys() - set(texts)
    else:
        superfluous = known.keys() & {_information(binding) for binding in wanted.get("remove") or []}
    for text in superfluous:
        changed = True
        if not check_mode:
            site.bindings.remove(web[known[text]])
    return changed


def _add(host: Host, site: Site, binding: Arguments, check_mode: bool) -> None:
    flags = _flags(host, binding)
    if check_mode:
        return
    ip, hostname = binding["ip"] or "*", binding["hostname"] or ""
    created = Binding(
        binding["protocol"], f"{ip}:{80 if binding['port'] is None else binding['port']}:{hostname}", flags
    )
    try:
        host.iis.add_binding(site, created)
    except ModuleFailure as error:
        raise _Caught(error.message) from error
    if binding["certificate_hash"]:
        _assign(host, created, binding)


def _edit(host: Host, site: Site, index: int, binding: Arguments, check_mode: bool) -> bool:
    current = _web(site)[index]
    had = host.iis.reference(current)
    if binding["use_sni"] is None:
        binding["use_sni"] = bool(current.ssl_flags % 2)
    if binding["use_ccs"] is None:
        binding["use_ccs"] = bool(current.ssl_flags // 2)
    flags = _flags(host, binding)
    by_index = site.bindings[index]
    changed = False
    if current.protocol != binding["protocol"]:
        changed = True
        if not check_mode:
            by_index.protocol = binding["protocol"]
    if current.ssl_flags != flags:
        changed = True
        if not check_mode:
            by_index.ssl_flags = flags
    wanted = (str(binding["certificate_hash"] or "").lower(), binding["certificate_store_name"].lower())
    if wanted[0] and wanted != (had.hash.lower(), had.store.lower()):
        _assign(host, current, binding)  # in check mode too
        changed = True
    return changed


def _flags(host: Host, binding: Arguments) -> int:
    https, hostname, fingerprint = binding["protocol"] == "https", binding["hostname"], binding["certificate_hash"]
    for option in ("use_sni", "use_ccs"):
        if binding[option] and not https:
            raise ModuleFailure(f"{option} can only be set for https protocol")
        if binding[option] and not hostname:
            raise ModuleFailure(f"must specify hostname value when {option} is set.")
    if binding["use_ccs"] and fingerprint:
        raise ModuleFailure(
            f"You set use_ccs to {binding['use_ccs']}. "
            "This indicates you wish to use the Central Certificate Store feature."
        )
    if https and not binding["use_ccs"] and not fingerprint:
        raise ModuleFailure("must either specify a certificate_hash or use_ccs.")
    if fingerprint:
        store = binding["certificate_store_name"]
        if not https:
            raise ModuleFailure("You can only provide a certificate thumbprint when protocol is set to https")
        if fingerprint.upper() not in host.stores.machine(store):
            raise ModuleFailure(f"Unable to locate certificate at cert:\\LocalMachine\\{store}\\{fingerprint}")
    return (SNI if binding["use_sni"] else 0) + (CCS if binding["use_ccs"] else 0)


def _assign(host: Host, binding: Binding, wanted: Arguments) -> None:
    """``AddSslCertificate``: http.sys must reach the key, which only a machine key container lets it."""
    stored = host.stores.machine(wanted["certificate_store_name"])[wanted["certificate_hash"].upper()]
    if stored.key_storage != "machine":
        raise _Caught(
            "A specified logon session does not exist. It may already have been terminated. "
            "(Exception from HRESULT: 0x80070520)"
        )
    if "refuses-binding" in host.faults:
        raise _Caught("Cannot commit configuration changes because the file has changed on disk")
    host.iis.certificates[binding.certificate_key] = CertificateReference(
        wanted["certificate_hash"].upper(), wanted["certificate_store_name"]
    )


def _run_state(site: Site, state: str, check_mode: bool) -> bool:
    before, after = site.state, site.state
    if state in ("stopped", "restarted") and before == "Started":
        after = "Stopped"
    if (state == "started" and before == "Stopped") or state == "restarted":
        after = "Started"
    if not check_mode:
        site.state = after
    return before != after or state == "restarted"
