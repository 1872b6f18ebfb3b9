app_name = "cms"
urlpatterns: list[object] = []
editors_patterns: list[object] = []
page_patterns: list[object] = []
