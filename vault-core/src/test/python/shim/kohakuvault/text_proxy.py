"""Documents."""

from itertools import islice

from ._file import Packing, VaultFile
from ._jvm import core, java, java_bytes
from ._values import optional, to_java
from .errors import InvalidArgument, NotFound, translated

_Query = core("text.TextQuery")
_Snippets = core("text.Snippets")


class TextVault(Packing):
    def __init__(self, path, *, table="text_vault", columns=None, **others):
        self._file = VaultFile(path)
        self._table = table
        with translated():
            options = core("text.TextOptions").defaults().withColumns(*(columns or ["content"]))
            self._text = self._file.vault.text(table, options)

    @property
    def columns(self):
        with translated():
            return [str(name) for name in self._text.columns()]

    def __repr__(self):
        return f"TextVault({self._file.path!r}, table={self._table!r}, columns={self.columns}, count={len(self)})"

    def close(self):
        self._file.close()

    def info(self):
        return {"table": self._table, "columns": self.columns, "count": len(self)}

    def _texts(self, texts):
        names = self.columns
        if isinstance(texts, str):
            if len(names) > 1:
                raise InvalidArgument(f"a text each for {names} is needed, as a dict")
            texts = {names[0]: texts}
        try:
            chosen = [texts[name] for name in names]
        except KeyError as e:
            raise InvalidArgument(f"no text for the column {e}") from None
        listed = java.util.ArrayList()
        for text in chosen:
            listed.add(java.lang.String(text))
        return listed

    def _shown(self, texts):
        texts = [str(text) for text in texts]
        return texts[0] if len(texts) == 1 else dict(zip(self.columns, texts))

    def _value(self, value):
        return to_java(value) if self._auto_pack else java_bytes(value)

    def insert(self, texts, value, metadata=None):
        with translated():
            return int(self._text.insert(self._texts(texts), self._value(value)))

    def insert_many(self, documents, **others):
        rows = java.util.ArrayList()
        with translated():
            for texts, value in documents:
                rows.add(core("text.NewDocument")(self._texts(texts), self._value(value)))
            return [int(i) for i in self._text.insertAll(rows)]

    def _query(self, query, column=None, escape=True):
        if not escape:
            return _Query.fts5(f"{column}:{query}" if column else query)
        found = _Query.phrase(query)
        return found.withColumns(column) if column else found

    def _hits(self, query, k):
        return self._text.search(query, k)

    def search(self, query, k=10, column=None, escape=True):
        with translated():
            hits = self._hits(self._query(query, column, escape), k)
            return [(int(h.id()), float(h.score()), optional(h.value())) for h in hits]

    def search_with_text(self, query, k=10, column=None, escape=True):
        with translated():
            hits = self._hits(self._query(query, column, escape).withTexts(), k)
            return [(int(h.id()), float(h.score()), self._shown(h.texts()), optional(h.value())) for h in hits]

    def search_with_snippets(
        self, query, k=10, snippet_column=0, highlight_start="<b>", highlight_end="</b>", max_tokens=64, escape=True, **_
    ):
        with translated():
            snippets = _Snippets.of(max_tokens).withColumn(snippet_column).withMarks(highlight_start, highlight_end)
            hits = self._hits(self._query(query, None, escape).withSnippets(snippets), k)
            return [(int(h.id()), float(h.score()), str(h.snippet().orElse("")), optional(h.value())) for h in hits]

    def count_matches(self, query):
        with translated():
            return int(self._text.countMatches(_Query.fts5(query)))

    def _best(self, key):
        if len(self.columns) > 1:
            raise ValueError("get() needs a vault of one column")
        with translated():
            hits = self._hits(_Query.phrase(key), 1)
        if not hits.size():
            raise KeyError(key)
        return hits.get(0)

    def get(self, key):
        return optional(self._best(key).value())

    __getitem__ = get

    def __setitem__(self, key, value):
        self.insert(key, value)

    def __delitem__(self, key):
        self.delete(int(self._best(key).id()))

    def get_by_id(self, document):
        with translated():
            found = self._text.find(document)
            if not found.isPresent():
                raise NotFound(document)
            found = found.get()
            return self._shown(found.texts()), optional(found.value())

    def update(self, document, texts=None, value=None, metadata=None):
        def task():
            if texts is not None and not self._text.updateTexts(document, self._texts(texts)):
                raise NotFound(document)
            if value is not None and not self._text.updateValue(document, self._value(value)):
                raise NotFound(document)

        self._file.transact(task)

    def delete(self, document):
        with translated():
            if not self._text.delete(document):
                raise NotFound(document)

    def exists(self, document):
        with translated():
            return bool(self._text.exists(document))

    __contains__ = exists

    def count(self):
        with translated():
            return int(self._text.count())

    __len__ = count

    def keys(self, limit=10000, offset=0):
        with translated():
            return [int(i) for i in islice(self._text.ids(), offset, offset + limit)]

    def clear(self):
        with translated():
            self._text.clear()
