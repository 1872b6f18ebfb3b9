"""The demonstration's stories: their fields, their languages, and media that play."""

import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import webvtt
from numpy.typing import NDArray

CONTENT = Path(__file__).resolve().parents[2] / "demo" / "content"

SLUGS = {
    "en": {
        "the-night-i-stopped-answering",
        "what-i-tell-the-children",
        "leaving-twice",
        "the-uniform-in-the-attic",
        "a-seat-on-the-tram",
        "forty-messages-a-day",
        "my-brothers-chair",
        "the-choir-came-back",
        "the-bus-at-six",
        "after-the-sentence",
        "the-first-honest-job",
        "what-the-coach-saw",
        "the-shop-on-the-corner",
        "the-question-i-could-not-answer",
        "two-kitchens",
    },
    "ar": {"tariq-al-awda", "al-kursi-al-farigh", "rasael-ila-akhi"},
    "es": {"la-cancha-de-abajo", "lo-que-queda-del-mercado"},
    "fr": {"le-silence-du-dimanche", "la-derniere-reunion"},
    "de": {"der-weg-zurueck-ins-dorf", "elf-minuten"},
}
EVERY_SLUG = sorted(slug for slugs in SLUGS.values() for slug in slugs)
MEDIA = {
    "the-night-i-stopped-answering": "video",
    "leaving-twice": "audio",
    "tariq-al-awda": "audio",
    "al-kursi-al-farigh": "video",
}
TEXTS = {"title", "slug", "language", "kind", "pseudonym", "region", "background"}
TEXTS |= {"medium", "summary", "mentions", "body", "pull_quote"}
FIELDS = TEXTS | {"country_hint", "themes", "minutes"}
MEDIA_FIELDS = {"media", "captions", "voice_note"}
THEMES = {
    *("leaving", "recruitment", "family", "grief", "forgiveness-not-required"),
    *("anger", "belonging", "online", "prison", "faith", "school", "work", "shame"),
    *("rebuilding", "friendship"),
}
LITTLE_WORDS = {  # the commonest of each language, that no other of the five shares
    "en": {"the", "and", "was", "that", "with"},
    "es": {"que", "una", "los", "por", "con"},
    "fr": {"les", "des", "une", "était", "dans"},
    "de": {"und", "der", "nicht", "ich", "ist"},
    "ar": {"من", "في", "على", "أن", "إلى"},
}
NOT = {
    "en": r"\b(no|not|nobody|nothing)\b",
    "ar": r"(^|\s)(لا|ولا|لم)\s",
    "es": r"\b(no|ni|ningún)\b",
    "fr": r"\b(ni|ne|aucun)\b",
    "de": r"\b(nicht|kein|keine|niemand)\b",
}
MEGABYTE = 1_000_000
WIDEST_LINE = 42
LONGEST_CUE = 7.0


