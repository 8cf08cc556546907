package io.kohakuvault.codec;

import java.util.Optional;

/** The type of one number: of a column's element, or of an element of a vector. Little-endian on disk. */
public enum ElementType {
    /** One byte; zero is false. */
    BOOL("bool", 1),
    /** Signed, 1 byte. */
    I8("i8", 1),
    /** Unsigned, 1 byte. */
    U8("u8", 1),
    /** Signed, 2 bytes. */
    I16("i16", 2),
    /** Unsigned, 2 bytes. */
    U16("u16", 2),
    /** IEEE 754 binary16. */
    F16("f16", 2),
    /** Signed, 4 bytes. */
    I32("i32", 4),
    /** Unsigned, 4 bytes. */
    U32("u32", 4),
    /** IEEE 754 binary32. */
    F32("f32", 4),
    /** Signed, 8 bytes. */
    I64("i64", 8),
    /** Unsigned, 8 bytes. */
    U64("u64", 8),
    /** IEEE 754 binary64. */
    F64("f64", 8);

    private final String token;
    private final int sizeBytes;

    ElementType(String token, int sizeBytes) {
        this.token = token;
        this.sizeBytes = sizeBytes;
    }

    /**
     * The name in dtype strings.
     *
     * @return for example {@code i64}
     */
    public String token() {
        return token;
    }

    /**
     * Bytes of one element.
     *
     * @return 1, 2, 4 or 8
     */
    public int sizeBytes() {
        return sizeBytes;
    }

    /**
     * Whether it is an IEEE 754 type.
     *
     * @return true for f16, f32 and f64
     */
    public boolean isFloating() {
        return this == F16 || this == F32 || this == F64;
    }

    /**
     * Whether it is an unsigned integer.
     *
     * @return true for u8 to u64
     */
    public boolean isUnsigned() {
        return this == U8 || this == U16 || this == U32 || this == U64;
    }

    static Optional<ElementType> ofToken(String token) {
        for (ElementType type : values()) {
            if (type.token.equals(token)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
