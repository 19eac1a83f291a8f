# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random
import unicodedata

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._order import contacts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TECHNICAL = {
    "name": "陳怡君",
    "title": "專員",
    "company": "台灣網路認證公司",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "延平南路85號10樓",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": "service@twca.com.tw",
}
BUSINESS = {**TECHNICAL, "name": "許功蓋", "title": "經理", "email": "boss@twca.com.tw"}
BILLING = {key: value for key, value in BUSINESS.items() if key != "tax_id"}


def check_one(field: str, value: object) -> tuple[str, list[str]]:
    """The cleaned value of one field of the technical contact, and the notices."""
    clean, _business, _billing, notices = contacts.check({**TECHNICAL, field: value}, BUSINESS, {"same_as": "business"})
    return clean[field], notices


def refusal(field: str, value: object) -> str:
    with pytest.raises(InputError) as caught:
        check_one(field, value)
    return caught.value.message


def test_good_contacts_come_back_unchanged_and_silently():
    assert contacts.check(TECHNICAL, BUSINESS, BILLING) == (TECHNICAL, BUSINESS, BILLING, [])


def test_the_given_dictionaries_are_not_changed():
    technical = {**TECHNICAL, "postal_code": "１００"}
    clean, _business, _billing, _notices = contacts.check(technical, BUSINESS, BILLING)
    assert technical["postal_code"] == "１００"
    assert clean["postal_code"] == "100"


@pytest.mark.parametrize("who", ["technical", "business"])
def test_billing_may_be_the_same_as_another(who):
    assert contacts.check(TECHNICAL, BUSINESS, {"same_as": who, "name": None})[2] == {"same_as": who}


def test_billing_is_the_same_as_nobody_else():
    with pytest.raises(InputError, match=r"^billing_contact\.same_as is 'boss': give technical or business\.$"):
        contacts.check(TECHNICAL, BUSINESS, {"same_as": "boss"})


def test_billing_is_either_the_same_or_its_own():
    with pytest.raises(InputError, match=r"^billing_contact has same_as and name: "):
        contacts.check(TECHNICAL, BUSINESS, {"same_as": "business", "name": "王"})


def test_billing_tax_id_is_left_out_with_a_notice():
    _technical, _business, billing, notices = contacts.check(TECHNICAL, BUSINESS, {**BILLING, "tax_id": "70759028"})
    assert billing == BILLING
    assert notices == ["billing_contact.tax_id is left out: the portal does not ask for it."]


@pytest.mark.parametrize("contact", ["technical_contact", "business_contact", "billing_contact"])
@pytest.mark.parametrize("nothing", [None, {}, {"name": None}])
def test_a_missing_contact_is_one_sentence(contact, nothing):
    given = {"technical_contact": TECHNICAL, "business_contact": BUSINESS, "billing_contact": BILLING, contact: nothing}
    with pytest.raises(InputError, match=rf"^{contact} is missing: give its name, title, [^.]*\.$"):
        contacts.check(*given.values())


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
@pytest.mark.parametrize(
    ("position", "field"),
    [(0, field) for field in contacts.CONTACT_FIELDS]
    + [(1, field) for field in contacts.CONTACT_FIELDS]
    + [(2, field) for field in contacts.BILLING_FIELDS],
)
def test_every_field_is_wanted(position, field, value):
    given = [dict(TECHNICAL), dict(BUSINESS), dict(BILLING)]
    given[position][field] = value
    contact = ("technical_contact", "business_contact", "billing_contact")[position]
    with pytest.raises(InputError) as caught:
        contacts.check(*given)
    state = "missing" if value is None else "empty"
    assert caught.value.message == f"{contact}.{field} is {state}: the portal lets no field be left empty."


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as caught:
        contacts.check({**TECHNICAL, "title": "", "email": "x"}, {**BUSINESS, "fax": ""}, None)
    message = caught.value.message
    assert message.count("technical_contact.title") == 1
    assert message.count("technical_contact.email") == message.count("business_contact.fax") == 1
    assert "billing_contact is missing" in message


