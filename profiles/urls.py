from django.urls import path

from profiles.views import (
    becoming,
    buddies,
    connections,
    export,
    introductions,
    invitations,
    joining,
    mails,
    me,
    people,
    reviews,
    suggest,
    volunteers,
    vouching,
)

app_name = "profiles"
urlpatterns = [
    path("join/", joining.apply, name="apply"),
    path("join/status/", joining.application_status, name="application_status"),
    path("join/withdraw/", joining.application_withdraw, name="application_withdraw"),
    path("join/appeal/", joining.application_appeal, name="application_appeal"),
    path("join/referees/", vouching.referees, name="referees"),
    path(
        "join/referees/<uuid:referee_id>/remove/",
        vouching.referee_remove,
        name="referee_remove",
    ),
    path("speak-for/open/<str:token>/", vouching.referee_open, name="referee_open"),
    path("speak-for/", vouching.referee, name="referee"),
    path("join/under-18/", joining.under_age, name="under_age"),
    path("me/", me.me, name="me"),
    path("me/arrive/", me.arrive, name="arrive"),
    path("me/profile/", me.profile_edit, name="profile_edit"),
    path("me/preview/", me.profile_preview, name="profile_preview"),
    path("me/seen-by/", people.seen_by, name="seen_by"),
    path("me/invitations/", invitations.invitations, name="invitations"),
    path(
        "me/invitations/<uuid:invitation_id>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        "invited/open/<str:token>/", invitations.invitation_open, name="invitation_open"
    ),
    path("invited/", invitations.invitation, name="invitation"),
    path("me/consents/", me.consents, name="consents"),
    path(
        "me/consents/<uuid:consent_id>/", me.consent_withdraw, name="consent_withdraw"
    ),
    path("me/export/", export.export, name="export"),
    path("me/erase/", me.erase, name="erase"),
    path("me/pause/", me.pause, name="pause"),
    path("me/buddy/", buddies.buddy, name="buddy"),
    path("me/stay/", reviews.reconfirm, name="reconfirm"),
    path("me/notices/", me.notice_list, name="notices"),
    path("me/notifications/", mails.notifications, name="notifications"),
    path("mails/stop/<str:token>/", mails.mail_stop_open, name="mail_stop_open"),
    path("mails/stop/", mails.mail_stop, name="mail_stop"),
    path("people/<uuid:user_id>/", people.profile_detail, name="profile_detail"),
    path(
        "people/<uuid:user_id>/connect/",
        connections.connection_request,
        name="connection_request",
    ),
    path("people/<uuid:user_id>/introduce/", introductions.introduce, name="introduce"),
    path("people/<uuid:user_id>/block/", people.block, name="block"),
    path("people/<uuid:user_id>/unblock/", people.unblock, name="unblock"),
    path("connections/", connections.connection_list, name="connections"),
    path(
        "connections/<uuid:connection_id>/answer/",
        connections.connection_answer,
        name="connection_answer",
    ),
    path(
        "introductions/<uuid:introduction_id>/answer/",
        introductions.introduction_answer,
        name="introduction_answer",
    ),
    path(
        "introductions/<uuid:introduction_id>/withdraw/",
        introductions.introduction_withdraw,
        name="introduction_withdraw",
    ),
    path("registration/", volunteers.volunteer_edit, name="volunteer_edit"),
    path(
        "registration/open/<str:token>/",
        volunteers.volunteer_link,
        name="volunteer_link",
    ),
    path("registration/account/", becoming.volunteer_account, name="volunteer_account"),
    path(
        "registration/account/open/<str:token>/",
        becoming.volunteer_account_open,
        name="volunteer_account_open",
    ),
    path(
        "registration/account/begin/",
        becoming.volunteer_account_begin,
        name="volunteer_account_begin",
    ),
    path(
        "registration/account/take-along/",
        becoming.volunteer_take_along,
        name="volunteer_take_along",
    ),
    path("registration/erase/", volunteers.volunteer_erase, name="volunteer_erase"),
    path("suggest/skills/", suggest.suggest, name="suggest"),
    path("suggest/places/", suggest.suggest_places, name="suggest_places"),
    path("suggest/languages/", suggest.suggest_languages, name="suggest_languages"),
]
