package io.kohakuvault.tabular.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as it is written: lists, maps, texts, truth values, nulls, and numbers as their digits. Turned into values,
 * whole numbers are Long or BigInteger and others Double.
 */
public final class JsonTree {
    /** Deeper values are refused by the vault too. */
    private static final int MOST_DEPTH = 512;

    /** What was written is read, however long: limits are for what comes over a network. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MOST_DEPTH + 2)
                    .build())
            .build();

    private JsonTree() {}

    /** A number as it is written. */
    record Digits(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Reads one JSON value.
     *
     * @param json the whole text
     * @param exact whether a number that would be rounded is refused; else only what overflows, or becomes zero, is
     * @return null, Boolean, String, Long, BigInteger, Double, List or Map
     * @throws IllegalArgumentException when it is none, when something follows it, or a number cannot be held
     */
    public static @Nullable Object parse(String json, boolean exact) {
        return values(tree(json, JsonFaults.OF_VALUES), exact);
    }

    /** @param ofWords see {@link JsonFaults#describe} */
    static @Nullable Object tree(String json, String ofWords) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw new RecordException("it is no JSON: there is nothing in it");
            }
            Object tree = read(parser, 0);
            if (parser.nextToken() != null) {
                throw new RecordException("it is more than one JSON value: after the first comes '"
                        + Cell.shorten(parser.getText()) + "'");
            }
            return tree;
        } catch (IOException e) {
            throw JsonFaults.describe(e, ofWords);
        }
    }

    /** Reads the value whose first token the parser stands at, and stops at its last. */
    static @Nullable Object read(JsonParser parser, int depth) throws IOException {
        if (depth > MOST_DEPTH) {
            throw new RecordException("it is nested deeper than " + MOST_DEPTH);
        }
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser, depth + 1));
                }
                yield list;
            }
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    if (map.containsKey(name)) {
                        throw new RecordException("the key '" + Cell.shorten(name) + "' stands twice in one object");
                    }
                    parser.nextToken();
                    map.put(name, read(parser, depth + 1));
                }
                yield map;
            }
            default -> null;
        };
    }

    /** The values that a tree says. */
    static @Nullable Object values(@Nullable Object tree, boolean exact) {
        if (tree instanceof Digits digits) {
            return number(digits.text(), exact);
        } else if (tree instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(item -> out.add(values(item, exact)));
            return out;
        } else if (tree instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((key, value) -> out.put(String.valueOf(key), values(value, exact)));
            return out;
        }
        return tree;
    }

    private static Object number(String text, boolean exact) {
        NumberText number = new NumberText();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        number.parse(bytes, 0, bytes.length);
        if (number.isLong()) {
            return number.longValue();
        } else if (number.isWhole() && !text.equals("-0")) {
            if (text.length() > 10_000) {
                throw new RecordException("a number of " + text.length() + " digits is more than any type here holds");
            }
            return new BigInteger(text);
        }
        double value = number.doubleValue();
        if (Double.isInfinite(value) || (value == 0 && !number.isZero())) {
            throw new RecordException(
                    "the number " + Cell.shorten(text)
                            + " is beyond what 64 bits hold (to 1.8e308, from 4.9e-324); write it in quotes to keep its digits");
        } else if (exact && !number.isDouble()) {
            throw new RecordException("the number " + Cell.shorten(text) + " has more digits than 64 bits hold");
        }
        return value;
    }

    /**
     * Whether every number of a tree is kept as it is written, and no whole one needs more than 64 bits, as MessagePack
     * demands.
     */
    static boolean isPacked(@Nullable Object tree) {
        if (tree instanceof Digits digits) {
            NumberText number = new NumberText();
            byte[] bytes = digits.text().getBytes(StandardCharsets.ISO_8859_1);
            number.parse(bytes, 0, bytes.length);
            return number.isWhole()
                    ? number.isLong()
                            || number.isUnsignedLong()
                            || digits.text().equals("-0")
                    : number.isDouble();
        } else if (tree instanceof List<?> list) {
            return list.stream().allMatch(JsonTree::isPacked);
        } else if (tree instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(JsonTree::isPacked);
        }
        return true;
    }

    /** The JSON text of a tree, or of values that JSON can say, without spaces. */
    public static String text(@Nullable Object tree) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(out, tree);
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory cannot fail", e);
        }
        return text.toString();
    }

    static void write(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object item : list) {
                write(out, item);
            }
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.writeString(number.toString());
        } else {
            out.writeNumber(value.toString()); // digits, or a number whose text JSON takes
        }
    }

    /** Whether JSON says a value so that {@link #parse} answers it again. */
    static boolean isPlain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().allMatch(JsonTree::isPlain);
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().allMatch(e -> e.getKey() instanceof String && isPlain(e.getValue()));
        } else if (value instanceof Double number) {
            return Double.isFinite(number);
        }
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof BigInteger;
    }
}
