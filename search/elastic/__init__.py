from search.elastic.engine import ElasticEngine
from search.elastic.indices import Indices

__all__ = ["ElasticEngine", "Indices"]
