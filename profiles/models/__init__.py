from profiles.models.ban import Ban
from profiles.models.connection import Block, Connection, ContactGrant
from profiles.models.consent import ConsentRecord, ConsentText, Purpose
from profiles.models.introduction import Introduction
from profiles.models.invitation import Invitation
from profiles.models.joining import (
    REPLIES,
    TO_READ,
    Application,
    ApplicationState,
    Assignment,
    Decision,
    Referee,
)
from profiles.models.organisation import Organisation, OrganisationMembership
from profiles.models.profile import (
    Audience,
    Kind,
    Meets,
    Profile,
    ProfileSkill,
    ProfileView,
    Standing,
)
from profiles.models.questions import JoiningQuestion
from profiles.models.review import (
    MemberReview,
    ReviewReason,
    ReviewState,
    ReviewVoice,
)
from profiles.models.volunteer import VolunteerRegistration

__all__ = [
    "REPLIES",
    "TO_READ",
    "Application",
    "ApplicationState",
    "Assignment",
    "Audience",
    "Ban",
    "Block",
    "Connection",
    "ConsentRecord",
    "ConsentText",
    "ContactGrant",
    "Decision",
    "Introduction",
    "Invitation",
    "JoiningQuestion",
    "Kind",
    "Meets",
    "MemberReview",
    "Organisation",
    "OrganisationMembership",
    "Profile",
    "ProfileSkill",
    "ProfileView",
    "Purpose",
    "Referee",
    "ReviewReason",
    "ReviewState",
    "ReviewVoice",
    "Standing",
    "VolunteerRegistration",
]
