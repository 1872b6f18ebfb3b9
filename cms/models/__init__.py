from cms.models.media import SiteDocument, SiteImage, SiteMedia, SiteRendition
from cms.models.pack import PackBuild, PackIndexPage, PackPage, PackPageStory
from cms.models.pages import AppealIndexPage, AppealPage, HomePage, StandardPage
from cms.models.practice import PracticeIndexPage, PracticePage
from cms.models.story import (
    FileTombstone,
    Medium,
    Story,
    StoryFile,
    StoryIndexPage,
    StoryPage,
    StoryTombstone,
    Use,
)

__all__ = [
    "AppealIndexPage",
    "AppealPage",
    "FileTombstone",
    "HomePage",
    "Medium",
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
    "Use",
]
