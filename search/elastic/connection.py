"""The servers of this site's cluster, for those who ask and for the one who feeds."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from elasticsearch import Elasticsearch

from search.elastic.engine import ElasticEngine
from search.elastic.indices import Indices
from search.related import Similarities

ASKING_SECONDS: Final = 2.0  # then this process answers by itself
FEEDING_SECONDS: Final = 30.0
OTHER_SERVERS: Final = 2  # tried when one of them does not answer


@lru_cache
def asking_client() -> Elasticsearch:
    return Elasticsearch(
        settings.ELASTICSEARCH_URLS,
        request_timeout=ASKING_SECONDS,
        max_retries=min(OTHER_SERVERS, len(settings.ELASTICSEARCH_URLS) - 1),
        retry_on_timeout=False,
    )


@lru_cache
def feeding_client() -> Elasticsearch:
    return Elasticsearch(
        settings.ELASTICSEARCH_URLS,
        request_timeout=FEEDING_SECONDS,
        max_retries=OTHER_SERVERS,
        retry_on_timeout=True,
    )


def engine_on(client: Elasticsearch, related: Similarities) -> ElasticEngine:
    indices = Indices(
        settings.ELASTICSEARCH_PREFIX, match_shards=settings.ELASTICSEARCH_SHARDS
    )
    return ElasticEngine(client, related, indices=indices)
