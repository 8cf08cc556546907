package io.kohakuvault.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.kohakuvault.codec.Decimals;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as a value of the store: what it says, or an IllegalArgumentException where no value is exactly that. */
final class JsonValue {
    private static final int MOST_DIGITS = 5_000; // a little more than the store takes, which says so itself

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(MOST_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonValue() {}

    /** Reads one value and nothing behind it. */
    static Object parse(String text) throws IOException {
        try (JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                throw new IllegalArgumentException("the JSON is empty; null is written null");
            }
            Object value = value(in);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("the JSON goes on behind its value; a list is written [1, 2]");
            }
            return value;
        } catch (JsonProcessingException e) {
            String why = e.getOriginalMessage().replaceAll(": enable .*", ""); // settings that nobody here can make
            throw new IllegalArgumentException(
                    "VALUE is no JSON: " + why + ", at character "
                            + e.getLocation().getColumnNr(),
                    e);
        }
    }

    private static Object value(JsonParser in) throws IOException {
        switch (in.currentToken()) {
            case VALUE_NULL:
                return null;
            case VALUE_TRUE, VALUE_FALSE:
                return in.getBooleanValue();
            case VALUE_STRING:
                return in.getText();
            case VALUE_NUMBER_INT:
                return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) in.getBigIntegerValue()
                        : (Object) in.getLongValue();
            case VALUE_NUMBER_FLOAT:
                return floating(in.getText());
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(in));
                }
                return list;
            default: // an object: the parser refuses what is no value
                Map<String, Object> map = new LinkedHashMap<>();
                for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
                    in.nextToken();
                    map.put(key, value(in));
                }
                return map;
        }
    }

    /** The double that says the number: another one would be a number that nobody wrote. */
    private static double floating(String text) {
        double value = Double.parseDouble(text);
        boolean zero = text.split("[eE]", 2)[0].chars().noneMatch(c -> c >= '1' && c <= '9');
        if (zero) {
            return value;
        } else if (Double.isInfinite(value) || value == 0) {
            throw new IllegalArgumentException(
                    "the number " + brief(text) + " is " + (value == 0 ? "smaller" : "larger")
                            + " than a floating-point number can be (4.9e-324 to 1.8e308); store it as text, in quotes");
        }
        return Decimals.toDouble(new BigDecimal(text))
                .orElseThrow(() -> new IllegalArgumentException("the number " + brief(text)
                        + " has more digits than a floating-point number holds, the nearest is " + value
                        + "; store that, or text, in quotes"));
    }

    private static String brief(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
