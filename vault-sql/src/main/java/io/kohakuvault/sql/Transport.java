package io.kohakuvault.sql;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBWritableVector;

/**
 * How a column crosses where it is handed to DuckDB value by value: the driver's table functions have no setters for
 * bytes, arrays, times of day and UUIDs, so these cross as text or numbers, and the view makes of them what a stream of
 * Arrow batches would be.
 */
enum Transport {
    BOOLEAN(DuckDBColumnType.BOOLEAN),
    I8(DuckDBColumnType.TINYINT),
    I16(DuckDBColumnType.SMALLINT),
    I32(DuckDBColumnType.INTEGER),
    I64(DuckDBColumnType.BIGINT),
    U8(DuckDBColumnType.UTINYINT),
    U16(DuckDBColumnType.USMALLINT),
    U32(DuckDBColumnType.UINTEGER),
    U64(DuckDBColumnType.UBIGINT),
    F32(DuckDBColumnType.FLOAT),
    F64(DuckDBColumnType.DOUBLE),
    DECIMAL(DuckDBColumnType.DECIMAL),
    TEXT(DuckDBColumnType.VARCHAR),
    BYTES(DuckDBColumnType.VARCHAR),
    ARRAY(DuckDBColumnType.VARCHAR),
    /** Days since 1970. */
    DATE(DuckDBColumnType.INTEGER),
    /** Microseconds of the day. */
    TIME(DuckDBColumnType.BIGINT),
    /** Nanoseconds of the day. */
    TIME_NS(DuckDBColumnType.BIGINT),
    /** Microseconds since 1970: the driver's setter overflows in the first second that there is. */
    TIMESTAMP(DuckDBColumnType.BIGINT),
    TIMESTAMP_S(DuckDBColumnType.TIMESTAMP_S),
    TIMESTAMP_MS(DuckDBColumnType.TIMESTAMP_MS),
    /** Nanoseconds since 1970. */
    TIMESTAMP_NS(DuckDBColumnType.BIGINT),
    /** Microseconds since 1970. */
    INSTANT(DuckDBColumnType.BIGINT),
    /** Nanoseconds since 1970, which the driver has no type for. */
    INSTANT_NS(DuckDBColumnType.BIGINT);

    private static final HexFormat HEX = HexFormat.of();

    private final DuckDBColumnType type;

    Transport(DuckDBColumnType type) {
        this.type = type;
    }

    /** How a field crosses. */
    static Transport of(Field field) {
        ArrowType arrow = field.getType();
        if (arrow instanceof ArrowType.Bool) {
            return BOOLEAN;
        } else if (arrow instanceof ArrowType.Int number) {
            return switch (number.getBitWidth()) {
                case 8 -> number.getIsSigned() ? I8 : U8;
                case 16 -> number.getIsSigned() ? I16 : U16;
                case 32 -> number.getIsSigned() ? I32 : U32;
                default -> number.getIsSigned() ? I64 : U64;
            };
        } else if (arrow instanceof ArrowType.FloatingPoint number) {
            return number.getPrecision() == org.apache.arrow.vector.types.FloatingPointPrecision.DOUBLE ? F64 : F32;
        } else if (arrow instanceof ArrowType.Decimal) {
            return DECIMAL;
        } else if (arrow instanceof ArrowType.Utf8 || arrow instanceof ArrowType.LargeUtf8) {
            return TEXT;
        } else if (arrow instanceof ArrowType.Date) {
            return DATE;
        } else if (arrow instanceof ArrowType.Time time) {
            return time.getUnit() == TimeUnit.NANOSECOND ? TIME_NS : TIME;
        } else if (arrow instanceof ArrowType.Timestamp time) {
            return time.getTimezone() != null
                    ? time.getUnit() == TimeUnit.NANOSECOND ? INSTANT_NS : INSTANT
                    : switch (time.getUnit()) {
                        case SECOND -> TIMESTAMP_S;
                        case MILLISECOND -> TIMESTAMP_MS;
                        case MICROSECOND -> TIMESTAMP;
                        case NANOSECOND -> TIMESTAMP_NS;
                    };
        } else if (arrow instanceof ArrowType.FixedSizeList) {
            return ARRAY;
        }
        return BYTES;
    }

