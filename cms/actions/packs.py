"""Publishing packs, and building the ZIP of each whenever what is in it changed."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from cms import events, tree
from cms.models import PackBuild, PackIndexPage, PackPage, StoryPage
from cms.packs import archive, contents
from network import audit
from network.models import User

ATTEMPTS = 3  # an editor may publish while a build runs


def publish_pack(*, pack: PackPage, by: User | None) -> PackPage:
    """Puts a new or changed pack on the site; Wagtail's signal has it built."""
    with transaction.atomic():
        if pack.pk is None:
            shelf = tree.index(PackIndexPage, tree_language(pack.language))
            pack.locale, pack.live = shelf.locale, False
            shelf.add_child(instance=pack)
        pack.save_revision().publish()
        audit.record(action="pack published", by=by, subject=pack)
    # publishing wrote a copy of it: the caller's own still says that it is not live
    return PackPage.objects.get(pk=pack.pk)


def tree_language(language: str) -> str:
    return language if language in tree.LANGUAGES else "en"


def build_pack(*, pack: PackPage) -> PackBuild | None:
    """Builds what is published now, unless the newest build is of just that.

    The work is done outside the transaction; what was read is compared again inside.
    Returns None when the pack is not on the site.
    """
    for _attempt in range(ATTEMPTS):
        live = PackPage.objects.live().filter(pk=pack.pk).first()
        if live is None:
            return None
        newest = PackBuild.objects.filter(pack=live).first()
        days = withdrawal_days(live)
        found = contents.read(live, days)
        if newest and not newest.is_stale and newest.fingerprint == found.fingerprint:
            return newest
        built = _store(live, found, archive.build(found))
        if built is not None:
            return built
    return None


def withdrawal_days(pack: PackPage) -> list[str]:
    """The days on which a story fell out, as ISO dates; never which one."""
    newest = PackBuild.objects.filter(pack=pack).first()
    return list(newest.withdrawn_stories) if newest else []


def _store(
    pack: PackPage, found: contents.PackContents, data: archive.Archive
) -> PackBuild | None:
    """None when the pack changed meanwhile, or somebody else built it."""
    with transaction.atomic():
        locked = PackPage.objects.select_for_update().filter(pk=pack.pk).first()
        if locked is None:
            return None
        again = contents.read(locked, withdrawal_days(locked))
        newest = PackBuild.objects.filter(pack=locked).first()
        if again.fingerprint != found.fingerprint:
            return None
        if newest and not newest.is_stale and newest.fingerprint == found.fingerprint:
            return newest
        number = newest.number + 1 if newest else 1
        build = PackBuild(
            pack=locked,
            number=number,
            size=len(data.body),
            sha256=data.sha256,
            manifest=data.manifest,
            fingerprint=found.fingerprint,
            withdrawn_stories=found.withdrawn_on,
        )
        build.file.save(f"{pack.slug}-{number}.zip", ContentFile(data.body), save=False)
        build.save(force_insert=True)
        _drop_files_before(build)
    return build


def _drop_files_before(build: PackBuild) -> None:
    """Older builds go once there is a newer one; their numbers are not used again."""
    older = PackBuild.objects.filter(pack=build.pack, number__lt=build.number)
    names = list(older.values_list("file", flat=True))
    older.delete()
    transaction.on_commit(lambda: _delete(names))


def drop_builds(pack: PackPage) -> None:
    """A story in it was withdrawn: what was built is not served from this moment, and
    the lists learn of it: without its last story it is not in them."""
    builds = list(PackBuild.objects.filter(pack=pack))
    today = timezone.localdate().isoformat()
    for build in builds:
        build.is_stale = True
        build.withdrawn_stories = [*build.withdrawn_stories, today]
        build.save(update_fields=["is_stale", "withdrawn_stories"])
    names = [build.file.name for build in builds if build.file.name]
    transaction.on_commit(lambda: _delete(names))
    ask_for_build(pack)
    events.tell_page(pack, withdrawn=True)


def stop_packs_with(instance: StoryPage, **kwargs: Any) -> None:
    """Receiver of `page_unpublished`."""
    for pack in PackPage.objects.filter(stories__story=instance).distinct():
        drop_builds(pack)


def tell_packs_with(instance: StoryPage, **kwargs: Any) -> None:
    """Receiver of `page_published`: what was hidden is there again."""
    for pack in PackPage.objects.filter(stories__story=instance).distinct():
        ask_for_build(pack)
        events.tell_page(pack)


def build_after_publishing(instance: PackPage, **kwargs: Any) -> None:
    """Receiver of `page_published`."""
    ask_for_build(instance)


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def ask_for_build(pack: PackPage) -> None:
    """Leaves the work to the worker. The row of the task is part of the caller's
    transaction, so it is there exactly when the change is."""
    build_in_background.enqueue(pack.pk)


@task()
def build_in_background(pack_id: int) -> None:
    pack = PackPage.objects.filter(pk=pack_id).first()
    if pack is not None:
        build_pack(pack=pack)


def build_missing() -> int:
    """Packs on the site whose newest build is stale or missing; returns how many."""
    current = PackBuild.objects.filter(is_stale=False).values("pack")
    waiting = PackPage.objects.live().exclude(pk__in=current)
    return sum(build_pack(pack=pack) is not None for pack in waiting)
