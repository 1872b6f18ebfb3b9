from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from network import crypto

OLD = f"old:{b64encode(b'o' * 32).decode()}"
NEW = f"new:{b64encode(b'n' * 32).decode()}"
AAD = "app.Model.field|1"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_in_its_place(text: str) -> None:
    assert crypto.decrypt(crypto.encrypt(text, aad=AAD), aad=AAD) == text


def test_token_names_format_and_key_and_hides_the_text(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    token = crypto.encrypt("a secret", aad=AAD)
    assert token.startswith("v1:old:")
    assert b"a secret" not in urlsafe_b64decode(token.split(":")[2])
    assert crypto.encrypt("a secret", aad=AAD) != token


def test_token_does_not_open_in_another_place() -> None:
    token = crypto.encrypt("a secret", aad=AAD)
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(token, aad="app.Model.field|2")


def test_every_altered_byte_is_noticed() -> None:
    version, key_id, encoded = crypto.encrypt("a secret", aad=AAD).split(":")
    sealed = urlsafe_b64decode(encoded)
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        token = f"{version}:{key_id}:{urlsafe_b64encode(altered).decode()}"
        with pytest.raises(crypto.Tampered):
            crypto.decrypt(token, aad=AAD)


@pytest.mark.parametrize(
    "token",
    ["", "plain words", "v1:", "v2:old:AAAA", "v1:old:%%%", "v1:old:é", "v1:old:"],
)
def test_what_is_no_token_is_never_returned(settings: Any, token: str) -> None:
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(token, aad=AAD)


def test_first_key_seals_and_all_keys_open(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = crypto.encrypt("kept", aad=AAD)
    settings.FIELD_KEYS = [NEW, OLD]
    assert crypto.decrypt(before, aad=AAD) == "kept"
    assert crypto.key_id_of(crypto.encrypt("fresh", aad=AAD)) == "new"


def test_missing_key_is_named_as_such(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    token = crypto.encrypt("lost", aad=AAD)
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(crypto.UnknownKey, match="old"):
        crypto.decrypt(token, aad=AAD)


def test_other_key_of_the_same_name_does_not_open(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    token = crypto.encrypt("lost", aad=AAD)
    settings.FIELD_KEYS = [NEW.replace("new:", "old:")]
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(token, aad=AAD)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["short:" + b64encode(b"x" * 16).decode()],
        ["no base64:%%"],
        [OLD, OLD],
        [OLD.replace("old:", "data:")],
    ],
)
def test_wrong_keys_are_refused_at_once(settings: Any, keys: list[str]) -> None:
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("anything", aad=AAD)


def test_bytes_are_sealed_alike() -> None:
    sealed = crypto.encrypt_bytes(b"\x00raw\xff", aad=AAD)
    assert crypto.decrypt_bytes(sealed, aad=AAD) == b"\x00raw\xff"
    for broken in (sealed[:-1], b"", b"\x00raw\xff", sealed[:20]):
        with pytest.raises(crypto.Tampered):
            crypto.decrypt_bytes(broken, aad=AAD)


def test_data_key_is_wrapped_and_opens_what_it_sealed() -> None:
    key = crypto.new_data_key()
    wrapped = crypto.wrap_key(key, aad="conversation|1")
    token = crypto.encrypt("hello", aad=AAD, key=key)
    assert key.hex() not in wrapped
    opened = crypto.unwrap_key(wrapped, aad="conversation|1")
    assert crypto.decrypt(token, aad=AAD, key=opened) == "hello"
    with pytest.raises(crypto.Tampered):
        crypto.unwrap_key(wrapped, aad="conversation|2")


def test_master_key_and_data_key_are_not_taken_for_one_another() -> None:
    key = crypto.new_data_key()
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(crypto.encrypt("x", aad=AAD, key=key), aad=AAD)
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(crypto.encrypt("x", aad=AAD), aad=AAD, key=key)
    with pytest.raises(crypto.Tampered):
        crypto.decrypt(
            crypto.encrypt("x", aad=AAD, key=key), aad=AAD, key=crypto.new_data_key()
        )


def test_blind_index_depends_on_value_purpose_and_key(settings: Any) -> None:
    mark = crypto.blind_index("a@example.org", purpose="volunteer")
    assert mark == crypto.blind_index("a@example.org", purpose="volunteer")
    assert len(mark) == 64
    assert "example" not in mark
    others = {
        crypto.blind_index("b@example.org", purpose="volunteer"),
        crypto.blind_index("a@example.org", purpose="referee"),
        crypto.blind_index("r:a@example.org", purpose="voluntee"),
    }
    settings.BLIND_INDEX_KEY = b64encode(b"k" * 32).decode()
    others.add(crypto.blind_index("a@example.org", purpose="volunteer"))
    assert len(others) == 4
    assert mark not in others
