"""The texts that people agree to, from the same files as the public pages."""

from __future__ import annotations

from demo import content
from profiles.actions.consent import hash_of
from profiles.models import ConsentText, Purpose

FILES = {
    Purpose.JOINING: "consent-joining",
    Purpose.SPECIAL_CATEGORY: "consent-special-category",
    Purpose.MATCHING: "consent-matching",
    Purpose.VOLUNTEER: "consent-volunteer",
    Purpose.STORY: "consent-story",
    Purpose.COMMUNITY: "community-agreement",
}


def load_consent_texts() -> None:
    """Version 1 of each, in every language in which it is written."""
    for purpose, name in FILES.items():
        for language in ("en", "ar", "fr", "de", "es"):
            path = content.FOLDER / "texts" / language / f"{name}.toml"
            if not path.exists():
                continue
            row = content.one(f"texts/{language}/{name}")
            body = row["body"].strip()
            ConsentText.objects.get_or_create(
                purpose=purpose,
                language=language,
                number=1,
                defaults={
                    "title": row["title"],
                    "body": body,
                    "text_hash": hash_of(row["title"], body),
                },
            )
