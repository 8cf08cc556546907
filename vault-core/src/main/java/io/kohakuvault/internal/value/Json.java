package io.kohakuvault.internal.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON, written strictly; read as Python writes it, which may hold NaN and infinities, without changing a number. */
final class Json {
    /** What was written is read, however long; numbers and the depth have bounds of their own here. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(ValueModel.MAX_DEPTH + 1)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final int DIGITS_OF_A_LONG = 18;

    private Json() {}

    static byte[] encode(@Nullable Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(out, ValueModel.checked(value));
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("JSON has no " + number + "; use MESSAGE_PACK or CBOR for it");
            }
            out.writeNumber(number);
        } else if (value instanceof BigInteger big) {
            out.writeNumber(big);
        } else if (value instanceof Number integer) {
            out.writeNumber(integer.longValue());
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                write(out, entry.getValue());
            }
            out.writeEndObject();
        }
    }

    static @Nullable Object decode(byte[] payload) throws IOException {
        try (JsonParser parser = FACTORY.createParser(payload)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new IOException("no JSON at all");
            }
            return value(parser, first, 0);
        }
    }

    private static @Nullable Object value(JsonParser in, @Nullable JsonToken token, int depth) throws IOException {
        if (depth > ValueModel.MAX_DEPTH) {
            throw new IOException("nested deeper than " + ValueModel.MAX_DEPTH);
        }
        if (token == null) {
            throw new IOException("the JSON ends too early");
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> {
                NumberLimits.checkLength(in.getTextLength());
                yield in.getTextLength() <= DIGITS_OF_A_LONG
                        ? (Number) in.getLongValue()
                        : NumberLimits.integer(in.getBigIntegerValue());
            }
            case VALUE_NUMBER_FLOAT -> in.isNaN() ? (Number) in.getDoubleValue() : NumberLimits.parse(in.getText());
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (JsonToken t = in.nextToken(); t != JsonToken.END_ARRAY; t = in.nextToken()) {
                    list.add(value(in, t, depth + 1));
                }
                yield list;
            }
            case START_OBJECT -> {
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                    map.put(key, value(in, in.nextToken(), depth + 1));
                }
                yield map;
            }
            default -> throw new IOException("the JSON has " + token + " where a value belongs");
        };
    }
}
