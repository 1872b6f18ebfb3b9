from django.urls import path

from moderation.views import (
    bans,
    checks,
    desk,
    interviews,
    joining_questions,
    lost_access,
    notes,
    questions,
    recoveries,
    recovery_stop,
    reporting,
    reports,
    reviews,
    vetting,
)

app_name = "moderation"
urlpatterns = [
    path("in-danger/", reporting.danger, name="danger"),
    path("report/thanks/", reporting.thanks, name="thanks"),
    path("report/<slug:kind>/<str:key>/", reporting.report, name="report"),
    path("me/reports/", reporting.my_reports, name="my_reports"),
    path("join/questions/", questions.questions, name="questions"),
    path("lost-access/", lost_access.lost_access, name="lost_access"),
    path("lost-access/sent/", lost_access.lost_access_sent, name="lost_access_sent"),
    path(
        "lost-access/open/<str:token>/",
        lost_access.lost_access_open,
        name="lost_access_open",
    ),
    path("lost-access/yours/", lost_access.lost_access_yours, name="lost_access_yours"),
    path(
        "lost-access/yours/password/",
        lost_access.lost_access_password,
        name="lost_access_password",
    ),
    path(
        "lost-access/stop/<str:token>/",
        recovery_stop.recovery_stop_open,
        name="recovery_stop_open",
    ),
    path("lost-access/stop/", recovery_stop.recovery_stop, name="recovery_stop"),
    path(
        "me/lost-access/stop/",
        recovery_stop.own_recovery_stop,
        name="own_recovery_stop",
    ),
    path("staff/", desk.desk, name="desk"),
    path("staff/danger/", desk.danger_queue, name="danger_queue"),
    path("staff/reports/", desk.reports, name="reports"),
    path("staff/break/", desk.break_taken, name="break"),
    path(
        "staff/reports/<uuid:report_id>/", reports.report_detail, name="report_detail"
    ),
    path(
        "staff/reports/<uuid:report_id>/take/", reports.report_take, name="report_take"
    ),
    path(
        "staff/reports/<uuid:report_id>/step/", reports.report_step, name="report_step"
    ),
    path(
        "staff/reports/<uuid:report_id>/decide/",
        reports.report_decide,
        name="report_decide",
    ),
    path("staff/vetting/", vetting.vetting_queue, name="vetting"),
    path(
        "staff/vetting/<uuid:application_id>/",
        vetting.application_detail,
        name="application",
    ),
    path(
        "staff/vetting/<uuid:application_id>/take/",
        vetting.application_take,
        name="application_take",
    ),
    path(
        "staff/vetting/<uuid:application_id>/decide/",
        vetting.application_decide,
        name="application_decide",
    ),
    path(
        "staff/vetting/<uuid:application_id>/interview/",
        interviews.interview,
        name="interview",
    ),
    path("staff/vetting/<uuid:application_id>/notes/", notes.note_add, name="note_add"),
    path(
        "staff/vetting/<uuid:application_id>/notes/<uuid:note_id>/take-back/",
        notes.note_take_back,
        name="note_take_back",
    ),
    path("staff/vetting/<uuid:application_id>/turn-away/", bans.ban_add, name="ban"),
    path(
        "staff/vetting/<uuid:application_id>/log/",
        vetting.application_log,
        name="application_log",
    ),
    path("staff/questions/", joining_questions.question_list, name="joining_questions"),
    path(
        "staff/questions/new/",
        joining_questions.question_new,
        name="joining_question_new",
    ),
    path(
        "staff/questions/<uuid:question_id>/",
        joining_questions.question_edit,
        name="joining_question",
    ),
    path(
        "staff/questions/<uuid:question_id>/agree/",
        joining_questions.question_agree,
        name="joining_question_agree",
    ),
    path(
        "staff/questions/<uuid:question_id>/drop/",
        joining_questions.question_drop,
        name="joining_question_drop",
    ),
    path("staff/members/", reviews.review_queue, name="reviews"),
    path("staff/members/<uuid:review_id>/", reviews.review_detail, name="review"),
    path(
        "staff/members/<uuid:review_id>/decide/",
        reviews.review_decide,
        name="review_decide",
    ),
    path("me/check/", checks.own_check, name="own_check"),
    path("me/check/end/", checks.own_check_end, name="own_check_end"),
    path("staff/checks/", checks.check_queue, name="checks"),
    path("staff/checks/<uuid:check_id>/", checks.check_detail, name="check"),
    path(
        "staff/checks/<uuid:check_id>/decide/",
        checks.check_decide,
        name="check_decide",
    ),
    path("staff/checks/<uuid:check_id>/write/", checks.check_write, name="check_write"),
    path("staff/checks/<uuid:check_id>/end/", checks.check_end, name="check_end"),
    path("staff/bans/", bans.ban_list, name="bans"),
    path("staff/bans/<uuid:ban_id>/lift/", bans.ban_lift, name="ban_lift"),
    path("staff/recoveries/", recoveries.recovery_queue, name="recoveries"),
    path(
        "staff/recoveries/<uuid:recovery_id>/",
        recoveries.recovery_detail,
        name="recovery",
    ),
    path(
        "staff/recoveries/<uuid:recovery_id>/decide/",
        recoveries.recovery_decide,
        name="recovery_decide",
    ),
    path(
        "staff/recoveries/<uuid:recovery_id>/halt/",
        recoveries.recovery_halt,
        name="recovery_halt",
    ),
]
