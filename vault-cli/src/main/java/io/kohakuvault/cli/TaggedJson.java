package io.kohakuvault.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Values as JSON that says what each is, so that another program can compare them bit by bit. */
final class TaggedJson {
    private static final HexFormat HEX = HexFormat.of();

    private TaggedJson() {}

    static void write(JsonGenerator out, Object value) throws IOException {
        out.writeStartObject();
        if (value == null) {
            out.writeStringField("t", "null");
        } else if (value instanceof Long || value instanceof BigInteger) {
            out.writeStringField("t", "int");
            out.writeStringField("v", value.toString());
        } else if (value instanceof Double number) {
            out.writeStringField("t", "float");
            out.writeStringField("bits", HEX.toHexDigits(Double.doubleToRawLongBits(number)));
        } else if (value instanceof BigDecimal number) {
            out.writeStringField("t", "decimal");
            out.writeStringField("v", number.toString());
        } else if (value instanceof Boolean truth) {
            out.writeStringField("t", "bool");
            out.writeBooleanField("v", truth);
        } else if (value instanceof String text) {
            out.writeStringField("t", "str");
            out.writeStringField("v", text);
        } else if (value instanceof byte[] bytes) {
            out.writeStringField("t", "bytes");
            out.writeStringField("hex", HEX.formatHex(bytes));
        } else if (value instanceof Instant instant) {
            out.writeStringField("t", "timestamp");
            out.writeStringField("seconds", Long.toString(instant.getEpochSecond()));
            int nanos = instant.getNano(); // of the second
            if (nanos != 0) {
                out.writeStringField("nanos", Integer.toString(nanos));
            }
        } else if (value instanceof OpaqueValue opaque) {
            out.writeStringField("t", opaque.encoding());
            out.writeStringField("hex", HEX.formatHex(opaque.bytes()));
        } else if (value instanceof NumericArray array) {
            out.writeStringField("t", "array");
            out.writeStringField("dtype", array.element().token());
            out.writeArrayFieldStart("shape");
            for (int dimension : array.shape()) {
                out.writeString(Integer.toString(dimension));
            }
            out.writeEndArray();
            out.writeStringField("hex", HEX.formatHex(bytes(array)));
        } else if (value instanceof List<?> list) {
            out.writeStringField("t", "list");
            out.writeArrayFieldStart("v");
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStringField("t", "map");
            out.writeArrayFieldStart("v");
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeStartArray();
                out.writeString(String.valueOf(entry.getKey()));
                write(out, entry.getValue());
                out.writeEndArray();
            }
            out.writeEndArray();
        } else {
            throw new IllegalStateException("a value of " + value.getClass());
        }
        out.writeEndObject();
    }

    private static byte[] bytes(NumericArray array) {
        byte[] bytes = new byte[array.data().remaining()];
        array.data().get(bytes);
        return bytes;
    }

    /** An element of a column of arrays: integers as text, floats by their bits. */
    static void writeArray(JsonGenerator out, NumericArray array) throws IOException {
        out.writeStartObject();
        out.writeStringField("t", array.element().token());
        out.writeArrayFieldStart("shape");
        for (int dimension : array.shape()) {
            out.writeNumber(dimension);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("v");
        ByteBuffer data = array.data();
        while (data.hasRemaining()) {
            switch (array.element()) {
                case BOOL -> out.writeBoolean(data.get() != 0);
                case I8 -> out.writeString(Byte.toString(data.get()));
                case U8 -> out.writeString(Integer.toString(data.get() & 0xFF));
                case I16 -> out.writeString(Short.toString(data.getShort()));
                case U16 -> out.writeString(Integer.toString(data.getShort() & 0xFFFF));
                case F16 -> out.writeString(HEX.toHexDigits(data.getShort()));
                case I32 -> out.writeString(Integer.toString(data.getInt()));
                case U32 -> out.writeString(Integer.toUnsignedString(data.getInt()));
                case F32 -> out.writeString(HEX.toHexDigits(data.getInt()));
                case I64 -> out.writeString(Long.toString(data.getLong()));
                case U64 -> out.writeString(Long.toUnsignedString(data.getLong()));
                case F64 -> out.writeString(HEX.toHexDigits(data.getLong()));
            }
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** A MessagePack or CBOR element as plain JSON; what JSON has no word for is tagged. */
    static void writePlain(JsonGenerator out, Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Double number && Double.isFinite(number)) {
            out.writeNumber(number);
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                writePlain(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                writePlain(out, entry.getValue());
            }
            out.writeEndObject();
        } else {
            write(out, value);
        }
    }
}