def test_an_unknown_field_is_named():
    with pytest.raises(InputError, match=r"^technical_contact has no field 'tel': its fields are name, "):
        contacts.check({**TECHNICAL, "tel": "02"}, BUSINESS, BILLING)


@pytest.mark.parametrize("value", [True, 1.5, ["a"], {"a": "b"}])
def test_values_are_texts(value):
    assert refusal("title", value).startswith("technical_contact.title is not text but ")


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\x00b", "a\u2028b"])
def test_values_stay_on_one_line(value):
    assert "technical_contact.name holds a line end" in refusal("name", value)


def test_unquoted_yaml_numbers_are_taken():
    assert check_one("postal_code", 10048) == ("10048", [])
    assert check_one("tax_id", 70759028) == ("70759028", [])


@pytest.mark.parametrize("name", ["堃喆煊", "𠮷野家 Ａｎｎａ", "王　小明", "臺３Ｍ㈱", "O'Neil & <b>"])
def test_names_keep_their_characters(name):
    assert check_one("name", name) == (name, [])
    assert check_one("company", name) == (name, [])


@pytest.mark.parametrize(
    ("field", "given_text", "clean"),
    [
        ("tax_id", "７０７５９０２８", "70759028"),
        ("tax_id", "7075 9028", "70759028"),
        ("postal_code", "１０００４８", "100048"),
        ("postal_code", "100-48", "10048"),
        ("phone", "（０２）２３７０８８８６＃９", "(02)23708886#9"),
        ("phone", "02\u30002370–8886", "02 2370-8886"),
        ("fax", "０２－２３７００７２８", "02-23700728"),
        ("email", "ｓｅｒｖｉｃｅ＠twca．com.tw", "service@twca.com.tw"),
        ("address", "延平南路８５號１０樓之Ａ", "延平南路85號10樓之A"),
        ("address", "延平南路\u300085號", "延平南路 85號"),
    ],
)
def test_full_width_numbers_are_put_right_and_said(field, given_text, clean):
    value, notices = check_one(field, given_text)
    assert value == clean
    assert notices == [f"technical_contact.{field} was put right: {given_text!r} is sent as {clean!r}."]


def test_an_address_keeps_what_is_no_letter_or_digit():
    assert check_one("address", "中山北路二段４號，（後棟）")[0] == "中山北路二段4號，（後棟）"


def test_a_number_in_chinese_is_noticed_and_kept():
    value, notices = check_one("address", "中山北路二段八十五號十樓")
    assert value == "中山北路二段八十五號十樓"
    assert notices == ["technical_contact.address writes a number in Chinese; the portal asks for Arabic digits."]


@pytest.mark.parametrize(
    "tax_id",
    [
        "70759028",  # sum 40
        "22099131",  # sum 30
        "04595257",  # sum 40
        "10458575",  # seventh digit 7, counted as 0: 20
        "10458574",  # the same digits, counted as 1: 20
        "88117125",  # sum 35: only by the rule of 2023
        "53212539",  # sum 35: only by the rule of 2023
    ],
)
def test_company_numbers_of_both_rules(tax_id):
    assert check_one("tax_id", tax_id) == (tax_id, [])


@pytest.mark.parametrize("tax_id", ["70759027", "22099132", "88117126", "10458576", "12345672"])
def test_wrong_check_digits(tax_id):
    assert refusal("tax_id", tax_id).startswith(f"technical_contact.tax_id is {tax_id}, whose check digit is wrong")


@pytest.mark.parametrize("tax_id", ["7075902", "707590281", "4595257"])
def test_company_numbers_have_eight_digits(tax_id):
    assert f"technical_contact.tax_id has {len(tax_id)} digits" in refusal("tax_id", tax_id)


