"""Java's exceptions as the classes that Python code expects."""

import contextlib
import re

from ._jvm import JException, java


class KohakuVaultError(Exception):
    pass


class NotFound(KohakuVaultError, KeyError):
    def __init__(self, key):
        super().__init__(f"there is no {key!r}")
        self.key = key

    def __str__(self):
        return self.args[0]


class DatabaseBusy(KohakuVaultError):
    pass


class InvalidArgument(KohakuVaultError):
    pass


class IoError(KohakuVaultError):
    pass


class InvalidValue(InvalidArgument, ValueError):
    """What Java calls an illegal argument: the original raises one or the other."""


class WrongType(InvalidArgument, TypeError):
    pass


class ReadOnly(IoError, PermissionError):
    pass


class Closed(KohakuVaultError, ValueError):
    pass


class Failed(KohakuVaultError, RuntimeError):
    pass


# The original's words for what Java has said, which its tests look for: they come in front of Java's own.
_WORDS = [
    (r"unknown dtype", "Unknown dtype"),
    (r"differ in size; say where each begins", "Variable-size types require offsets"),
    (r"needs \d+ bytes .*but has", "Not enough data"),
    (r"violates its JSON schema", "Validation errors"),
    (r"does not fit (str|bytes):\d+", "Data too long"),
    (r"cannot be written in ascii", "non-ASCII character"),
    (r"cannot be written in latin1", "character outside Latin1 range"),
    (r"has \d+ elements, but", "index out of range"),
]


def words(message):
    for pattern, original in _WORDS:
        if re.search(pattern, message):
            return f"{original}: {message}"
    return message


def of_java(e, key=None):
    message = words(str(e.message()))
    core = "io.kohakuvault."
    if isinstance(e, java.class_(core + "VaultBusyException")):
        return DatabaseBusy(message)
    if isinstance(e, java.lang.UnsupportedOperationException):
        return ReadOnly(message)
    if isinstance(e, java.class_(core + "VaultIoException")):
        return IoError(message)
    if isinstance(e, java.lang.IllegalStateException):
        return Closed(message)
    if isinstance(e, java.util.NoSuchElementException):
        return NotFound(key if key is not None else message)
    if isinstance(e, java.lang.IndexOutOfBoundsException):
        return IndexError(message)
    if isinstance(e, java.lang.ClassCastException):
        return WrongType(message)
    if isinstance(e, java.lang.IllegalArgumentException):
        return InvalidValue(message)
    return Failed(message)


class translated(contextlib.ContextDecorator):
    """Around every call of Java."""

    def __init__(self, key=None):
        self.key = key

    def __enter__(self):
        return self

    def __exit__(self, kind, e, trace):
        if isinstance(e, JException):
            raise of_java(e, self.key) from e
        return False
