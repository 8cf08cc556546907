package io.kohakuvault.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowWriter;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Values of CSV and JSON to those of a table's columns. */
final class Cells {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Map<String, SchemaColumn> columns = new LinkedHashMap<>();

    private final Map<String, Predicate<Object>> exact;

    /** @param exact for columns of an inferred type, whether a value is kept as it is written */
    Cells(Schema schema, Map<String, Predicate<Object>> exact) {
        this.exact = exact;
        schema.columns().forEach(column -> columns.put(column.name(), column));
    }

    void fill(RowWriter row, Map<String, Object> record) {
        record.forEach((name, value) -> {
            SchemaColumn column = columns.get(name);
            if (column == null) {
                throw new IllegalArgumentException(
                        "column '" + name + "' is not in the table, which has " + columns.keySet());
            }
            boolean absent = value == null
                    || (value instanceof String text
                            && text.isEmpty()
                            && !(column.dtype() instanceof DType.StringType));
            if (!absent) {
                Object converted = convert(column, value);
                if (!exact.getOrDefault(name, v -> true).test(value)) {
                    throw new IllegalArgumentException("column '" + name + "' (" + column + ") would not keep '" + value
                            + "' as it is written; its type was inferred from rows before");
                }
                row.setObject(name, converted);
            }
        });
    }

    /** Why a value does not fit. */
    private static final class Unfit extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Unfit(String why) {
            super(why);
        }
    }

    private static Object convert(SchemaColumn column, Object value) {
        try {
            return value instanceof String text ? parse(column, text) : plain(column, value);
        } catch (IllegalArgumentException | DateTimeException | IOException e) {
            throw new IllegalArgumentException(
                    "column '" + column.name() + "' (" + column + ") does not take '" + value + "'"
                            + (e instanceof Unfit ? ": " + e.getMessage() : ""),
                    e);
        }
    }

    private static Object parse(SchemaColumn column, String text) throws IOException {
        LogicalType logical = column.logicalType().orElse(null);
        String stripped = text.strip();
        if (logical instanceof LogicalType.Timestamp) {
            return instant(stripped);
        } else if (logical instanceof LogicalType.Date) {
            return LocalDate.parse(stripped);
        } else if (logical instanceof LogicalType.Time) {
            return LocalTime.parse(stripped);
        } else if (logical instanceof LogicalType.Decimal) {
            return new BigDecimal(stripped);
        } else if (logical instanceof LogicalType.Uuid) {
            return UUID.fromString(stripped);
        } else if (column.dtype() instanceof DType.IntegerType) {
            return column.dtype().equals(DType.U64) ? unsigned(new BigInteger(stripped)) : Long.parseLong(stripped);
        } else if (column.dtype() instanceof DType.FloatingType) {
            return finite(Double.parseDouble(stripped), stripped);
        } else if (column.dtype() instanceof DType.BooleanType) {
            return switch (stripped.toLowerCase(Locale.ROOT)) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> throw new NumberFormatException(text);
            };
        } else if (column.dtype() instanceof DType.BytesType) {
            return Base64.getDecoder().decode(stripped);
        } else if (column.dtype() instanceof DType.VectorType
                || logical instanceof LogicalType.ListOf
                || logical instanceof LogicalType.MapOf) {
            return plain(column, JSON.readValue(text, Object.class));
        }
        return text;
    }

    /** What Jackson read, in the classes that a table takes. */
    private static Object plain(SchemaColumn column, Object value) throws IOException {
        LogicalType logical = column.logicalType().orElse(null);
        if (value instanceof Number && logical instanceof LogicalType.Decimal) {
            return value;
        } else if (logical instanceof LogicalType.Json) {
            return JSON.writeValueAsString(value);
        } else if ((value instanceof Number || value instanceof Boolean)
                && column.dtype() instanceof DType.StringType) {
            return String.valueOf(value);
        } else if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            return column.dtype().equals(DType.U64) ? unsigned(new BigInteger(value.toString())) : value;
        } else if (value instanceof List<?> list && column.dtype() instanceof DType.VectorType) {
            float[] floats = new float[list.size()];
            for (int i = 0; i < floats.length; i++) {
                if (!(list.get(i) instanceof Number number)) {
                    throw new Unfit("element " + i + " is no number");
                }
                floats[i] = number.floatValue();
            }
            return floats;
        }
        return nested(value);
    }

    /** The bits of an unsigned number. */
    private static long unsigned(BigInteger value) {
        if (value.signum() < 0 || value.bitLength() > 64) {
            throw new Unfit("u64 is from 0 to 18446744073709551615");
        }
        return value.longValue();
    }

    /** Numbers are rounded, but none becomes infinite that is not written so. */
    private static double finite(double value, Object written) {
        if (Double.isInfinite(value) && !String.valueOf(written).contains("Infinity")) {
            throw new Unfit("f64 is from -1.8e308 to 1.8e308");
        }
        return value;
    }

    private static Object nested(Object value) {
        if (value instanceof BigDecimal number) {
            return finite(number.doubleValue(), number);
        } else if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>();
            list.forEach(item -> out.add(nested(item)));
            return out;
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> out = new LinkedHashMap<>();
            map.forEach((k, v) -> out.put(String.valueOf(k), nested(v)));
            return out;
        }
        return value;
    }

    /** ISO 8601, in UTC where it names no offset. */
    static Instant instant(String text) {
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        boolean hasOffset = iso.endsWith("Z") || (iso.indexOf('T') > 0 && iso.matches(".*[+-]\\d\\d(:?\\d\\d)?$"));
        return hasOffset
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
}
