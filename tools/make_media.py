"""Speak the audio and video stories and write their captions (development time only).

The demonstration carries four stories that are heard or watched. Nobody's voice is
in them: this program reads a story's transcript from `demo/content/stories`, speaks
it with espeak-ng, and writes beside `demo/content/media/README.md`

* `<slug>.m4a`: AAC, mono, for audio stories,
* `<slug>.mp4`: H.264 baseline and AAC over a slowly moving drawn landscape, for
  video stories,
* `<slug>.vtt`: captions whose times are measured on the speech itself: every clause
  is synthesised alone and the silence around it cut off, so that a cue begins and
  ends with its clause. Only a clause longer than a cue may be is divided in
  proportion to its letters.

A language that is written without vowels needs them to be spoken. When
`<slug>.spoken.txt` lies in the media folder its words are spoken in place of the
body's, one for one; what is shown stays the body. espeak-ng loses the vowel after a
doubled consonant and reads every case ending, so Arabic is respelt for it on the way.

Needs the programs `espeak-ng` and `ffmpeg` on the path. Run from the project's root:

    python tools/make_media.py                  # all stories with media
    python tools/make_media.py leaving-twice    # one of them
"""

import argparse
import hashlib
import math
import random
import re
import subprocess
import tempfile
import tomllib
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CONTENT = Path(__file__).resolve().parent.parent / "demo" / "content"
RATE = 22050  # espeak-ng's own; resampling would only add size
LINE = 42
PAUSES = ".?!؟:;,،؛"
LONGEST_CUE = 6.8  # seconds
SHORTEST_CUE_TEXT = 18
LOUDNESS = 0.1  # root mean square of the speech, full scale 1 (-20 dBFS)
FRAME_RATE = 5
WIDTH, HEIGHT = 640, 360

Samples = NDArray[np.float32]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Voice:
    name: str
    speed: int  # words a minute
    pitch: int  # 0 to 99
    letters: int  # most letters in a cue; what is spoken in under seven seconds


VOICES = {
    "the-night-i-stopped-answering": Voice("en-gb+Alex", 140, 38, 80),
    "leaving-twice": Voice("en-us+Annie", 138, 44, 80),
    "tariq-al-awda": Voice("ar+Alex", 172, 40, 68),
    "al-kursi-al-farigh": Voice("ar+Annie", 172, 46, 68),
}


@dataclass(frozen=True)
class Word:
    shown: str
    spoken: str

    @property
    def ends_sentence(self) -> bool:
        return self.shown[-1] in ".?!؟"

    @property
    def ends_clause(self) -> bool:
        return self.shown[-1] in PAUSES


@dataclass(frozen=True)
class Clause:
    words: tuple[Word, ...]
    pause: float  # seconds of silence after it

    @property
    def shown(self) -> str:
        return " ".join(word.shown for word in self.words)

    @property
    def spoken(self) -> str:
        return " ".join(word.spoken for word in self.words)


@dataclass(frozen=True)
class Cue:
    start: float
    end: float
    text: str


# --- from transcript to clauses -------------------------------------------------


def paragraphs(story: dict[str, str]) -> list[list[Word]]:
    """The transcript's words by paragraph, each with what is to be spoken for it.

    Raises ValueError where the spoken text has not the words of the body.
    """
    body = story["body"].strip()
    aloud = CONTENT / "media" / f"{story['slug']}.spoken.txt"
    spoken = aloud.read_text(encoding="utf-8").strip() if aloud.exists() else body
    return [
        [Word(*pair) for pair in zip(one.split(), other.split(), strict=True)]
        for one, other in zip(body.split("\n\n"), spoken.split("\n\n"), strict=True)
    ]


def length(words: list[Word]) -> int:
    return len(" ".join(word.shown for word in words))


def cut(words: list[Word], at: str) -> list[list[Word]]:
    """The words in runs, each ending where the property `at` of a word is true."""
    runs: list[list[Word]] = [[]]
    for word in words:
        runs[-1].append(word)
        if getattr(word, at):
            runs.append([])
    return [run for run in runs if run]


