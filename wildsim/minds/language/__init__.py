"""Language models as minds: tape(cache(retry(budget(backend)))), and what is read from their answers."""
