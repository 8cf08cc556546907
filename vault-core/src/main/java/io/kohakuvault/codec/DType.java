package io.kohakuvault.codec;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data type of a column: what its elements are and how many bytes each takes. {@link #token()} is the string that
 * stands in the file, {@link #parse} its inverse. Immutable.
 */
@SuppressWarnings(
        "ClassInitializationDeadlock") // no default methods: initialising a record does not initialise the interface
public sealed interface DType {
    /** The longest element, and the longest block, in bytes. */
    int MAX_ELEMENT_BYTES = 512 << 20;

    /** True or false in one byte. */
    BooleanType BOOL = new BooleanType();
    /** Signed 8-bit integers. */
    IntegerType I8 = new IntegerType(ElementType.I8);
    /** Unsigned 8-bit integers. */
    IntegerType U8 = new IntegerType(ElementType.U8);
    /** Signed 16-bit integers. */
    IntegerType I16 = new IntegerType(ElementType.I16);
    /** Unsigned 16-bit integers. */
    IntegerType U16 = new IntegerType(ElementType.U16);
    /** Signed 32-bit integers. */
    IntegerType I32 = new IntegerType(ElementType.I32);
    /** Unsigned 32-bit integers. */
    IntegerType U32 = new IntegerType(ElementType.U32);
    /** Signed 64-bit integers. */
    IntegerType I64 = new IntegerType(ElementType.I64);
    /** Unsigned 64-bit integers, given and taken as the long of the same bits. */
    IntegerType U64 = new IntegerType(ElementType.U64);
    /** 16-bit floating point. */
    FloatingType F16 = new FloatingType(ElementType.F16);
    /** 32-bit floating point. */
    FloatingType F32 = new FloatingType(ElementType.F32);
    /** 64-bit floating point. */
    FloatingType F64 = new FloatingType(ElementType.F64);
    /** UTF-8 text of any length. */
    StringType STR = new StringType(0, TextEncoding.UTF8);
    /** Byte strings of any length. */
    BytesType BYTES = new BytesType(0);
    /** One MessagePack value per element, of any length. */
    PackedType MSGPACK = new PackedType(PackedType.Format.MSGPACK, 0);
    /** One CBOR value per element, of any length. */
    PackedType CBOR = new PackedType(PackedType.Format.CBOR, 0);

    /**
     * The string that stands in the file.
     *
     * @return for example {@code vec:f32:384}
     */
    String token();

    /**
     * Bytes of one element.
     *
     * @return the size, or 0 when elements differ in size
     */
    int elementSizeBytes();

    /**
     * Whether every element takes the same number of bytes.
     *
     * @return true unless {@link #elementSizeBytes()} is 0
     */
    boolean isFixedSize();

    /**
     * Vectors of one shape, stored in C order without a header.
     *
     * @param element type of the numbers
     * @param shape one or more positive dimensions
     * @return the type
     */
    static VectorType vector(ElementType element, int... shape) {
        if (shape.length == 0) {
            throw new IllegalArgumentException("a vector of one shape needs at least one dimension");
        }
        return new VectorType(element, Arrays.stream(shape).boxed().toList());
    }

    /**
     * Reads a dtype string as the file holds it. Text in an encoding that this library does not know is a {@link
     * StringType} like others: only its values cannot be written and read.
     *
     * @param token for example {@code i64}, {@code str:16:latin1}, {@code str:cp1252}, {@code vec:f32:384}
     * @return the type
     * @throws IllegalArgumentException when it is no dtype that this library knows
     */
    static DType parse(String token) {
        return DTypeParser.parse(token);
    }

    /** One byte, zero is false. */
    record BooleanType() implements DType {
        @Override
        public String token() {
            return "bool";
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return 1;
        }
    }

    /**
     * Integers.
     *
     * @param element i8 to u64
     */
    record IntegerType(ElementType element) implements DType {
        /** Checks that it is an integer type. */
        public IntegerType {
            if (element.isFloating() || element == ElementType.BOOL) {
                throw new IllegalArgumentException(element.token() + " is no integer type");
            }
        }

        @Override
        public String token() {
            return element.token();
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return element.sizeBytes();
        }
    }

    /**
     * IEEE 754 numbers.
     *
     * @param element f16, f32 or f64
     */
    record FloatingType(ElementType element) implements DType {
        /** Checks that it is a floating-point type. */
        public FloatingType {
            if (!element.isFloating()) {
                throw new IllegalArgumentException(element.token() + " is no floating-point type");
            }
        }

        @Override
        public String token() {
            return element.token();
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return element.sizeBytes();
        }
    }

    /**
     * Text. Two are equal when size and encoding are, however the encoding is spelled.
     */
    final class StringType implements DType {
        private final int sizeBytes;
        private final TextEncoding encoding;
        private final String token;

        /**
         * Text of an encoding. KohakuVault in Python takes a size only with utf8, utf16le, utf16be, ascii and latin1:
         * it cannot read columns of a size in other encodings.
         *
         * @param sizeBytes 0 for any length, else the padded size of each element
         * @param encoding how text becomes bytes
         * @throws IllegalArgumentException when the size is not from 0 to 512 MiB
         */
        public StringType(int sizeBytes, TextEncoding encoding) {
            this(
                    sizeBytes,
                    encoding,
                    "str" + (sizeBytes == 0 ? "" : ":" + sizeBytes)
                            + (encoding.equals(TextEncoding.UTF8) ? "" : ":" + encoding.token()));
        }

        /** @param token as it is spelled in the file */
        StringType(int sizeBytes, TextEncoding encoding, String token) {
            DTypeParser.checkSize(sizeBytes);
            this.sizeBytes = sizeBytes;
            this.encoding = encoding;
            this.token = token;
        }

        /**
         * The size of an element.
         *
         * @return 0 for any length, else the bytes to which each is padded
         */
        public int sizeBytes() {
            return sizeBytes;
        }

        /**
         * How text becomes bytes. Of a column in a file it may be one that is not {@linkplain
         * TextEncoding#isSupported() supported}.
         *
         * @return the encoding
         */
        public TextEncoding encoding() {
            return encoding;
        }

        @Override
        public String token() {
            return token;
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return sizeBytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof StringType o && sizeBytes == o.sizeBytes && encoding.equals(o.encoding);
        }

        @Override
        public int hashCode() {
            return 31 * sizeBytes + encoding.hashCode();
        }

        @Override
        public String toString() {
            return token;
        }
    }

    /**
     * Byte strings.
     *
     * @param sizeBytes 0 for any length, else the padded size of each element
     */
    record BytesType(int sizeBytes) implements DType {
        /** Checks the size. */
        public BytesType {
            DTypeParser.checkSize(sizeBytes);
        }

        @Override
        public String token() {
            return sizeBytes == 0 ? "bytes" : "bytes:" + sizeBytes;
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return sizeBytes;
        }
    }

    /**
     * One MessagePack or CBOR value per element.
     *
     * @param format which of the two
     * @param sizeBytes 0 for any length, else the padded size of each element
     */
    record PackedType(Format format, int sizeBytes) implements DType {
        /** The serialisation. */
        public enum Format {
            /** https://msgpack.org */
            MSGPACK,
            /** RFC 8949 */
            CBOR
        }

        /** Checks the size. */
        public PackedType {
            DTypeParser.checkSize(sizeBytes);
        }

        @Override
        public String token() {
            String name = format == Format.MSGPACK ? "msgpack" : "cbor";
            return sizeBytes == 0 ? name : name + ":" + sizeBytes;
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return sizeBytes;
        }
    }

    /**
     * Vectors and tensors.
     *
     * @param element type of the numbers
     * @param shape the dimensions that all elements share; empty when each element brings its own in a header
     */
    record VectorType(ElementType element, List<Integer> shape) implements DType {
        /** Checks dimensions and size. */
        public VectorType {
            shape = List.copyOf(shape);
            long bytes = element.sizeBytes();
            for (int dimension : shape) {
                if (dimension <= 0) {
                    throw new IllegalArgumentException("dimensions of a vector must be positive, but were " + shape);
                }
                bytes *= dimension;
                if (bytes > MAX_ELEMENT_BYTES) {
                    throw new IllegalArgumentException("a vector of shape " + shape + " is larger than 512 MiB");
                }
            }
            if (shape.isEmpty() && (element == ElementType.BOOL || element == ElementType.F16)) {
                throw new IllegalArgumentException("vectors of any shape cannot hold " + element.token()
                        + "; give the shape, as in vec:" + element.token() + ":8");
            }
        }

        /**
         * Numbers of one element.
         *
         * @return the product of the dimensions, 0 when each element has its own shape
         */
        public int elementCount() {
            int count = shape.isEmpty() ? 0 : 1;
            for (int dimension : shape) {
                count *= dimension;
            }
            return count;
        }

        @Override
        public String token() {
            StringBuilder token = new StringBuilder("vec:").append(element.token());
            shape.forEach(d -> token.append(':').append(d));
            return token.toString();
        }

        @Override
        public boolean isFixedSize() {
            return elementSizeBytes() > 0;
        }

        @Override
        public int elementSizeBytes() {
            return elementCount() * element.sizeBytes();
        }
    }
}
