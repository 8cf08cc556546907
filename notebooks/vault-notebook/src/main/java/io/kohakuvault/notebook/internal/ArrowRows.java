package io.kohakuvault.notebook.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** An Arrow batch as rows. */
public final class ArrowRows {
    private ArrowRows() {}

    public static Rendered of(VectorSchemaRoot batch) {
        checkOpen(batch);
        List<Grid.Column> columns = new ArrayList<>();
        for (Field field : batch.getSchema().getFields()) {
            columns.add(new Grid.Column(field.getName(), type(field)));
        }
        List<FieldVector> shown =
                batch.getFieldVectors().stream().limit(Grid.COLUMNS).toList();
        int rows = batch.getRowCount();
        int head = Math.min(rows, Grid.HEAD);
        int tail = Math.min(rows - head, Grid.TAIL);
        List<Object[]> first = new ArrayList<>();
        List<Object[]> last = new ArrayList<>();
        for (int i = 0; i < head; i++) {
            first.add(row(shown, i));
        }
        for (int i = rows - tail; i < rows; i++) {
            last.add(row(shown, i));
        }
        return new Grid("Arrow batch", columns, first, last, rows, "").render();
    }

    /** Closed vectors have no rows, while the batch still knows how many it had. */
    static void checkOpen(VectorSchemaRoot batch) {
        for (FieldVector vector : batch.getFieldVectors()) {
            if (vector.getValueCount() < batch.getRowCount()) {
                throw new IllegalStateException("this batch is closed, or the reader has gone on: the vector \""
                        + vector.getName() + "\" has no rows any more. Look at a batch before the next one is loaded");
            }
        }
    }

    private static Object[] row(List<FieldVector> vectors, int row) {
        return vectors.stream().map(v -> value(v, row)).toArray();
    }

    private static String type(Field field) {
        String type = field.getType().toString().toLowerCase(Locale.ROOT);
        return field.isNullable() ? type + " null" : type;
    }

    /** The value as what its type means. */
    static @Nullable Object value(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        Object value = vector.getObject(row);
        ArrowType type = vector.getField().getType();
        if (type instanceof ArrowType.Timestamp timestamp && value instanceof Long units) {
            return instant(units, timestamp.getUnit());
        }
        if (type instanceof ArrowType.Date && value instanceof Integer days) {
            return LocalDate.ofEpochDay(days);
        }
        if (type instanceof ArrowType.Time time && value instanceof Number units) {
            return LocalTime.ofNanoOfDay(units.longValue() * nanos(time.getUnit()));
        }
        if (value instanceof byte[] bytes
                && bytes.length == 16
                && "arrow.uuid".equals(vector.getField().getMetadata().get("ARROW:extension:name"))) {
            ByteBuffer both = ByteBuffer.wrap(bytes);
            return new UUID(both.getLong(), both.getLong());
        }
        return value;
    }

    private static Instant instant(long units, TimeUnit unit) {
        long perSecond = 1_000_000_000L / nanos(unit);
        return Instant.ofEpochSecond(Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * nanos(unit));
    }

    private static long nanos(TimeUnit unit) {
        return switch (unit) {
            case SECOND -> 1_000_000_000L;
            case MILLISECOND -> 1_000_000L;
            case MICROSECOND -> 1_000L;
            case NANOSECOND -> 1L;
        };
    }
}
