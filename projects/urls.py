from django.urls import path

from projects.views import answers, needs, projects, volunteering

app_name = "projects"
urlpatterns = [
    path("projects/", projects.project_list, name="list"),
    path("projects/new/", projects.project_create, name="create"),
    path("projects/review/", projects.project_review, name="review"),
    path("projects/<slug:slug>/", projects.project_detail, name="detail"),
    path("projects/<slug:slug>/edit/", projects.project_edit, name="edit"),
    path("projects/<slug:slug>/submit/", projects.project_submit, name="submit"),
    path("projects/<slug:slug>/publish/", projects.project_publish, name="publish"),
    path("projects/<slug:slug>/archive/", projects.project_archive, name="archive"),
    path("projects/<slug:slug>/needs/new/", needs.need_create, name="need_create"),
    path("needs/<uuid:need_id>/", needs.need_detail, name="need_detail"),
    path("needs/<uuid:need_id>/edit/", needs.need_edit, name="need_edit"),
    path("needs/<uuid:need_id>/close/", needs.need_close, name="need_close"),
    path("needs/<uuid:need_id>/invite/", needs.need_invite, name="invite"),
    path("needs/<uuid:need_id>/apply/", needs.need_apply, name="apply"),
    path("needs/<uuid:need_id>/answers/", answers.answers, name="answers"),
    path("answers/", answers.my_answers, name="my_answers"),
    path("answers/<uuid:answer_id>/", answers.answer, name="answer"),
    path("answers/<uuid:answer_id>/decide/", answers.answer_decide, name="decide"),
    path("get-involved/", projects.get_involved, name="get_involved"),
    path("help/<slug:slug>/", volunteering.volunteer_register,
         name="volunteer_register"),
    path("help/<slug:slug>/address/", volunteering.volunteer_address,
         name="volunteer_address"),
    path("registration/answers/", answers.volunteer_answers, name="volunteer_answers"),
    path("registration/answers/<uuid:answer_id>/", answers.volunteer_answer,
         name="volunteer_answer"),
    path("registration/answers/<uuid:answer_id>/open/<str:token>/",
         answers.volunteer_open, name="volunteer_open"),
    path("registration/needs/<uuid:need_id>/apply/", answers.volunteer_apply,
         name="volunteer_apply"),
]  # fmt: skip
