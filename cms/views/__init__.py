from cms.views.public import PAGES, page, show

__all__ = ["PAGES", "page", "show"]
