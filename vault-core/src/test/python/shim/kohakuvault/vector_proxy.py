"""Vectors."""

import numpy as np

from ._file import Packing, VaultFile
from ._jvm import Floats, core, java_bytes
from ._values import optional, to_java
from .errors import NotFound, translated

_Query = core("vector.VectorQuery")
_Metric = core("vector.Metric")


def _metric(name):
    return _Metric.valueOf(name.upper())


def _vector(values):
    if isinstance(values, (bytes, bytearray, memoryview)):
        values = np.frombuffer(values, dtype="<f4")
    return Floats(np.ascontiguousarray(values, dtype=np.float32))


class VectorKVault(Packing):
    def __init__(self, path, *, table="vec_kvault", dimensions, metric="cosine", vector_type="f32", read_only=False, **others):
        self._file = VaultFile(path, read_only=read_only)
        self._table, self.vector_type = table, vector_type
        with translated():
            options = core("vector.VectorOptions").of(dimensions, _metric(metric))
            self._vectors = self._file.vault.vectors(table, options)

    @property
    def dimensions(self):
        with translated():
            return int(self._vectors.dimensions())

    @property
    def metric(self):
        with translated():
            return str(self._vectors.metric().name()).lower()

    def __repr__(self):
        return (
            f"VectorKVault({self._file.path!r}, table={self._table!r}, dimensions={self.dimensions}, "
            f"metric={self.metric!r}, count={len(self)})"
        )

    def close(self):
        self._file.close()

    def info(self):
        kind = str(self._vectors.type().name())
        return {
            "table": self._table,
            "dimensions": self.dimensions,
            "metric": self.metric,
            "vector_type": "float32" if kind == "F32" else kind.lower(),
            "count": len(self),
        }

    def _value(self, value):
        return to_java(value) if self._auto_pack else java_bytes(value)

    def insert(self, vector, value, metadata=None):
        with translated():
            return int(self._vectors.insert(_vector(vector), self._value(value)))

    def search(self, query, k=10, metric=None):
        with translated():
            asked = _Query.of(_vector(query))
            hits = self._vectors.search(asked if metric is None else asked.withMetric(_metric(metric)), k)
            return [(int(h.id()), float(h.distance()), optional(h.value())) for h in hits]

    def get(self, query, metric=None):
        hits = self.search(query, 1, metric)
        if not hits:
            raise NotFound("a vector")
        return hits[0][2]

    def __getitem__(self, query):
        try:
            return self.get(query)
        except NotFound:
            raise KeyError("no vector is stored") from None

    def __setitem__(self, vector, value):
        self.insert(vector, value)

    def get_by_id(self, number):
        with translated():
            found = self._vectors.find(number)
            if not found.isPresent():
                raise NotFound(number)
            found = found.get()
            return np.array(found.vector(), dtype=np.float32), optional(found.value())

    def update(self, number, vector=None, value=None, metadata=None):
        def task():
            if vector is not None and not self._vectors.updateVector(number, _vector(vector)):
                raise NotFound(number)
            if value is not None and not self._vectors.updateValue(number, self._value(value)):
                raise NotFound(number)

        self._file.transact(task)

    def delete(self, number):
        with translated():
            if not self._vectors.delete(number):
                raise NotFound(number)

    def exists(self, number):
        with translated():
            return bool(self._vectors.exists(number))

    __contains__ = exists

    def count(self):
        with translated():
            return int(self._vectors.count())

    __len__ = count
