"""A value with the encoding that it is to have."""


class _Encoded:
    encoding_name = ""

    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return f"{type(self).__name__}({self.data!r})"


class MsgPack(_Encoded):
    encoding_name = "msgpack"


class Json(_Encoded):
    encoding_name = "json"


class Cbor(_Encoded):
    encoding_name = "cbor"


class Pickle(_Encoded):
    encoding_name = "pickle"
