"""What other modules use to seal what must not be read from a stolen database."""

from network.cipher import (
    Tampered,
    UnknownKey,
    blind_index,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    key_id_of,
    key_ring,
    new_data_key,
    unwrap_key,
    wrap_key,
)
from network.fields import (
    EncryptedJSONField,
    EncryptedKeyField,
    EncryptedTextField,
    NeedsRow,
    Sealed,
    encrypted_fields,
)

__all__ = [
    "EncryptedJSONField",
    "EncryptedKeyField",
    "EncryptedTextField",
    "NeedsRow",
    "Sealed",
    "Tampered",
    "UnknownKey",
    "blind_index",
    "decrypt",
    "decrypt_bytes",
    "encrypt",
    "encrypt_bytes",
    "encrypted_fields",
    "key_id_of",
    "key_ring",
    "new_data_key",
    "unwrap_key",
    "wrap_key",
]
