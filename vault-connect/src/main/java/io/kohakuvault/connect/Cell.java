package io.kohakuvault.connect;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.ColumnWriter;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.ValueAppender;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a value that a converter delivers gets into one column. */
@SuppressWarnings("JavaUtilDate") // what Kafka Connect hands over
final class Cell {
    private static final Logger LOG = LoggerFactory.getLogger(Cell.class);

    private static final long MS_A_DAY = 86_400_000;

    /** No decimal has more digits; longer texts are not looked at. */
    private static final int LONGEST_DECIMAL = 200;

    /**
     * What decides how a value is read. Those before {@code INSTANT} are no fields, but say where the record came from.
     */
    enum Kind {
        TOPIC,
        PARTITION,
        OFFSET,
        TIMESTAMP,
        TIMESTAMP_MS,
        KEY,
        HEADERS,
        INSTANT,
        DAY,
        TIME_OF_DAY,
        DECIMAL,
        UUID,
        VECTOR,
        U64,
        WHOLE,
        FLOATING,
        JSON,
        TEXT,
        OTHER;

        boolean isField() {
            return compareTo(INSTANT) >= 0;
        }

        /** Whether numbers and truth values are stored as they come. */
        boolean isPlain() {
            return switch (this) {
                case PARTITION, OFFSET, TIMESTAMP_MS, INSTANT, WHOLE, FLOATING, OTHER -> true;
                default -> false;
            };
        }
    }

    private final SchemaColumn column;
    private final int place;
    private final FieldPath source;
    private final Kind kind;
    private final ColumnArray array;

    private Cell(SchemaColumn column, int place, FieldPath source, Kind kind) {
        this.column = column;
        this.place = place;
        this.source = source;
        this.kind = kind;
        this.array = kind.isPlain() ? ColumnArray.of(column) : ColumnArray.NONE;
    }

    /**
     * @param place the column's, in its table
     * @param source where in a record its values stand
     * @param metadata what it takes instead, where that is no field
     */
    static Cell of(SchemaColumn column, int place, FieldPath source, Optional<Metadata.Item> metadata) {
        Kind kind = metadata.map(item -> kind(item, column)).orElseGet(() -> kind(column));
        return new Cell(column, place, source, kind);
    }

    private static Kind kind(Metadata.Item item, SchemaColumn column) {
        return switch (item) {
            case TOPIC -> Kind.TOPIC;
            case PARTITION -> Kind.PARTITION;
            case OFFSET -> Kind.OFFSET;
            case TIMESTAMP ->
                column.logicalType()
                                .filter(t ->
                                        t instanceof LogicalType.Timestamp at && at.unit() == LogicalType.TimeUnit.MS)
                                .isPresent()
                        ? Kind.TIMESTAMP_MS
                        : Kind.TIMESTAMP;
            case KEY -> Kind.KEY;
            case HEADERS -> Kind.HEADERS;
        };
    }

    private static Kind kind(SchemaColumn column) {
        LogicalType logical = column.logicalType().orElse(null);
        if (logical instanceof LogicalType.Timestamp) {
            return Kind.INSTANT;
        } else if (logical instanceof LogicalType.Date) {
            return Kind.DAY;
        } else if (logical instanceof LogicalType.Time) {
            return Kind.TIME_OF_DAY;
        } else if (logical instanceof LogicalType.Decimal) {
            return Kind.DECIMAL;
        } else if (logical instanceof LogicalType.Uuid) {
            return Kind.UUID;
        } else if (logical instanceof LogicalType.Json) {
            return Kind.JSON;
        } else if (column.dtype() instanceof DType.VectorType) {
            return Kind.VECTOR;
        } else if (column.dtype().equals(DType.U64)) {
            return Kind.U64;
        } else if (column.dtype() instanceof DType.IntegerType) {
            return Kind.WHOLE;
        } else if (column.dtype() instanceof DType.FloatingType) {
            return Kind.FLOATING;
        } else if (column.dtype() instanceof DType.StringType) {
            return Kind.TEXT;
        }
        return Kind.OTHER;
    }

    FieldPath source() {
        return source;
    }

    Kind kind() {
        return kind;
    }

    int place() {
        return place;
    }

    /** What of many records it can be given as an array. */
    ColumnArray array() {
        return array;
    }

    String name() {
        return column.name();
    }

    /**
     * Adds the values of many records to the column.
     *
     * @throws RuntimeException when one of them does not fit: which, and why, is found by adding each by itself
     */
    void addAll(ColumnWriter to, @Nullable Object[] values) {
        if (values.length == 1 || !array.add(to, column.name(), values)) {
            ValueAppender appender = to.column(place);
            for (Object value : values) {
                add(appender, value);
            }
        }
    }

    /**
     * Adds a value to the column.
     *
     * @throws UnfitException when the value does not fit
     */
    void add(ValueAppender to, @Nullable Object value) {
        if (value == null) {
            if (!column.nullable()) {
                throw new UnfitException(
                        "field '" + source + "' is missing or null, which column " + column + " does not take");
            }
            to.addNull();
            return;
        }
        try {
            put(to, value);
        } catch (UnfitException e) {
            throw new UnfitException("field '" + source + "': " + e.getMessage());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            LOG.debug("field {}", source, e);
            throw new UnfitException(
                    "field '" + source + "'"
                            + (value instanceof String text && !Plain.isText(text)
                                    ? Plain.HALF
                                    : " holds " + UnfitException.kindOf(value) + " that column " + column
                                            + " does not take: it is of another type, out of range, or would have to be rounded"));
        }
    }

