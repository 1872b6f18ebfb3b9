from search.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
