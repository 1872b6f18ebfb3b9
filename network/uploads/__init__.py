"""Every file that comes in is made anew; what cannot be is refused with a reason.

The original is never stored. `rebuild` takes the type from the content alone.
"""

from collections.abc import Callable, Collection

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from network.uploads.captions import rebuild_captions
from network.uploads.files import (
    DEFAULT_LIMITS,
    Kind,
    Limits,
    RebuiltFile,
    Rejected,
    Upload,
)
from network.uploads.images import rebuild_image
from network.uploads.media import rebuild_media
from network.uploads.pdfs import rebuild_pdf
from network.uploads.sniff import Format, format_of

__all__ = [
    "DEFAULT_LIMITS",
    "Kind",
    "Limits",
    "RebuiltFile",
    "Rejected",
    "rebuild",
    "rebuild_captions",
    "rebuild_image",
    "rebuild_media",
    "rebuild_pdf",
]

Rebuilder = Callable[..., RebuiltFile]
BY_FORMAT: dict[Format, tuple[Rebuilder, frozenset[Kind]]] = {
    **dict.fromkeys(
        [Format.JPEG, Format.PNG, Format.WEBP, Format.GIF],
        (rebuild_image, frozenset({Kind.IMAGE})),
    ),
    **dict.fromkeys(
        [Format.MP3, Format.AAC, Format.OGG], (rebuild_media, frozenset({Kind.AUDIO}))
    ),
    **dict.fromkeys(
        [Format.MP4, Format.WEBM],
        (rebuild_media, frozenset({Kind.AUDIO, Kind.VIDEO})),
    ),
    Format.PDF: (rebuild_pdf, frozenset({Kind.PDF})),
    Format.VTT: (rebuild_captions, frozenset({Kind.CAPTIONS})),
}


def rebuild(
    file: Upload, *, allow: Collection[str], limits: Limits = DEFAULT_LIMITS
) -> RebuiltFile:
    """Rebuilds a file of one of the kinds in `allow` (`Kind`), else `Rejected`."""
    found = format_of(file)
    if found is not None:
        rebuilder, kinds = BY_FORMAT[found]
        if not kinds.isdisjoint(allow):
            result = rebuilder(file, limits=limits)
            if result.kind in allow:
                return result
    raise _unwelcome(allow)


def _unwelcome(allow: Collection[str]) -> Rejected:
    names = {
        Kind.IMAGE: _("pictures (JPEG, PNG, WebP)"),
        Kind.PDF: _("PDF"),
        Kind.AUDIO: _("sound (MP3, M4A, OGG)"),
        Kind.VIDEO: _("films (MP4, WebM)"),
        Kind.CAPTIONS: _("captions (VTT)"),
    }
    kinds = get_text_list(
        [name for kind, name in names.items() if kind in allow], _("or")
    )
    return Rejected(
        _("We cannot take this kind of file here. Send one of these: %(kinds)s.")
        % {"kinds": kinds}
    )