    /** Whether rows of it cost little: by it DuckDB counts rows. */
    boolean isSmall() {
        return this != TEXT && this != BYTES && this != ARRAY && this != U64 && this != DECIMAL;
    }

    /** The type of the function's column. */
    DuckDBLogicalType type(Field field) throws SQLException {
        return field.getType() instanceof ArrowType.Decimal decimal
                ? DuckDBLogicalType.decimal(decimal.getPrecision(), decimal.getScale())
                : DuckDBLogicalType.of(type);
    }

    /** What the view selects. */
    String expression(Field field, String quoted) {
        String extension = field.getMetadata().getOrDefault("ARROW:extension:name", "");
        return switch (this) {
            case TEXT -> extension.equals("arrow.json") ? quoted + "::JSON" : quoted;
            case BYTES -> extension.equals("arrow.uuid") ? quoted + "::UUID" : "unhex(" + quoted + ")";
            case ARRAY ->
                quoted + "::" + of(field.getChildren().get(0)).type + "["
                        + ((ArrowType.FixedSizeList) field.getType()).getListSize() + "]";
            case DATE -> orInfinite(quoted, Integer.MAX_VALUE, "DATE", "DATE '1970-01-01' + " + quoted);
            case TIME -> "TIME '00:00:00' + to_microseconds(" + quoted + ")";
            case TIME_NS -> "make_timestamp_ns(" + quoted + ")::TIME_NS";
            case TIMESTAMP -> orInfinite(quoted, Long.MAX_VALUE, "TIMESTAMP", "make_timestamp(" + quoted + ")");
            case TIMESTAMP_NS -> nanoseconds(quoted);
            case INSTANT -> orInfinite(quoted, Long.MAX_VALUE, "TIMESTAMPTZ", "make_timestamptz(" + quoted + ")");
            case INSTANT_NS -> "timezone('UTC', " + nanoseconds(quoted) + ")";
            default -> quoted;
        };
    }

    private static String nanoseconds(String quoted) {
        return orInfinite(quoted, Long.MAX_VALUE, "TIMESTAMP_NS", "make_timestamp_ns(" + quoted + ")");
    }

    /** What streams hand out as infinite, the largest number and its negative, is no number to DuckDB's functions. */
    private static String orInfinite(String quoted, long infinity, String type, String finite) {
        return "CASE " + quoted + " WHEN " + infinity + " THEN 'infinity'::" + type + " WHEN -" + infinity
                + " THEN '-infinity'::" + type + " ELSE " + finite + " END";
    }

    /** Hands rows of a batch over. */
    void write(FieldVector vector, int from, int count, DuckDBWritableVector to) {
        switch (this) {
            case TEXT, BYTES, ARRAY -> writeTexts(vector, from, count, to);
            default -> {
                boolean all = vector.getNullCount() == 0;
                for (int i = 0; i < count; i++) {
                    if (all || !vector.isNull(from + i)) {
                        writeValue(vector, from + i, i, to);
                    } else {
                        to.setNull(i);
                    }
                }
            }
        }
    }

