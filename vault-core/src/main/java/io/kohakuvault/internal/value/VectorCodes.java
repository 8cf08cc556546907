package io.kohakuvault.internal.value;

import io.kohakuvault.codec.ElementType;
import java.util.List;
import java.util.Optional;

/**
 * The type bytes of self-describing vectors, docs/format.md: 1 and on. {@code bool} and {@code f16} cannot stand in
 * one.
 */
public final class VectorCodes {
    private static final List<ElementType> TYPES = List.of(
            ElementType.F32,
            ElementType.F64,
            ElementType.I32,
            ElementType.I64,
            ElementType.U8,
            ElementType.U16,
            ElementType.U32,
            ElementType.U64,
            ElementType.I8,
            ElementType.I16);

    private VectorCodes() {}

    /** The byte of a type, 0 for one that has none. */
    public static int of(ElementType type) {
        return 1 + TYPES.indexOf(type);
    }

    /** The type of a byte. */
    public static Optional<ElementType> type(int code) {
        return code < 1 || code > TYPES.size() ? Optional.empty() : Optional.of(TYPES.get(code - 1));
    }
}
