"""Messages at rest: one key a conversation, conversation and message bound in."""

from messaging.models import Conversation, Message
from network import crypto


def seal(conversation: Conversation, message: Message, text: str) -> str:
    return crypto.encrypt(
        text, aad=_aad(conversation, message), key=conversation.data_key
    )


def text_of(conversation: Conversation, message: Message) -> str:
    """Empty for a deleted message and in a shredded conversation.

    Raises `crypto.Tampered` when the row was moved or altered.
    """
    if message.deleted_at is not None or conversation.data_key is None:
        return ""
    return crypto.decrypt(
        message.ciphertext,
        aad=_aad(conversation, message),
        key=conversation.data_key,
    )


def _aad(conversation: Conversation, message: Message) -> str:
    return f"messaging.Message|{conversation.pk}|{message.pk}"
