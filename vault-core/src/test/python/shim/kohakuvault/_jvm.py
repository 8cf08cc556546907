"""The JVM: VAULT_CLASSPATH and VAULT_JVM_FLAGS say with what it starts."""

import multiprocessing
import os

import jpype
from jpype import JArray, JBoolean, JByte, JClass, JDouble, JException, JFloat, JInt, JLong

if not jpype.isJVMStarted():
    jpype.startJVM(
        *os.environ.get("VAULT_JVM_FLAGS", "").split(),
        classpath=os.environ["VAULT_CLASSPATH"].split(os.pathsep),
        convertStrings=False,
    )

# A forked process has the JVM's memory and none of its threads: it would wait for ever.
multiprocessing.set_start_method("spawn", force=True)


class _Java:
    """java.util.ArrayList and the like, each looked up once."""

    def __init__(self):
        self._classes = {}

    def class_(self, name):
        found = self._classes.get(name)
        if found is None:
            found = self._classes[name] = JClass(name)
        return found

    lang = property(lambda self: jpype.java.lang)
    util = property(lambda self: jpype.java.util)


java = _Java()


def core(name):
    return java.class_("io.kohakuvault." + name)


Bytes = JArray(JByte)
Flags = JArray(JBoolean)
Longs = JArray(JLong)
Ints = JArray(JInt)
Doubles = JArray(JDouble)
Floats = JArray(JFloat)


def java_bytes(data):
    return Bytes(bytes(data))