    /**
     * What a record has in place of a field.
     *
     * @throws UnfitException when that is nothing, and the column takes no null
     */
    <T> @Nullable T checked(@Nullable T value) {
        if (value == null && !column.nullable()) {
            throw new UnfitException(
                    "it has no " + kind.name().replace("_MS", "").toLowerCase(Locale.ROOT) + ", which column " + column
                            + " does not take");
        }
        return value;
    }

    private void put(ValueAppender to, Object value) {
        switch (kind) {
            case INSTANT -> putInstant(to, value);
            case DAY -> putDay(to, value);
            case TIME_OF_DAY -> putTime(to, value);
            case DECIMAL -> putDecimal(to, value);
            case UUID -> putUuid(to, value);
            case VECTOR -> to.addObject(Plain.floats(value));
            case U64 -> {
                if (value instanceof Number number && Plain.isInteger(number) && number.longValue() < 0) {
                    throw new UnfitException("it is below 0, and column " + column + " begins there");
                }
                to.addObject(value instanceof java.math.BigInteger ? value : Plain.value(value));
            }
            case WHOLE -> {
                if (value instanceof Long || value instanceof Integer) {
                    to.add(((Number) value).longValue());
                } else {
                    to.addObject(Plain.value(value));
                }
            }
            case FLOATING -> {
                if (value instanceof Double number) {
                    to.add(number.doubleValue());
                } else {
                    to.addObject(value instanceof BigDecimal ? value : Plain.value(value));
                }
            }
            case JSON -> to.addObject(value instanceof String ? Plain.value(value) : JsonText.of(value));
            case TEXT -> {
                if (value instanceof String text) {
                    to.add(text);
                } else {
                    to.addObject(Plain.value(value));
                }
            }
            default -> {
                if (value instanceof Boolean truth) {
                    to.add(truth.booleanValue());
                } else {
                    to.addObject(Plain.value(value));
                }
            }
        }
    }

    private void putInstant(ValueAppender to, Object value) {
        if (value instanceof Long || value instanceof Integer) {
            to.add(((Number) value).longValue());
        } else if (value instanceof Date date) {
            to.addObject(Instant.ofEpochMilli(date.getTime()));
        } else if (value instanceof String text) {
            to.addObject(instant(text));
        } else {
            to.addObject(Plain.value(value));
        }
    }

    /** ISO 8601 with a zone or an offset. */
    private static Instant instant(String text) {
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text)
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnfitException("its text is no point in time as ISO 8601 writes it, with Z or an offset");
        }
    }

    private void putDay(ValueAppender to, Object value) {
        if (value instanceof Date date) {
            long ms = date.getTime();
            if (Math.floorMod(ms, MS_A_DAY) != 0) {
                throw new UnfitException("it is no day, but a time of one");
            }
            to.addObject(LocalDate.ofEpochDay(Math.floorDiv(ms, MS_A_DAY)));
        } else if (value instanceof String text) {
            try {
                to.addObject(LocalDate.parse(text));
            } catch (DateTimeException e) {
                throw new UnfitException("its text is no day as ISO 8601 writes it");
            }
        } else {
            to.addObject(Plain.value(value));
        }
    }

    private void putTime(ValueAppender to, Object value) {
        if (value instanceof Date date) {
            long ms = date.getTime();
            if (ms < 0 || ms >= MS_A_DAY) {
                throw new UnfitException("it is no time of a day");
            }
            to.addObject(LocalTime.ofNanoOfDay(ms * 1_000_000));
        } else if (value instanceof String text) {
            try {
                to.addObject(LocalTime.parse(text));
            } catch (DateTimeException e) {
                throw new UnfitException("its text is no time of day as ISO 8601 writes it");
            }
        } else {
            to.addObject(Plain.value(value));
        }
    }

    private void putDecimal(ValueAppender to, Object value) {
        if (value instanceof String text) {
            if (text.length() > LONGEST_DECIMAL) {
                throw new UnfitException("its text is longer than a decimal's");
            }
            try {
                to.addObject(new BigDecimal(text.strip()));
            } catch (NumberFormatException e) {
                throw new UnfitException("its text is no decimal number");
            }
        } else if (value instanceof Number) {
            to.addObject(value);
        } else if (value instanceof byte[] || value instanceof ByteBuffer) {
            throw new UnfitException("its bytes do not say what decimal they are; a decimal is a number or text");
        } else {
            to.addObject(Plain.value(value));
        }
    }

    private void putUuid(ValueAppender to, Object value) {
        if (value instanceof String text) {
            try {
                to.addObject(LogicalType.Uuid.parse(text));
            } catch (IllegalArgumentException e) {
                throw new UnfitException("its text is no UUID");
            }
        } else {
            to.addObject(Plain.value(value));
        }
    }
}