@pytest.mark.parametrize("tax_id", ["TW759028", "七〇七五九〇二八", "7075.9028"])
def test_company_numbers_are_digits(tax_id):
    assert refusal("tax_id", tax_id) == f"technical_contact.tax_id is {tax_id!r}: write it in digits only."


@patient
@given(st.text("0123456789", min_size=8, max_size=8))
def test_the_rule_of_2023_accepts_all_that_the_old_one_accepted(digits):
    """The old rule, written out as the Ministry's first description has it."""
    products = [int(digit) * weight for digit, weight in zip(digits, (1, 2, 1, 2, 1, 2, 4, 1))]
    sums = [product // 10 + product % 10 for product in products]
    totals = {sum(sums)} if digits[6] != "7" else {sum(sums) - 10, sum(sums) - 9}
    old = any(total % 10 == 0 for total in totals)
    new = any(total % 5 == 0 for total in totals)
    assert contacts.tax_id_is_valid(digits) == new
    assert new or not old


@patient
@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 4))
def test_most_single_wrong_digits_are_caught(digits, position, shift):
    """A digit of weight 1 that is off by one to four is always caught, unless the seventh digit blurs the sum."""
    if position in (1, 3, 5, 6) or digits[6] == "7" or not contacts.tax_id_is_valid(digits):
        return
    wrong = digits[:position] + str((int(digits[position]) + shift) % 10) + digits[position + 1 :]
    assert not contacts.tax_id_is_valid(wrong)


@pytest.mark.parametrize("code", ["100", "10048", "100006", "983"])
def test_postal_codes(code):
    assert check_one("postal_code", code) == (code, [])


@pytest.mark.parametrize("code", ["1", "10", "1000", "1000006", "012"])
def test_wrong_postal_codes(code):
    assert refusal("postal_code", code).startswith(f"technical_contact.postal_code is {code}: give a postal code ")


@pytest.mark.parametrize(
    "phone",
    [
        "(02)23708886#9",
        "(02) 2370-8886",
        "02-2370-8886 ext. 9",
        "02-2370-8886 EXT:1234",
        "02-23708886分機123",
        "02-2370-8886 轉 9",
        "02 2370 8886 x12",
        "02-2370-8886*12",
        "0223708886",
        "(03)3396789轉1240",
        "(037)123456",
        "(049)2345678",
        "089-123456",
        "0836-22222",
        "0912-345-678",
        "0912.345.678",
        "070-1010-1234",
        "0800-080-512",
        "+886-2-2370-8886#9",
        "+886 (0)2 2370 8886",
        "886-2-23708886",
        "(+886)912345678",
        "+81 3 1234 5678",
        "+247 12345",
        "+49 12345 12345678",
    ],
)
def test_phones_as_people_write_them(phone):
    assert check_one("phone", phone) == (phone, [])
    assert check_one("fax", phone) == (phone, [])


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("23708886", "no area code"),
        ("2370-8886#9", "no area code"),
        ("223708886", "no area code"),
        ("(02)237088", "which has 8 digits"),
        ("(02)237088861", "which has 11 digits"),
        ("070-1010-123", "which has 10 digits"),
        ("(02)23708886#", "extension"),
        ("(02)23708886#12a", "extension"),
        ("(02)23708886#1234567", "extension"),
        ("(02)23708886#9#8", "extension"),
        ("(02)23708886,(02)23708887", "one number"),
        ("(02)23708886/7", "one number"),
        ("(0223708886", "one number"),
        ("call me", "one number"),
        ("#9", "one number"),
        ("+247 1234", "international"),
        ("+49 12345 123456789", "international"),
    ],
)
def test_wrong_phones(phone, why):
    for field in ("phone", "fax"):
        message = refusal(field, phone)
        assert message.startswith(f"technical_contact.{field} is {phone!r}")
        assert why in message


@pytest.mark.parametrize("email", ["a@b.tw", "first.last+tls@sub.example.com.tw", "o'neil@xn--fiq228c.tw", "1@2.3d"])
def test_email_addresses(email):
    assert check_one("email", email) == (email, [])


