package io.kohakuvault.internal.value;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as Python writes it, which may hold NaN and infinities: read without changing a number. */
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
