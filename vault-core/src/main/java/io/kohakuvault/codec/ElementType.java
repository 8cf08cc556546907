package io.kohakuvault.codec;

import java.util.Optional;

/** The type of one number: of a column's element, or of an element of a vector. Little-endian on disk. */
public enum ElementType {
    /** One byte; zero is false. */
    BOOL("bool", 1, 0),
    /** Signed, 1 byte. */
    I8("i8", 1, 9),
    /** Unsigned, 1 byte. */
    U8("u8", 1, 5),
    /** Signed, 2 bytes. */
    I16("i16", 2, 10),
    /** Unsigned, 2 bytes. */
    U16("u16", 2, 6),
    /** IEEE 754 binary16. */
    F16("f16", 2, 0),
    /** Signed, 4 bytes. */
    I32("i32", 4, 3),
    /** Unsigned, 4 bytes. */
    U32("u32", 4, 7),
    /** IEEE 754 binary32. */
    F32("f32", 4, 1),
    /** Signed, 8 bytes. */
    I64("i64", 8, 4),
    /** Unsigned, 8 bytes. */
    U64("u64", 8, 8),
    /** IEEE 754 binary64. */
    F64("f64", 8, 2);

    private final String token;
    private final int sizeBytes;
    private final int vectorCode;

    ElementType(String token, int sizeBytes, int vectorCode) {
        this.token = token;
        this.sizeBytes = sizeBytes;
        this.vectorCode = vectorCode;
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
     * The type byte of self-describing vectors, 0 for the two types that cannot stand in one ({@code bool} and {@code f16}).
     *
     * @return 0 to 10
     */
    public int vectorCode() {
        return vectorCode;
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

    /**
     * The type that a type byte of a self-describing vector names.
     *
     * @param code the byte
     * @return the type, or empty for an unknown code
     */
    public static Optional<ElementType> ofVectorCode(int code) {
        for (ElementType type : values()) {
            if (type.vectorCode == code && code != 0) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