@pytest.mark.parametrize(
    "email",
    [
        "a",
        "a@b",
        "@b.tw",
        "a@.tw",
        "a@b..tw",
        "a..b@c.tw",
        ".a@c.tw",
        "a.@c.tw",
        "a@-b.tw",
        "a@b-.tw",
        "a b@c.tw",
        "a@1.2.3.4",
        "a@b.tw;c@d.tw",
        "Name <a@b.tw>",
        "王@b.tw",
        "a" * 65 + "@b.tw",
        "a@" + "b" * 64 + ".tw",
        "a@" + "b." * 130 + "tw",
    ],
)
def test_wrong_email_addresses(email):
    assert refusal("email", email).startswith(f"technical_contact.email is {email!r}: give one plain address, ")


@pytest.mark.parametrize("name", ["陳怡君", "陳 怡君", "陳\u3000怡君"])
def test_business_and_technical_contact_are_two_persons(name):
    with pytest.raises(InputError, match=r"^business_contact\.name is the technical contact's too: "):
        contacts.check(TECHNICAL, {**BUSINESS, "name": name}, BILLING)


def test_persons_are_compared_by_meaning():
    with pytest.raises(InputError, match="two persons"):
        contacts.check({**TECHNICAL, "name": "Anna Lee"}, {**BUSINESS, "name": "ＡＮＮＡ ＬＥＥ"}, BILLING)


def test_two_persons_may_share_a_mailbox_with_a_notice():
    *_contacts, notices = contacts.check(TECHNICAL, {**BUSINESS, "email": "Service@twca.com.tw"}, BILLING)
    assert notices == ["business_contact.email is the technical contact's too: make sure that both persons read it."]


@patient
@given(st.dictionaries(st.sampled_from(contacts.CONTACT_FIELDS), st.one_of(st.none(), st.integers(), st.text())))
def test_any_input_ends_in_cleaned_contacts_or_in_sentences(changes):
    try:
        clean, *_rest = contacts.check({**TECHNICAL, **changes}, BUSINESS, BILLING)
    except InputError as refused:
        assert refused.message.endswith(".")
    else:
        assert set(clean) == set(contacts.CONTACT_FIELDS)
        assert all(value and value == value.strip() for value in clean.values())
        again, *_rest, notices = contacts.check(clean, BUSINESS, BILLING)
        assert again == clean
        assert not any("put right" in notice for notice in notices)


@patient
@given(st.randoms(use_true_random=False))
def test_full_width_digits_never_change_the_number(chance: random.Random):
    wide = "".join(
        chr(ord(character) + 0xFEE0) if chance.random() < 0.5 else character for character in TECHNICAL["phone"]
    )
    assert unicodedata.normalize("NFKC", wide) == TECHNICAL["phone"]
    assert check_one("phone", wide)[0] == TECHNICAL["phone"]


@pytest.mark.parametrize("passphrase", ["abcdef", "a b c d", "密碼密碼密碼", "𠮷" * 6, '"$ {{ x }} \\', "x" * 200])
def test_passphrases(passphrase):
    contacts.check_passphrase(passphrase)


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        (None, "is missing"),
        ("", "is missing"),
        ("5ecre", "is too short"),
        ("𠮷𠮷𠮷", "is too short"),
        (" 5ecret-word", "white space"),
        ("5ecret-word\n", "white space"),
        ("5ecret-word\u3000", "white space"),
        ("5ecret\tword", "control character"),
        ("5ecret\x7fword", "control character"),
    ],
)
def test_wrong_passphrases_are_refused_without_being_told(passphrase, why):
    with pytest.raises(InputError) as caught:
        contacts.check_passphrase(passphrase)
    assert caught.value.message.startswith("passphrase ")
    assert why in caught.value.message
    assert not passphrase or passphrase.strip() not in caught.value.message