def gathered(runs: list[list[Word]], letters: int) -> list[list[Word]]:
    """Runs that follow each other joined, up to as many letters, evenly filled."""
    whole = sum(length(run) + 1 for run in runs)
    fair = min(letters, whole / math.ceil(whole / letters) * 1.15)
    joined = [runs[0]]
    for run in runs[1:]:
        fits = length(joined[-1] + run) <= fair
        if fits or length(run) < SHORTEST_CUE_TEXT:
            joined[-1] = joined[-1] + run
        else:
            joined.append(run)
    return joined


def clauses(text: list[list[Word]], letters: int) -> Iterator[Clause]:
    """What is spoken in one breath, with the pause that follows it."""
    for paragraph in text:
        for sentence in cut(paragraph, "ends_sentence"):
            for part in gathered(cut(sentence, "ends_clause"), letters):
                pause = 0.3
                if part[-1] is sentence[-1]:
                    pause = 0.6
                if part[-1] is paragraph[-1]:
                    pause = 1.15
                yield Clause(tuple(part), pause)


# --- speech ---------------------------------------------------------------------

ARABIC_SOUND = [
    (r"([ء-ي])([\u064b-\u0650])\u0651", "\\1\u0651\\2"),  # one order of marks
    (r"(?<=ال)([ء-ي])\u0651", r"\1"),  # the article doubles it already
    (r"([ء-ي])\u0651", "\\1\u0652\\1"),  # doubled by writing it twice
    (r"(?<=(?<!\S)لِ)ي(?=[\u064e\u064f])", " ي"),  # or it becomes a long vowel
    (r"\u064b?ا(?=[.:،؛؟]|$)", "ا"),  # the endings that fall silent at a pause
    (r"\u064bى(?=[.:،؛؟]|$)", "\u064eى"),
    (r"ة[\u064b-\u0650]?(?=[.:،؛؟]|$)", "ه"),
    (r"[\u064c-\u0650](?=[.:،؛؟]|$)", ""),
]


def sounded(text: str, language: str) -> str:
    """The text as espeak-ng must be given it to say it rightly."""
    if language == "ar":
        for pattern, spelling in ARABIC_SOUND:
            text = re.sub(pattern, spelling, text)
    return text


