from cms.models.media import SiteDocument, SiteImage, SiteMedia, SiteRendition
from cms.models.pack import PackBuild, PackIndexPage, PackPage, PackPageStory
from cms.models.pages import AppealIndexPage, AppealPage, HomePage, StandardPage
from cms.models.practice import PracticeIndexPage, PracticePage
from cms.models.story import (
    Story,
    StoryFile,
    StoryIndexPage,
    StoryPage,
    StoryTombstone,
)

__all__ = [
    "AppealIndexPage",
    "AppealPage",
    "HomePage",
    "PackBuild",
    "PackIndexPage",
    "PackPage",
    "PackPageStory",
    "PracticeIndexPage",
    "PracticePage",
    "SiteDocument",
    "SiteImage",
    "SiteMedia",
    "SiteRendition",
    "StandardPage",
    "Story",
    "StoryFile",
    "StoryIndexPage",
    "StoryPage",
    "StoryTombstone",
]
