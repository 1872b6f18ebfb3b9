from elasticsearch.dsl.query import Query, Term


def term(field: str, value: str | bool) -> Query:
    return Term(field, {"value": value})