def speak(text: str, voice: Voice) -> Samples:
    """The sound of the text, without the silence before and after it."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "clause.wav"
        command = ["espeak-ng", "-v", voice.name, "-s", str(voice.speed)]
        command += ["-p", str(voice.pitch), "-w", str(target), "--", text]
        subprocess.run(command, check=True)
        with wave.open(str(target)) as file:
            raw = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
    sound: Samples = (raw / 32768).astype(np.float32)
    heard = np.flatnonzero(np.abs(sound) > 0.004)
    return sound[heard[0] : heard[-1] + 1]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def levelled(sound: Samples) -> Samples:
    """The sound at the common loudness, its peaks rounded off rather than cut."""
    speech = sound[np.abs(sound) > 0.004]
    louder = sound * (LOUDNESS / float(np.sqrt(np.mean(speech**2))))
    return np.array(np.tanh(louder), dtype=np.float32)


def narrate(story: dict[str, str], voice: Voice) -> tuple[Samples, list[Cue]]:
    """The whole speech and the cues that were measured on it."""
    parts: list[Samples] = [silence(0.8)]
    spoken: list[tuple[Cue, Clause]] = []
    now = 0.8
    for clause in clauses(paragraphs(story), voice.letters):
        sound = speak(sounded(clause.spoken, story["language"]), voice)
        end = now + len(sound) / RATE
        spoken.append((Cue(now, end, clause.shown), clause))
        parts += [sound, silence(clause.pause)]
        now = end + clause.pause
    cues = [cue for whole in together(spoken) for cue in divided(whole)]
    return levelled(np.concatenate(parts)), cues


# --- captions -------------------------------------------------------------------


def together(spoken: list[tuple[Cue, Clause]]) -> list[Cue]:
    """Cues, a very short one joined to the one before it in its paragraph."""
    cues: list[Cue] = []
    pause = math.inf
    for cue, clause in spoken:
        last = cues[-1] if cues else cue
        joined = Cue(last.start, cue.end, f"{last.text} {cue.text}")
        short = min(len(cue.text), len(last.text)) < SHORTEST_CUE_TEXT
        if pause < 1 and short and holds(joined):
            cues[-1] = joined
        else:
            cues.append(cue)
        pause = clause.pause
    return cues


def lines(text: str) -> list[str]:
    """The text in one line, or in two of like length, broken where it pauses."""
    if len(text) <= LINE:
        return [text]
    words = text.split()
    ways = [[" ".join(words[:n]), " ".join(words[n:])] for n in range(1, len(words))]

    def ugliness(way: list[str]) -> int:
        longest = max(map(len, way))
        pauses = way[0][-1] in PAUSES and longest <= LINE
        return longest - 12 * pauses

    return min(ways, key=ugliness)


def holds(cue: Cue) -> bool:
    fits = all(len(line) <= LINE for line in lines(cue.text))
    return fits and cue.end - cue.start <= LONGEST_CUE


def divided(cue: Cue) -> list[Cue]:
    """The cue, or parts of it that hold, with times in proportion to their letters."""
    if holds(cue):
        return [cue]
    first, second = lines(cue.text)
    share = len(first) / (len(first) + len(second))
    middle = cue.start + (cue.end - cue.start) * share
    return divided(Cue(cue.start, middle, first)) + divided(
        Cue(middle, cue.end, second)
    )


def stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return (
        f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:"
        f"{whole // 1000 % 60:02}.{whole % 1000:03}"
    )


def webvtt(cues: list[Cue]) -> str:
    blocks = ["WEBVTT"]
    for number, cue in enumerate(cues, 1):
        times = f"{stamp(cue.start)} --> {stamp(cue.end)}"
        blocks.append("\n".join([str(number), times, *lines(cue.text)]))
    return "\n\n".join(blocks) + "\n"


# --- picture --------------------------------------------------------------------

PALETTES = (  # sky above, sky below, sun, ridges from far to near
    ("#DCE9EA", "#F6E7D6", "#F3B98B", ("#B7CFCE", "#84ABAC", "#4B8083", "#1F5A5E")),
    ("#E4E3F0", "#F7E4DE", "#E9A58E", ("#C5C3DC", "#9A98BF", "#6C6A99", "#44426F")),
    ("#E7EDF5", "#FBE6D2", "#E5956A", ("#BCCBDD", "#8AA3C0", "#557699", "#2C4B6E")),
    ("#DFE8EE", "#EAE3EF", "#F4D9A6", ("#B9CBD6", "#8AA7B8", "#557B90", "#274F66")),
)
FINE = 2  # drawn larger and reduced, since Pillow draws without smooth edges


def colour(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(a + (b - a) * share) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


@dataclass(frozen=True)
class Ridge:
    base: float
    height: float
    waves: tuple[tuple[float, float], ...]  # frequency, phase
    tint: Colour

    def points(self, drift: float) -> list[tuple[float, float]]:
        """Its outline as a polygon in fine pixels; `drift` moves it sideways."""
        outline = []
        for x in range(0, WIDTH + 1, 4):
            t = (x + drift) / WIDTH * math.tau
            rise = sum(
                math.sin(f * t + p) / (n + 1) for n, (f, p) in enumerate(self.waves)
            )
            outline.append((x * FINE, (self.base + self.height * rise / 1.6) * FINE))
        return [(0, HEIGHT * FINE), *outline, (WIDTH * FINE, HEIGHT * FINE)]


class Landscape:
    """A horizon with a sun, the same for the same seed, that moves very slowly."""

    def __init__(self, seed: str) -> None:
        number = int(hashlib.sha256(seed.encode()).hexdigest()[:12], 16)
        chance = random.Random(number)
        above, below, sun, tints = chance.choice(PALETTES)
        self.below, self.sun = colour(below), colour(sun)
        self.sky = self._sky(colour(above))
        self.centre = chance.randint(170, WIDTH - 170)
        self.radius = chance.randint(36, 50)
        self.ridges = [
            Ridge(
                158 + n * 50,
                34 - n * 4,
                tuple(
                    (chance.uniform(0.5, 1.2) * (k + 1), chance.uniform(0, math.tau))
                    for k in range(3)
                ),
                colour(tint),
            )
            for n, tint in enumerate(tints)
        ]

    def _sky(self, above: Colour) -> Image.Image:
        sky = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
        draw = ImageDraw.Draw(sky)
        for y in range(HEIGHT * FINE):
            shade = mixed(above, self.below, y / HEIGHT / FINE)
            draw.line([(0, y), (WIDTH * FINE, y)], fill=shade)
        return sky

    def frame(self, share: float) -> bytes:
        """The picture as RGB bytes at a share (0 to 1) of the film's length."""
        picture = self.sky.copy()
        draw = ImageDraw.Draw(picture)
        height = 150 - 34 * share  # the sun comes up while the story is told
        for wider, tint in ((26, mixed(self.below, self.sun, 0.25)), (0, self.sun)):
            radius = self.radius + wider
            box = [self.centre - radius, height - radius]
            box += [self.centre + radius, height + radius]
            draw.ellipse([side * FINE for side in box], fill=tint)
        for depth, ridge in enumerate(self.ridges):
            draw.polygon(ridge.points(share * 9 * (depth + 1)), fill=ridge.tint)
        return picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX).tobytes()