    private void writeValue(FieldVector vector, int row, int target, DuckDBWritableVector to) {
        switch (this) {
            case BOOLEAN -> to.setBoolean(target, ((BitVector) vector).get(row) != 0);
            case I8 -> to.setByte(target, ((TinyIntVector) vector).get(row));
            case I16 -> to.setShort(target, ((SmallIntVector) vector).get(row));
            case I32 -> to.setInt(target, ((IntVector) vector).get(row));
            case I64 -> to.setLong(target, ((BigIntVector) vector).get(row));
            case U8 -> to.setUint8(target, ((UInt1Vector) vector).get(row) & 0xFF);
            case U16 -> to.setUint16(target, ((UInt2Vector) vector).get(row));
            case U32 -> to.setUint32(target, ((UInt4Vector) vector).get(row) & 0xFFFF_FFFFL);
            case U64 -> to.setUint64(target, new BigInteger(Long.toUnsignedString(((UInt8Vector) vector).get(row))));
            case F32 -> to.setFloat(target, ((Float4Vector) vector).get(row));
            case F64 -> to.setDouble(target, ((Float8Vector) vector).get(row));
            case DECIMAL -> to.setBigDecimal(target, ((DecimalVector) vector).getObject(row));
            case DATE -> to.setInt(target, ((DateDayVector) vector).get(row));
            case TIME -> to.setLong(target, microsecondsOfDay((BaseFixedWidthVector) vector, row));
            case TIME_NS -> to.setLong(target, vector.getDataBuffer().getLong(8L * row));
            case TIMESTAMP, TIMESTAMP_NS, INSTANT_NS -> to.setLong(target, ((TimeStampVector) vector).get(row));
            case TIMESTAMP_S, TIMESTAMP_MS -> {
                Instant time = instant((TimeStampVector) vector, row);
                to.setTimestamp(
                        target, LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC));
            }
            case INSTANT -> to.setLong(target, microseconds((TimeStampVector) vector, row));
            default -> throw new IllegalStateException("not a value: " + this);
        }
    }

    private static long microsecondsOfDay(BaseFixedWidthVector vector, int row) {
        ArrowType.Time time = (ArrowType.Time) vector.getField().getType();
        return time.getUnit() == TimeUnit.MILLISECOND
                ? vector.getDataBuffer().getInt(4L * row) * 1_000L
                : vector.getDataBuffer().getLong(8L * row);
    }

    /** Since 1970. */
    private static long microseconds(TimeStampVector vector, int row) {
        long value = vector.get(row);
        long each = 1_000_000 / perSecond(vector);
        try {
            return Math.multiplyExact(value, each);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "column '" + vector.getName() + "' has a time beyond DuckDB's microseconds: "
                            + instant(vector, row),
                    e);
        }
    }

    private static long perSecond(TimeStampVector vector) {
        return switch (((ArrowType.Timestamp) vector.getField().getType()).getUnit()) {
            case SECOND -> 1;
            case MILLISECOND -> 1_000;
            case MICROSECOND -> 1_000_000;
            case NANOSECOND -> 1_000_000_000;
        };
    }

    private static Instant instant(TimeStampVector vector, int row) {
        long value = vector.get(row);
        long perSecond = perSecond(vector);
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
    }

    private void writeTexts(FieldVector vector, int from, int count, DuckDBWritableVector to) {
        byte[][] texts = new byte[count][];
        for (int i = 0; i < count; i++) {
            if (!vector.isNull(from + i)) {
                texts[i] = text(vector, from + i);
            }
        }
        to.setStringUtf8Batch(0, texts);
    }

    private byte[] text(FieldVector vector, int row) {
        if (this == TEXT) {
            return vector instanceof LargeVarCharVector large ? large.get(row) : ((VarCharVector) vector).get(row);
        }
        String text;
        if (this == ARRAY) {
            text = items((FixedSizeListVector) vector, row);
        } else if (vector instanceof LargeVarBinaryVector large) {
            text = HEX.formatHex(large.get(row));
        } else if (vector instanceof VarBinaryVector small) {
            text = HEX.formatHex(small.get(row));
        } else {
            text = HEX.formatHex(((org.apache.arrow.vector.FixedSizeBinaryVector) vector).get(row));
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String items(FixedSizeListVector lists, int row) {
        FieldVector items = lists.getDataVector();
        boolean unsigned8 = items instanceof UInt1Vector;
        StringBuilder text = new StringBuilder("[");
        int size = lists.getListSize();
        for (int i = 0; i < size; i++) {
            Object item = items.getObject(row * size + i);
            if (unsigned8) {
                item = ((Byte) item) & 0xFF;
            } else if (items instanceof UInt4Vector) {
                item = Integer.toUnsignedLong((Integer) item);
            } else if (items instanceof UInt8Vector) {
                item = Long.toUnsignedString((Long) item);
            } else if (items instanceof UInt2Vector) {
                item = (int) ((Character) item).charValue();
            }
            text.append(i == 0 ? "" : ",").append(item);
        }
        return text.append(']').toString();
    }
}
