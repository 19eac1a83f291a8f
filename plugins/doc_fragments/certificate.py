# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import textwrap


class ModuleDocFragment:
    """What a certificate is got with: one by C(twca_certificate), or each of many by C(twca_certificates)."""

    DOCUMENTATION = r"""
options:
  csr_content:
    description: The CSR, PEM. Exactly one of O(csr_content) and O(csr_path) is required.
    type: str
  csr_path:
    description: Path of the CSR where the module runs, PEM.
    type: path
  operation:
    description:
      - V(auto) renews where the portal lists a valid certificate of the CSR's common name, and applies where it lists none.
      - V(apply) is a first or additional application (manual §4.3), V(renew) a renewal (manual §4.4).
    type: str
    choices: [auto, apply, renew]
    default: auto
  server_software:
    description:
      - The server software (伺服器軟體廠商), as in the portal's list. Upper and lower case are one,
        and a part of the entry is enough if only one entry fits.
    type: str
    default: 其他
  technical_contact:
    description:
      - The person who installs the certificate and gets it by e-mail (技術聯絡人). Required to place an order.
      - Everything must equal the signed paper form (manual §4.1.3).
    type: dict
    suboptions: &contact
      name:
        description: Name (姓名).
        type: str
      title:
        description: Job title (職稱).
        type: str
      company:
        description: Company (公司).
        type: str
      tax_id:
        description: Company number of eight digits (公司統一編號). The billing contact's is not asked for.
        type: str
      city:
        description: City or county as in the portal's list (通訊地址), for example V(台北市).
        type: str
      address:
        description: The rest of the address (通訊地址).
        type: str
      postal_code:
        description: Postal code of 3, 5 or 6 digits (郵遞區號).
        type: str
      phone:
        description: Telephone number (聯絡電話), for example V((02\)23708886#9).
        type: str
      fax:
        description: Fax number (傳真號碼).
        type: str
      email:
        description: E-mail address (電子郵件地址).
        type: str
  business_contact:
    description:
      - The person of the organization who is responsible for the certificate (業務聯絡人); another one than
        O(technical_contact). Required to place an order.
    type: dict
    suboptions: *contact
  billing_contact:
    description:
      - The person who is responsible for the bill (帳務聯絡人). Required to place an order.
      - Either the fields of a contact, or O(billing_contact.same_as).
    type: dict
    suboptions:
      <<: *contact
      same_as:
        description: The billing contact is this one of the other two.
        type: str
        choices: [technical, business]
  payment_method:
    description:
      - How the order is paid (付款方式), matched to the portal's list as O(server_software) is. Required where the portal asks.
      - An unknown one stops the order with the portal's list. Where the portal asks only after a request that may have placed the order,
        that order is uncertain, and a person must tell; see M(twca.ssl.twca_order).
    type: str
  trusted_roots:
    description:
      - PEM files of the root certificates that are trusted, and no others are. A root that comes with a delivery never is.
      - By default, the TWCA roots of the system's store and of Python's C(certifi), where installed.
    type: list
    elements: path
  delivery:
    description:
      - Where the certificate is awaited. With V(mailbox) the portal's download is used when the notice is not there
        (manual §4.6.2).
    type: str
    choices: [portal, mailbox]
    default: portal
  mailbox:
    description:
      - The mailbox that gets TWCA's notice (伺服器憑證下載通知). Messages are read without being marked, moved or deleted.
      - Required with O(delivery=mailbox).
    type: dict
    suboptions:
      host:
        description: IMAP server. Exactly one of O(mailbox.host) and O(mailbox.maildir) is required.
        type: str
      port:
        description: By default 993 for O(mailbox.security=tls), else 143.
        type: int
      security:
        description: How the connection is protected. V(none) is for a server on the same machine.
        type: str
        choices: [tls, starttls, none]
        default: tls
      ca_path:
        description: PEM file of the authorities that may have issued the server's TLS certificate; by default those of the system.
        type: path
      username:
        description: User name.
        type: str
      password:
        description: Password, of at least six characters. Like O(passphrase), it must not be part of a name or path of the task.
        type: str
      folder:
        description: The IMAP folder to look into.
        type: str
        default: INBOX
      maildir:
        description: Path of a Maildir where the module runs.
        type: path
  wait_timeout:
    description: How long to wait for the certificate, in seconds. V(0) never waits.
    type: int
    default: 0
  poll_interval:
    description: While waiting, look again after this many seconds.
    type: int
    default: 60
  path:
    description: File to write the certificate to, PEM, where the module runs.
    type: path
  chain_path:
    description: File to write the intermediate certificates to, the certificate's issuer first, PEM.
    type: path
  fullchain_path:
    description: File to write the certificate and the intermediate certificates to, PEM.
    type: path
  allow_order:
    description: With V(false) the module looks and collects, but fails with what it would have ordered instead of ordering.
    type: bool
    default: true
  on_uncertain:
    description:
      - What to do when the answer to a request that may have placed the order was lost, and the portal does not list the order.
      - V(fail) stops and says what a person must decide. V(wait) takes the order for placed and waits for its certificate.
      - V(resubmit) takes it for not placed and orders again; give it for one call, after TWCA has said so, since a mistake is paid for twice.
        It acts once for each key. Later, and in the roles, tell the journal with M(twca.ssl.twca_order).
    type: str
    choices: [fail, wait, resubmit]
    default: fail
  holder:
    description:
      - Who holds the key, such as the name of the host in the inventory. The journal keeps it.
      - A name that has a valid certificate which was ordered for another holder is not ordered again, since each key is an order of its own.
    type: str
"""

    # Annotated, since sanity's yamllint reads plain assignments and takes them for constants.
    MANY: str = (
        """
options:
  requests:
    description:
      - What is asked for, each with the options of M(twca.ssl.twca_certificate); exactly one of C(csr_content) and C(csr_path)
        is required in each.
    type: list
    elements: dict
    required: true
    suboptions:
"""
        + textwrap.indent(DOCUMENTATION.partition("options:\n")[2].replace("O(", "O(requests[]."), "    ")
        + """
      passphrase:
        description: The passphrase for this one, instead of O(passphrase).
        type: str
"""
    )
