"""What counts as leading elsewhere in a first word between strangers."""

import pytest

from profiles.links import holds_link


@pytest.mark.parametrize(
    "text",
    [
        "see https://example.org/x",
        "ftp://example.org",
        "-https://example.org",
        "-evil.com",
        "a-b-c.evil-site.org",
        "www.example.org",
        "write to me@example.org",
        "t.me/someone",
        "join us at t . me/someone",
        "bit.ly/3abc",
        "example.de has it",
        "find me as @some_one",
        "+216 20 123 456",
        "call 07700 900 123 tonight",
        "MY-SITE.ONLINE",
        "evil.biz",
        "t\u200b.me/someone",
        "ｅｖｉｌ．ｃｏｍ",
        "evil。com",
        "evil . com",
        "evil dot com",
        "evil [dot] org",
        "me (at) example",
        "Telegram: some_one",
        "find me @ some_one",
        "elsewhere.live",
        "our signal.group",
        "some-words.onion",
        "find me: evil [dot] example slash x",
        "evil (نقطة) com",
        "on discord I am evil#1234",
    ],
)
def test_what_leads_elsewhere_is_found(text: str) -> None:
    assert holds_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "I left in 2014. It took years.",
        "I am free on 25.11.2026 from 18:30.",
        "We met twice.Then we wrote.",
        "10 people, 2 rooms, 3 afternoons.",
        "أنا متاح يوم الأحد.",
        "Costs 1,200.50 a year",
        "and/or both",
        "Room #12, as always",
        "z.B. abends, u.a. am Telefon, i.e. by phone",
        "I read pages 10-12 of it",
        "They found me on Telegram and on Discord.",
        "We meet @ 7 in the hall",
        "A dot on the map. Me, I left.",
        "Ich habe das hinter mir.Es war schwer.",
    ],
)
def test_honest_sentences_are_not(text: str) -> None:
    assert not holds_link(text)
