"""Python values as Java's, and back.

Pickles are made and read here alone. Java reads one as an OpaqueValue and writes none, so that it gets them as bytes
with a mark in front.
"""

import pickle

import numpy as np

from ._jvm import Bytes, JByte, core, java, java_bytes
from .errors import InvalidValue
from .wrappers import _Encoded

_Arrays = core("codec.NumericArray")
_Opaque = core("codec.OpaqueValue")
_Element = core("codec.ElementType")
_Encoding = core("codec.ValueEncoding")
_BigInteger = java.class_("java.math.BigInteger")
_ArrayList = java.util.ArrayList
_Map = java.util.LinkedHashMap

_NUMPY = {
    "f2": "F16", "f4": "F32", "f8": "F64", "b1": "BOOL",
    "i1": "I8", "i2": "I16", "i4": "I32", "i8": "I64",
    "u1": "U8", "u2": "U16", "u4": "U32", "u8": "U64",
}  # fmt: skip
_TO_NUMPY = {name: np.dtype(code).newbyteorder("<") for code, name in _NUMPY.items()}


_PICKLE = b"pickled by the shim:"


class NotPlain(Exception):
    """Nothing that MessagePack has."""


def array(value, dtype=None):
    """A numpy array, or what becomes one, as a NumericArray."""
    value = np.ascontiguousarray(value, dtype=dtype) if np.ndim(value) else np.asarray(value, dtype=dtype)
    name = _NUMPY.get(value.dtype.kind + str(value.dtype.itemsize))
    if name is None:
        raise NotPlain
    value = value.astype(value.dtype.newbyteorder("<"), copy=False)
    shape = _ArrayList()
    for size in value.shape:
        shape.add(java.lang.Integer.valueOf(size))
    return _Arrays(getattr(_Element, name), shape, Bytes(value.tobytes()))


def numpy_type(element):
    return _TO_NUMPY[str(element.name())]


def numpy_of(value):
    buffer = value.data()
    data = JByte[buffer.remaining()]
    buffer.get(data)
    dtype = numpy_type(value.element())
    numbers = np.frombuffer(bytes(data), dtype=dtype).astype(dtype.newbyteorder("="))
    return numbers.reshape([int(n) for n in value.shape()])


def plain(value):
    """A value of MessagePack, JSON or CBOR."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        value = int(value)
        return value if -(2**63) <= value < 2**63 else _BigInteger(str(value))
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        entries = _Map()
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotPlain
            entries.put(key, plain(item))
        return entries
    if isinstance(value, (list, tuple)):
        items = _ArrayList(len(value))
        for item in value:
            items.add(plain(item))
        return items
    raise NotPlain


def _pickled(value):
    return java_bytes(_PICKLE + pickle.dumps(value, protocol=4))


def to_java(value):
    """What putValue takes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return java_bytes(value)
    if isinstance(value, _Encoded):
        if value.encoding_name == "pickle":
            return _pickled(value.data)
        encoding = {"msgpack": "MESSAGE_PACK", "json": "JSON", "cbor": "CBOR"}[value.encoding_name]
        try:
            return getattr(_Encoding, encoding).of(plain(value.data))
        except NotPlain:
            raise InvalidValue(f"{value!r} cannot be encoded so") from None
    try:
        if isinstance(value, (np.ndarray, np.generic)):
            return array(value)
        if value is not None and not isinstance(value, tuple):
            return plain(value)
    except NotPlain:
        pass
    return _pickled(value)


def from_java(value):
    if value is None:
        return None
    if isinstance(value, java.lang.String):
        return str(value)
    if isinstance(value, java.lang.Boolean):
        return bool(value)
    if isinstance(value, (java.lang.Long, java.lang.Integer)):
        return int(value)
    if isinstance(value, java.lang.Double):
        return float(value)
    if isinstance(value, Bytes):
        data = bytes(value)
        return pickle.loads(data[len(_PICKLE) :]) if data.startswith(_PICKLE) else data
    if isinstance(value, java.util.Map):
        return {str(entry.getKey()): from_java(entry.getValue()) for entry in value.entrySet()}
    if isinstance(value, java.util.List):
        return [from_java(item) for item in value]
    if isinstance(value, _Arrays):
        return numpy_of(value)
    if isinstance(value, _BigInteger):
        return int(str(value))
    if isinstance(value, _Opaque) and str(value.encoding()) == "pickle":
        return pickle.loads(bytes(value.bytes()))
    return value


def optional(found):
    """What an Optional of a value has."""
    return from_java(found.orElse(None))
