"""The packer and the sorted maps."""

import json

import jpype

from ._jvm import Ints, core, java, java_bytes
from .column_proxy import elements_of
from .errors import translated

_Packer = core("codec.DataPacker")


class DataPacker:
    def __init__(self, dtype, _packer=None):
        with translated():
            self._packer = _packer or _Packer.of(dtype)
            self._elements = elements_of(self._packer.dtype())

    @staticmethod
    def with_json_schema(schema, format="msgpack"):
        with translated():
            packer = _Packer.of(format).withJsonSchema(json.dumps(schema))
        return DataPacker(None, packer)

    @property
    def elem_size(self):
        return int(self._packer.elementBytes())

    @property
    def is_varsize(self):
        return bool(self._packer.isVariableSize())

    def pack(self, value):
        with translated():
            return bytes(self._packer.pack(self._elements.one(value)))

    def pack_many(self, values):
        with translated():
            many = self._elements.many(values)
            call = {"long[]": "packLongs", "double[]": "packDoubles"}.get(str(type(many).class_.getTypeName()), "packMany")
            return bytes(getattr(self._packer, call)(many))

    def unpack(self, data, offset=0):
        with translated():
            return self._elements.back(self._packer.unpack(java_bytes(data), offset))

    def unpack_many(self, data, count=None, offsets=None):
        with translated():
            if offsets is not None:
                return self._elements.read(self._packer.unpackMany(java_bytes(data), Ints(offsets)))
            kind = str(self._packer.dtype().getClass().getSimpleName())
            call = {"IntegerType": "unpackLongs", "FloatingType": "unpackDoubles"}.get(kind)
            if call and len(data) == count * self.elem_size:
                return self._elements.read(getattr(self._packer, call)(java_bytes(data)))
            return self._elements.read(self._packer.unpackMany(java_bytes(data), count))


@jpype.JImplements("java.io.Serializable")
class _Held:
    """Any Python object as a value of a Java map."""

    def __init__(self, value):
        self.value = value


@jpype.JImplements("java.lang.Comparable")
class _Ordered:
    """Any Python object as a key of a Java map, in Python's order."""

    def __init__(self, value):
        self.value = value

    @jpype.JOverride
    def compareTo(self, other):
        return -1 if self.value < other.value else 1 if other.value < self.value else 0

    @jpype.JOverride
    def equals(self, other):
        return isinstance(other, _Ordered) and self.value == other.value

    @jpype.JOverride
    def hashCode(self):
        return 0


def _key(key):
    if type(key) is int and -(2**63) <= key < 2**63:
        return java.lang.Long.valueOf(key)
    if type(key) is str:
        return java.lang.String(key)
    if type(key) is float:
        return java.lang.Double.valueOf(key)
    return _Ordered(key)


def _python(found):
    if isinstance(found, (_Held, _Ordered)):
        return found.value
    if isinstance(found, java.lang.String):
        return str(found)
    if isinstance(found, java.lang.Long):
        return int(found)
    return None if found is None else float(found)


def _value(value):
    return java.lang.String(value) if type(value) is str else _Held(value)


class _SortedMap:
    _of_java = ""

    def __init__(self, *sizes, **named):
        self._map = core(self._of_java)()

    def __repr__(self):
        return f"{type(self).__name__}(len={len(self)})"

    def __len__(self):
        return int(self._map.size())

    def is_empty(self):
        return bool(self._map.isEmpty())

    def clear(self):
        self._map.clear()

    def get(self, key):
        with translated():
            return _python(self._map.get(_key(key)))

    def __contains__(self, key):
        with translated():
            return bool(self._map.containsKey(_key(key)))

    def remove(self, key):
        with translated():
            return _python(self._map.remove(_key(key)))

    def __getitem__(self, key):
        if key not in self:
            raise KeyError(key)
        return self.get(key)

    def __delitem__(self, key):
        if key not in self:
            raise KeyError(key)
        self.remove(key)

    def __setitem__(self, key, value):
        self.insert(key, value)

    @staticmethod
    def _entries(view):
        return ((_python(e.getKey()), _python(e.getValue())) for e in view.entrySet())

    def _view(self):
        return self._map

    def __iter__(self):
        return self._entries(self._view())

    def items(self):
        return list(self)

    def keys(self):
        return [key for key, _ in self]

    def values(self):
        return [value for _, value in self]

    def range(self, start, end):
        with translated():
            return list(self._entries(self._map.range(_key(start), _key(end))))

    def update(self, pairs):
        for key, value in pairs:
            self.insert(key, value)


class CSBTree(_SortedMap):
    _of_java = "container.CsbTree"

    def insert(self, key, value):
        with translated():
            return _python(self._map.put(_key(key), _value(value)))

    def get_default(self, key, default):
        with translated():
            return _python(self._map.getOrDefault(_key(key), _value(default)))

    def setdefault(self, key, value):
        with translated():
            before = self._map.putIfAbsent(_key(key), _value(value))
            return value if before is None else _python(before)


class SkipList(_SortedMap):
    _of_java = "container.SkipList"

    def _view(self):
        return self._map.asMap()

    def insert(self, key, value):
        with translated():
            return _python(self._map.insert(_key(key), _value(value)))
