"""KohakuVault's Python API over the Java library, for the original's own tests.

Names, arguments, Python types and exceptions are translated here; what is stored, searched, packed or ordered is
Java's doing. docs/compatibility.md lists what is not.
"""

from ._kvault import CSBTree, DataPacker, SkipList
from .column_proxy import Column, ColumnVault, VarSizeColumn
from .errors import DatabaseBusy, InvalidArgument, IoError, KohakuVaultError, NotFound
from .proxy import KVault
from .text_proxy import TextVault
from .vector_proxy import VectorKVault
from .wrappers import Cbor, Json, MsgPack, Pickle

_DATAPACKER_AVAILABLE = True
_CSBTREE_AVAILABLE = True
