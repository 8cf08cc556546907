package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.RowBatch;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import io.kohakuvault.table.ValueAppender;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns filled value by value hold what rows would have put there. */
class ValueAppenderTest {
    private static final Schema SCHEMA = schema(
            SchemaColumn.of("whole", DType.I64, true),
            SchemaColumn.of("small", DType.I8, true),
            SchemaColumn.of("real", DType.F64, true),
            SchemaColumn.of("half", DType.F16, true),
            SchemaColumn.of("ok", DType.BOOL, true),
            SchemaColumn.of("text", DType.STR, true),
            SchemaColumn.of("latin", DType.parse("str:latin1"), true),
            SchemaColumn.of("short", DType.parse("str:8"), true),
            SchemaColumn.of("at", new LogicalType.Timestamp(LogicalType.TimeUnit.S, "UTC"), true),
            SchemaColumn.of("price", new LogicalType.Decimal(12, 2), true),
            SchemaColumn.of("any", DType.parse("msgpack"), true));

    private static Schema schema(SchemaColumn... columns) {
        return new Schema(List.of(columns));
    }

    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("a.db"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void itHoldsWhatRowsWouldHavePutThere() {
        Table byRow = vault.tables().ensure("by_row", SCHEMA);
        Table byValue = vault.tables().ensure("by_value", SCHEMA);
        Random random = new Random(7);
        RowBatch rows = byRow.newBatch();
        RowBatch values = byValue.newBatch();
        for (int round = 0; round < 40; round++) {
            int count = random.nextInt(60);
            List<List<@Nullable Object>> cells = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                cells.add(row(random));
            }
            for (List<@Nullable Object> cell : cells) {
                rows.add(row -> {
                    for (int c = 0; c < cell.size(); c++) {
                        row.setObject(c, cell.get(c));
                    }
                });
            }
            boolean named = random.nextBoolean();
            values.addColumns(columns -> {
                for (int c = 0; c < SCHEMA.columns().size(); c++) {
                    ValueAppender to =
                            named ? columns.column(SCHEMA.columns().get(c).name()) : columns.column(c);
                    for (List<@Nullable Object> cell : cells) {
                        add(to, cell.get(c));
                    }
                }
            });
        }
        byRow.append(rows);
        byValue.append(values);
        assertThat(values.sizeBytes()).isEqualTo(rows.sizeBytes());
        List<Map<String, Object>> expected = rows(byRow);
        assertThat(rows(byValue)).hasSizeGreaterThan(500).isEqualTo(expected);
    }

    private static List<Map<String, Object>> rows(Table table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Row row : table.scan()) {
            rows.add(row.toMap());
        }
        return rows;
    }

    private static void add(ValueAppender to, @Nullable Object value) {
        if (value == null) {
            to.addNull();
        } else if (value instanceof Long whole) {
            to.add(whole.longValue());
        } else if (value instanceof Double real) {
            to.add(real.doubleValue());
        } else if (value instanceof Boolean truth) {
            to.add(truth.booleanValue());
        } else if (value instanceof String text) {
            to.add(text);
        } else {
            to.addObject(value);
        }
    }

    private static List<@Nullable Object> row(Random random) {
        String[] texts = {"", "a", "sensor 12", "gr\u00fcn", "x".repeat(63), "x".repeat(64), "x".repeat(65)};
        String text = texts[random.nextInt(texts.length)];
        List<@Nullable Object> row = new ArrayList<>();
        row.add(random.nextLong());
        row.add((long) (byte) random.nextInt());
        row.add(random.nextBoolean() ? (Object) random.nextGaussian() : (Object) (long) random.nextInt(1000));
        row.add((double) random.nextInt(100));
        row.add(random.nextBoolean());
        row.add(random.nextInt(4) == 0 ? "\u20ac " + text : text);
        row.add(text);
        row.add(text.length() < 8 ? text : "short");
        row.add(Instant.ofEpochSecond(random.nextInt()));
        row.add(BigDecimal.valueOf(random.nextInt(), 2));
        row.add(Map.of("text", text));
        for (int i = 0; i < row.size(); i++) {
            if (random.nextInt(5) == 0) {
                row.set(i, null);
            }
        }
        return row;
    }

    @Test
    void aMistakeAddsNothing() {
        Table table = vault.tables()
                .ensure("t", schema(SchemaColumn.of("n", DType.I8, false), SchemaColumn.of("s", DType.STR, true)));
        RowBatch batch = table.newBatch();
        batch.add(row -> row.set("n", 1).set("s", "first"));
        assertThatThrownBy(() -> batch.addColumns(columns -> {
                    ValueAppender n = columns.column("n");
                    n.add(2);
                    n.add(128);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column 'n'")
                .hasMessageContaining("128");
        assertThatThrownBy(() -> batch.addColumns(columns -> columns.column("n").addNull()))
                .hasMessageContaining("'n' is not nullable");
        assertThatThrownBy(() -> batch.addColumns(columns -> {
                    columns.column("n").add(2);
                    ValueAppender s = columns.column("s");
                    s.add("a");
                    s.add("b");
                }))
                .hasMessageContaining("was given");
        assertThatThrownBy(() -> batch.addColumns(columns -> {
                    columns.column("n").add(2);
                    columns.column("n");
                }))
                .hasMessageContaining("set twice");
        assertThatThrownBy(() -> batch.addColumns(columns -> {
                    ValueAppender first = columns.column("s");
                    columns.column(1).add("two");
                    first.add("one");
                }))
                .hasMessageContaining("set twice");
        assertThatThrownBy(() -> batch.addColumns(columns -> {
                    columns.column("n");
                    columns.set("n", new long[] {2});
                }))
                .hasMessageContaining("set twice");
        assertThatThrownBy(() -> batch.addColumns(columns -> columns.column(2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> batch.addColumns(columns -> columns.column("m")))
                .hasMessageContaining("has no column 'm'");
        assertThatThrownBy(() -> batch.addColumns(columns -> columns.column("n").add("two")))
                .hasMessageContaining("column 'n'");
        ValueAppender[] kept = new ValueAppender[1];
        batch.addColumns(columns -> {
            columns.column("n").add(2);
            kept[0] = columns.column("s");
            kept[0].add("second");
        });
        assertThatThrownBy(() -> kept[0].add("third")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept[0].addNull()).isInstanceOf(IllegalStateException.class);
        table.append(batch);
        assertThat(rows(table)).containsExactly(Map.of("n", 1L, "s", "first"), Map.of("n", 2L, "s", "second"));
    }
}
