"""A lesson pack as a ZIP: read (`contents`), laid out (`sheets`), drawn (`pdf`,
`word`) and put together (`archive`). The same content gives the same bytes."""
