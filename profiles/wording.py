"""The wording of a consent where the network has published none of its own.

A site must never collect something without a text that says what is agreed to. Texts
that staff publish (`ConsentText`, number 1 and up) replace these.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from profiles.models import Purpose

NUMBER = 0

WORDING: dict[str, str | Promise] = {
    Purpose.JOINING: _(
        "The network stores what I write in my application and in the conversation "
        "about it, encrypted, and the people who vet read it to decide whether I can "
        "become a member. If the answer is no it is deleted after six months. I can "
        "withdraw this at any time; the application or membership then ends."
    ),
    Purpose.SPECIAL_CATEGORY: _(
        "If I say that I am a former or a survivor, that tells something about my "
        "beliefs, my health or my past. The law protects this particularly. I agree "
        "expressly that the network stores it, encrypted, and shows it to those whom "
        "I choose in my profile. I can withdraw this without giving a reason."
    ),
    Purpose.MATCHING: _(
        "My skills, languages, causes, times and the area where I am, rounded to 25 "
        "kilometres, are compared with what projects need. People who lead a project "
        "that fits see my pseudonym and why I fit, never my town or address. Members "
        "who could learn from me may have me proposed to them, with what they see of "
        "me anyway. I decide each time whether I say yes. I can turn this off at any "
        "time."
    ),
    Purpose.VOLUNTEER: _(
        "I am 18 or over. The network stores what I can do, what I care about, my "
        "languages, my town, my times and my e-mail address, encrypted where it would "
        "tell who I am, and compares them with what projects need. I can change or "
        "erase everything through the link that is mailed to me. After twelve months "
        "without activity it is erased."
    ),
    Purpose.STORY: _(
        "The network publishes the version of my story that I agreed to, for the uses "
        "that I ticked. I can withdraw it at any time; copies that were downloaded "
        "cannot be recalled."
    ),
    Purpose.COMMUNITY: _(
        "I treat other members with respect, press nobody to tell what they do not "
        "wish to tell, and pass nothing on that I learn here about others."
    ),
}