@cache
def story(slug: str) -> dict[str, Any]:
    with (CONTENT / "stories" / f"{slug}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def sound(slug: str) -> tuple[NDArray[np.float32], int]:
    """The decoded samples of a story's medium as one channel, and their rate."""
    with av.open(str(CONTENT / story(slug)["media"])) as container:
        rate = container.streams.audio[0].rate
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        parts = [
            part.to_ndarray()[0]
            for frame in container.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    return np.concatenate(parts).astype(np.float32), rate


def seconds(stamp: webvtt.models.Timestamp) -> float:
    minutes = stamp.hours * 60 + stamp.minutes
    return float(minutes * 60 + stamp.seconds + stamp.milliseconds / 1000)


def cues(slug: str) -> list[tuple[float, float, str]]:
    read = webvtt.read(str(CONTENT / story(slug)["captions"]))
    return [
        (seconds(cue.start_time), seconds(cue.end_time), cue.text)
        for cue in read.captions
    ]


def loudness(slug: str, start: float, end: float) -> float:
    samples, rate = sound(slug)
    piece = samples[round(start * rate) : round(end * rate)]
    return float(np.sqrt(np.mean(piece**2)))


def letters(text: str, pattern: str) -> int:
    return len(re.findall(pattern, text))


def test_the_stories_are_the_agreed_ones() -> None:
    files = {path.stem for path in (CONTENT / "stories").glob("*.toml")}
    assert files == set(EVERY_SLUG)
    assert len(files) == 24


def test_no_two_stories_share_a_name_an_opening_or_an_ending() -> None:
    all_stories = [story(slug) for slug in EVERY_SLUG]
    openings = {tuple(one["body"].split()[:3]) for one in all_stories}
    endings = {tuple(one["body"].split()[-3:]) for one in all_stories}
    names = {one["pseudonym"] for one in all_stories}
    assert len(openings) == len(endings) == len(names) == 24


def test_both_kinds_of_storyteller_speak() -> None:
    kinds = [story(slug)["kind"] for slug in EVERY_SLUG]
    assert kinds.count("former") == 13
    assert kinds.count("survivor") == 11


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_a_story_has_all_its_fields(slug: str) -> None:
    one = story(slug)
    assert set(one) == FIELDS | (MEDIA_FIELDS if slug in MEDIA else set())
    assert all(isinstance(one[name], str) and one[name].strip() for name in TEXTS)
    assert one["slug"] == slug
    assert slug in SLUGS[one["language"]]
    assert one["medium"] == MEDIA.get(slug, "text")
    assert one["kind"] in {"former", "survivor"}
    assert re.fullmatch(r"([A-Z]{2})?", one["country_hint"])
    assert 1 <= one["minutes"] <= 6


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_a_story_keeps_the_limits_of_length(slug: str) -> None:
    one = story(slug)
    least, most = (170, 260) if slug in MEDIA else (550, 900)
    assert least <= len(one["body"].split()) <= most
    assert len(one["summary"]) <= 220
    assert one["themes"]
    assert set(one["themes"]) <= THEMES
    assert len(one["themes"]) == len(set(one["themes"]))


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_a_story_is_written_in_its_language(slug: str) -> None:
    one = story(slug)
    language = one["language"]
    arabic = letters(one["body"], "[\u0621-\u064a]")
    latin = letters(one["body"], "[A-Za-zÀ-ÿ]")
    assert (arabic > 20 * latin) == (language == "ar")
    words = re.findall(r"[^\W\d_]+", one["body"].lower())
    found = {
        code: sum(words.count(word) for word in little)
        for code, little in LITTLE_WORDS.items()
    }
    assert max(found, key=lambda code: found[code]) == language


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_the_pull_quote_is_the_storytellers(slug: str) -> None:
    assert story(slug)["pull_quote"] in story(slug)["body"]


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_the_content_note_ends_with_what_is_not_described(slug: str) -> None:
    one = story(slug)
    last = re.split(r"(?<=\.)\s", one["mentions"].strip())[-1]
    assert re.search(NOT[one["language"]], last.lower())


@pytest.mark.parametrize("slug", EVERY_SLUG)
def test_the_body_uses_only_the_agreed_marks(slug: str) -> None:
    for block in story(slug)["body"].strip().split("\n\n"):
        assert block.strip()
        assert "\n" not in block or block.startswith("- ")
        assert not re.match(r"#(?!# \S)", block)
        assert "*" not in block


@pytest.mark.parametrize("slug", MEDIA)
def test_a_medium_is_small_and_long_enough(slug: str) -> None:
    path = CONTENT / story(slug)["media"]
    assert path.stat().st_size <= MEGABYTE
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert container.duration / av.time_base >= 60
        assert container.streams.audio[0].codec_context.name == "aac"
        assert container.streams.audio[0].codec_context.channels == 1


@pytest.mark.parametrize("slug", [slug for slug in MEDIA if MEDIA[slug] == "video"])
def test_a_film_has_a_picture_that_moves(slug: str) -> None:
    with av.open(str(CONTENT / story(slug)["media"])) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (640, 360)
        assert stream.codec_context.name == "h264"
        pictures = [
            frame.to_ndarray(format="gray").astype(int)
            for number, frame in enumerate(container.decode(video=0))
            if number % 100 == 0
        ]
    assert len(pictures) >= 4
    assert all(picture.std() > 10 for picture in pictures)
    assert all(np.abs(a - b).mean() > 0.2 for a, b in pairwise(pictures))


@pytest.mark.parametrize("slug", [slug for slug in MEDIA if MEDIA[slug] == "video"])
def test_a_film_can_start_before_it_is_loaded(slug: str) -> None:
    raw = (CONTENT / story(slug)["media"]).read_bytes()
    assert 0 < raw.index(b"moov") < raw.index(b"mdat")


@pytest.mark.parametrize("slug", MEDIA)
def test_a_medium_can_be_heard(slug: str) -> None:
    samples, rate = sound(slug)
    levels = [
        loudness(slug, second, second + 1) for second in range(len(samples) // rate)
    ]
    assert sum(level > 0.01 for level in levels) > 0.85 * len(levels)
    assert np.abs(samples).max() < 1


@pytest.mark.parametrize("slug", MEDIA)
def test_captions_can_be_read_in_time(slug: str) -> None:
    for start, end, text in cues(slug):
        assert 0.5 < end - start <= LONGEST_CUE
        assert 1 <= len(text.splitlines()) <= 2
        assert all(len(line) <= WIDEST_LINE for line in text.splitlines())


@pytest.mark.parametrize("slug", MEDIA)
def test_captions_cover_the_medium_in_order(slug: str) -> None:
    times = cues(slug)
    samples, rate = sound(slug)
    assert times[0][0] < 2
    assert 0 <= len(samples) / rate - times[-1][1] < 3
    assert all(
        before[1] <= after[0] < before[1] + 2 for before, after in pairwise(times)
    )


@pytest.mark.parametrize("slug", MEDIA)
def test_captions_say_what_the_transcript_says(slug: str) -> None:
    said = " ".join(text for _, _, text in cues(slug)).split()
    assert said == story(slug)["body"].split()


@pytest.mark.parametrize("slug", MEDIA)
def test_captions_follow_the_speech(slug: str) -> None:
    times = cues(slug)
    gaps = [
        loudness(slug, before[1] + 0.08, after[0] - 0.08)
        for before, after in pairwise(times)
        if after[0] - before[1] > 0.2
    ]
    assert len(gaps) > len(times) / 2
    assert min(loudness(slug, start, end) for start, end, _ in times) > 0.03
    assert max(gaps) < 0.003
    for start, end, _ in times:
        assert loudness(slug, start, start + 0.35) > 0.01
        assert loudness(slug, end - 0.35, end) > 0.01


@pytest.mark.parametrize("slug", ["tariq-al-awda", "al-kursi-al-farigh"])
def test_the_text_with_vowel_signs_has_the_words_of_the_body(slug: str) -> None:
    aloud = (CONTENT / "media" / f"{slug}.spoken.txt").read_text(encoding="utf-8")
    assert bare(aloud) == bare(story(slug)["body"])
    assert letters(aloud, "[\u064b-\u0652]") > len(aloud) / 4


def bare(text: str) -> list[str]:
    """The words without vowel signs."""
    return re.sub("[\u064b-\u0652\u0670]", "", text).split()


@pytest.mark.parametrize("slug", MEDIA)
def test_the_voice_is_said_to_be_synthetic(slug: str) -> None:
    word = {"en": "synthetic", "ar": "مصنوع بالحاسوب"}[story(slug)["language"]]
    assert word in story(slug)["voice_note"]
