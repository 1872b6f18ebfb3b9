"""PDFs, put together anew from their pages' drawing alone.

A page keeps its boxes, resources and content. Actions, scripts, forms, annotations,
attachments, layers' switches, structure and earlier revisions stay behind, and so do
the pictures' own metadata.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Name, Pdf

from network.uploads.files import (
    DEFAULT_LIMITS,
    Kind,
    Limits,
    RebuiltFile,
    Rejected,
    Upload,
    rebuilt,
    whole,
)
from network.uploads.pdf_pictures import clean_picture
from network.uploads.sniff import Format, format_of

PAGE_KEYS = frozenset(
    [
        "/Type",
        "/Parent",
        "/Contents",
        "/UserUnit",
        "/Group",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
    ]
)
STREAM_KEYS = frozenset(["/Length", "/Filter", "/DecodeParms"])
IMAGE_KEYS = STREAM_KEYS | frozenset(
    [
        "/Type",
        "/Subtype",
        "/Width",
        "/Height",
        "/ColorSpace",
        "/BitsPerComponent",
        "/Intent",
        "/ImageMask",
        "/Mask",
        "/Decode",
        "/Interpolate",
        "/SMask",
        "/SMaskInData",
        "/Matte",
    ]
)
FORM_KEYS = STREAM_KEYS | frozenset(
    ["/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group"]
)
RESOURCE_KEYS = frozenset(
    [
        "/ExtGState",
        "/ColorSpace",
        "/Pattern",
        "/Shading",
        "/XObject",
        "/Font",
        "/ProcSet",
    ]
)
LOOSE_KEYS = frozenset(
    ["/Metadata", "/PieceInfo", "/LastModified", "/AF", "/OC", "/OPI"]
)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
# pikepdf types its objects by what is asked of them
PdfObject = Any


def rebuild_pdf(file: Upload, *, limits: Limits = DEFAULT_LIMITS) -> RebuiltFile:
    """Raises `Rejected` for what is encrypted, damaged, empty or too long."""
    if format_of(file) is not Format.PDF:
        raise Rejected(_("This is not a PDF. Save the document as PDF and send that."))
    source = whole(file, limits.pdf_bytes)
    with _refusals(), _opened(source) as original, Pdf.new() as fresh:
        _refuse_page_count(len(original.pages), limits)
        _copy_pages(original, fresh)
        _copy_language(original, fresh)
        for item in list(fresh.objects):
            _clean(item)
        return _saved(fresh)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except pikepdf.PasswordError as error:
        raise _is_locked() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Rejected(
            _(
                "This PDF is damaged or built in a way that we cannot read. Open it, "
                "print it to a new PDF and send that."
            )
        ) from error


def _is_locked() -> Rejected:
    return Rejected(
        _("This PDF is locked with a password. Save a copy without it and send that.")
    )


def _opened(source: io.BytesIO) -> Pdf:
    # a file cut short must not pass as the part that could be saved of it
    original = Pdf.open(source, attempt_recovery=False)
    if original.is_encrypted:
        original.close()
        raise _is_locked()
    return original


def _refuse_page_count(pages: int, limits: Limits) -> None:
    if pages == 0:
        raise Rejected(_("This PDF has no pages. Export it again and send it."))
    if pages > limits.pages:
        raise Rejected(
            _("This PDF has more than %(pages)d pages. Send it in parts.")
            % {"pages": limits.pages}
        )


def _copy_pages(original: Pdf, fresh: Pdf) -> None:
    for page in original.pages:
        # before it is copied: what a page points to would come along
        _keep_only(page.obj, PAGE_KEYS)
        fresh.pages.append(page)
    for page in fresh.pages:
        contents: PdfObject = page.obj.get(Name.Contents, [])
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            if isinstance(stream, pikepdf.Stream):
                _keep_only(stream, STREAM_KEYS)


def _copy_language(original: Pdf, fresh: Pdf) -> None:
    language = str(original.Root.get(Name.Lang, ""))
    if LANGUAGE.fullmatch(language):
        fresh.Root.Lang = pikepdf.String(language)


def _clean(item: PdfObject) -> None:
    """Cleans one object and what stands directly in it."""
    if isinstance(item, pikepdf.Array):
        for part in list(item):
            _clean_direct(part)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        _clean_keys(item)
        for key in list(item.keys()):
            _clean_direct(item[key])


def _clean_direct(part: PdfObject) -> None:
    if isinstance(part, pikepdf.Object) and not part.is_indirect:
        _clean(part)


def _clean_keys(item: PdfObject) -> None:
    if isinstance(item, pikepdf.Stream):
        _clean_stream(item)
    elif Name.Type in item:
        # not the maps of glyphs or resources, where these may be somebody's names
        _drop(item, LOOSE_KEYS)
    resources = item.get(Name.Resources)
    if isinstance(resources, pikepdf.Dictionary):
        _keep_only(resources, RESOURCE_KEYS)


def _clean_stream(stream: pikepdf.Stream) -> None:
    subtype = stream.get(Name.Subtype)
    if subtype == Name.Image:
        _keep_only(stream, IMAGE_KEYS)
        clean_picture(stream)
    elif subtype == Name.Form:
        _keep_only(stream, FORM_KEYS)
    elif subtype == Name.PS:
        # a program for printers
        stream.write(b"")
    else:
        _drop(stream, LOOSE_KEYS)


def _keep_only(item: PdfObject, keys: frozenset[str]) -> None:
    _drop(item, frozenset(item.keys()) - keys)


def _drop(item: PdfObject, keys: frozenset[str]) -> None:
    for key in keys & frozenset(item.keys()):
        del item[key]


def _saved(fresh: Pdf) -> RebuiltFile:
    out = io.BytesIO()
    fresh.save(out, deterministic_id=True)
    return rebuilt(
        out.getvalue(),
        kind=Kind.PDF,
        content_type="application/pdf",
        extension="pdf",
        pages=len(fresh.pages),
    )