# --- files ----------------------------------------------------------------------

SOUND = ["-af", "highpass=f=70,lowpass=f=8000", "-c:a", "aac", "-ac", "1"]
SOUND += ["-b:a", "48k", "-ar", str(RATE)]
FILE = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"]
FILE += ["-movflags", "+faststart"]
QUIET = ["ffmpeg", "-y", "-loglevel", "error"]
FILM = ["-c:v", "libx264", "-profile:v", "baseline", "-pix_fmt", "yuv420p"]
FILM += ["-preset", "slow", "-tune", "animation", "-crf", "30", "-g", "50"]


def write_wave(sound: Samples, target: Path) -> None:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype(np.int16).tobytes())


def write_audio(speech: Path, target: Path) -> None:
    command = [*QUIET, "-i", str(speech), *SOUND, *FILE, str(target)]
    subprocess.run(command, check=True)


def write_video(speech: Path, seconds: float, seed: str, target: Path) -> None:
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}"]
    source += ["-r", str(FRAME_RATE), "-i", "-", "-i", str(speech)]
    command = [*QUIET, *source, *FILM, *SOUND, *FILE, str(target)]
    landscape = Landscape(seed)
    count = math.ceil(seconds * FRAME_RATE)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:
        assert encoder.stdin is not None
        for number in range(count):
            encoder.stdin.write(landscape.frame(number / count))
        encoder.stdin.close()
    if encoder.returncode:
        raise subprocess.CalledProcessError(encoder.returncode, command)


def make(story: dict[str, str]) -> None:
    """Write the media file and the captions of one story."""
    sound, cues = narrate(story, VOICES[story["slug"]])
    target = CONTENT / story["media"]
    captions = CONTENT / story["captions"]
    captions.write_text(webvtt(cues), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        speech = Path(folder) / "speech.wav"
        write_wave(sound, speech)
        if story["medium"] == "video":
            write_video(speech, len(sound) / RATE, story["slug"], target)
        else:
            write_audio(speech, target)
    print(
        f"{target.name}: {len(sound) / RATE:.1f} s, {len(cues)} cues, "
        f"{target.stat().st_size // 1000} kB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the stories' media.")
    parser.add_argument("slugs", nargs="*", help="default: all stories with media")
    wanted = parser.parse_args().slugs or list(VOICES)
    for slug in wanted:
        text = (CONTENT / "stories" / f"{slug}.toml").read_text(encoding="utf-8")
        make(tomllib.loads(text))


if __name__ == "__main__":
    main()
