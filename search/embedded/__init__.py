from search.embedded.engine import EmbeddedEngine, Memory

__all__ = ["EmbeddedEngine", "Memory"]
