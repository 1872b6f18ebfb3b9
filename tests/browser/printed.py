"""What stands on the pages of a PDF, as its own fonts tell it."""

from __future__ import annotations

import io
import re
from collections import defaultdict

import pikepdf


class Printed:
    """`text` runs as it is drawn: from left to right, Arabic words too. `shapes` holds
    the glyphs in which each letter is drawn; joined Arabic has several of one letter.
    """

    def __init__(self, body: bytes) -> None:
        self.text = ""
        self.shapes: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self.is_embedded = True
        with pikepdf.open(io.BytesIO(body)) as found:
            for page in found.pages:
                self.read(page)

    def read(self, page: pikepdf.Page) -> None:
        fonts = page.resources.Font
        maps = {name: letters_of(font) for name, font in fonts.items()}
        for font in fonts.values():
            drawn_by = font.DescendantFonts[0].FontDescriptor
            self.is_embedded &= "/FontFile2" in drawn_by
        name = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                name = str(operands[0])
            elif str(operator) == "Tj":
                self.draw(name, maps[name], bytes(operands[0]))

    def draw(self, name: str, letters: dict[int, str], raw: bytes) -> None:
        for place in range(0, len(raw), 2):
            code = int.from_bytes(raw[place : place + 2])
            letter = letters.get(code, "")  # "": a mark that its letter carries
            self.text += letter
            self.shapes[letter].add((name, code))


def letters_of(font: pikepdf.Object) -> dict[int, str]:
    text = font.ToUnicode.read_bytes().decode().upper()
    pairs = re.findall(r"<([0-9A-F]{4})>\s*<([0-9A-F]+)>", text)
    return {
        int(code, 16): bytes.fromhex(value).decode("utf-16-be") for code, value in pairs
    }
