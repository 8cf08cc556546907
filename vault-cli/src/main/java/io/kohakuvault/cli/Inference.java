package io.kohakuvault.cli;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which types the columns of a new table get: those that were said, else the narrowest that takes every value of a sample. */
final class Inference {
    private static final String NUMBER = "[-+]?(0|[1-9]\\d*|0?\\.\\d+|(0|[1-9]\\d*)\\.\\d*)([eE][-+]?\\d+)?";

    private final Map<String, String> said;
    private final Map<String, Predicate<Object>> exact = new HashMap<>();

    Inference(Map<String, String> said) {
        this.said = said;
    }

    List<SchemaColumn> columns(List<Map<String, Object>> sample) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        sample.forEach(row -> row.forEach((name, value) ->
                values.computeIfAbsent(name, n -> new ArrayList<>()).add(value)));
        said.keySet().forEach(name -> values.computeIfAbsent(name, n -> new ArrayList<>()));
        List<SchemaColumn> columns = new ArrayList<>();
        values.forEach((name, column) -> {
            String type = said.get(name);
            SchemaColumn chosen = type == null ? infer(name, column) : parse(name, type);
            if (type == null) {
                exact.put(name, exactly(chosen));
            }
            columns.add(chosen);
        });
        return columns;
    }

    /** For each column whose type was not said: whether a value, also one after the sample, is kept as it is written. */
    Map<String, Predicate<Object>> exact() {
        return exact;
    }

    private static Predicate<Object> exactly(SchemaColumn column) {
        DType type = column.dtype();
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Timestamp timestamp) {
            return timestamp.unit() == LogicalType.TimeUnit.NS ? Inference::isInstant : Inference::isOfMicroseconds;
        } else if (logical instanceof LogicalType.Date) {
            return Inference::isDate;
        } else if (logical instanceof LogicalType.ListOf) {
            return value -> value instanceof List;
        } else if (logical instanceof LogicalType.MapOf) {
            return value -> value instanceof Map;
        } else if (type.equals(DType.BOOL)) {
            return Inference::isBoolean;
        } else if (type.equals(DType.I64)) {
            return Inference::isLong;
        } else if (type.equals(DType.U64)) {
            return Inference::isUnsigned;
        }
        return type.equals(DType.F64) ? Inference::isNumber : value -> true;
    }

    static SchemaColumn parse(String name, String type) {
        LogicalType logical = LogicalType.parse(
                        switch (type) {
                            case "timestamp" -> "timestamp:us:UTC";
                            case "time" -> "time:us";
                            default -> type;
                        })
                .orElseThrow();
        return logical instanceof LogicalType.Other
                ? SchemaColumn.of(name, DType.parse(type), true)
                : SchemaColumn.of(name, logical, true);
    }

    private static SchemaColumn infer(String name, List<Object> values) {
        List<Object> present = values.stream()
                .filter(v -> v != null && !(v instanceof String text && text.isEmpty()))
                .toList();
        if (present.isEmpty()) {
            return SchemaColumn.of(name, DType.STR, true);
        } else if (present.stream().allMatch(Inference::isBoolean)) {
            return SchemaColumn.of(name, DType.BOOL, true);
        } else if (present.stream().allMatch(Inference::isLong)) {
            return SchemaColumn.of(name, DType.I64, true);
        } else if (present.stream().allMatch(Inference::isUnsigned)) {
            return SchemaColumn.of(name, DType.U64, true);
        } else if (present.stream().allMatch(Inference::isNumber)) {
            return SchemaColumn.of(name, DType.F64, true);
        } else if (present.stream().allMatch(Inference::isInstant)) {
            return parse(
                    name, present.stream().allMatch(Inference::isOfMicroseconds) ? "timestamp" : "timestamp:ns:UTC");
        } else if (present.stream().allMatch(Inference::isDate)) {
            return parse(name, "date");
        } else if (present.stream().allMatch(v -> v instanceof List)) {
            return parse(name, "list");
        } else if (present.stream().allMatch(v -> v instanceof Map)) {
            return parse(name, "map");
        }
        // Text takes every number as it was written; MessagePack takes those of 64 bits.
        boolean text = present.stream().allMatch(v -> v instanceof String || v instanceof Number)
                && present.stream().anyMatch(v -> v instanceof String || v instanceof BigInteger);
        return SchemaColumn.of(name, text ? DType.STR : DType.MSGPACK, true);
    }

    static boolean isBoolean(Object value) {
        return value instanceof Boolean
                || (value instanceof String text
                        && Set.of("true", "false").contains(text.strip().toLowerCase(Locale.ROOT)));
    }

    private static boolean isLong(Object value) {
        if (value instanceof Long || value instanceof Integer) {
            return true;
        }
        try {
            // 007 is a name, not a number
            return value instanceof String text
                    && Long.toString(Long.parseLong(text.strip())).equals(text.strip());
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isUnsigned(Object value) {
        String text = String.valueOf(value).strip();
        try {
            return (isLong(value) && !text.startsWith("-"))
                    || ((value instanceof BigInteger || value instanceof String)
                            && Long.toUnsignedString(Long.parseUnsignedLong(text))
                                    .equals(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Whether a double takes it: whole numbers exactly, fractions to its 53 bits. */
    private static boolean isNumber(Object value) {
        String text = String.valueOf(value).strip();
        if (!(value instanceof Number || value instanceof String) || !text.matches(NUMBER)) {
            return value instanceof String && text.matches("NaN|-?Infinity");
        }
        BigDecimal number = new BigDecimal(text);
        return Double.isFinite(number.doubleValue())
                && (number.signum() == 0 || number.doubleValue() != 0)
                && (text.contains(".") || new BigDecimal(number.doubleValue()).compareTo(number) == 0);
    }

    private static boolean isInstant(Object value) {
        try {
            return value instanceof String text && Cells.instant(text.strip()) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isOfMicroseconds(Object value) {
        return isInstant(value) && Cells.instant(((String) value).strip()).getNano() % 1000 == 0;
    }

    private static boolean isDate(Object value) {
        try {
            return value instanceof String text && LocalDate.parse(text.strip()) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
