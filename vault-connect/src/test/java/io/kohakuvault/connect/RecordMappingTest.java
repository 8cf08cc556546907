package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record is written as it is, or rejected with its reason. */
class RecordMappingTest {
    private static final TopicPartition PARTITION = new TopicPartition("events", 0);

    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private final FakeContext context = new FakeContext();

    @BeforeEach
    void settings() {
        settings.put("name", "sink");
        settings.put("database.path", folder.resolve("a.db").toString());
        settings.put("behavior.on.other.connectors", "ignore");
        settings.put("table.name", "events");
        settings.put("table.metadata", "false");
    }

    private static SinkRecord record(long offset, Object key, Schema schema, Object value) {
        return new SinkRecord("events", 0, null, key, schema, value, offset, 1L, TimestampType.CREATE_TIME);
    }

    private void put(SinkRecord... records) {
        VaultSinkTask task = new VaultSinkTask();
        task.initialize(context);
        task.start(settings);
        task.open(List.of(PARTITION));
        task.put(List.of(records));
        assertThat(task.preCommit(Map.of()).get(PARTITION).offset()).isEqualTo(records.length);
        task.stop();
    }

    private List<Map<String, Object>> rows() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            Table table = vault.tables().get("events");
            List<Map<String, Object>> rows = new ArrayList<>();
            table.scan().forEach(row -> rows.add(row.toMap()));
            return rows;
        }
    }

    private Map<String, SchemaColumn> columns() {
        Map<String, SchemaColumn> columns = new LinkedHashMap<>();
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.tables().get("events").schema().columns().forEach(c -> columns.put(c.name(), c));
        }
        return columns;
    }

    private static Schema named(Schema type, String name) {
        return new SchemaBuilder(type.type()).name(name).optional().build();
    }

    /** Each of Connect's and Debezium's semantic types has the column that means the same. */
    @Test
    void semanticTypesKeepTheirMeaning() {
        Schema variable = SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .build();
        Schema inner = SchemaBuilder.struct().field("x", Schema.INT32_SCHEMA).build();
        Map<String, Object[]> cases = new LinkedHashMap<>();
        UUID uuid = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
        cases.put("decimal", new Object[] {Decimal.schema(2), new BigDecimal("12.34"), new BigDecimal("12.34")});
        Schema short9 = SchemaBuilder.bytes()
                .name(Decimal.LOGICAL_NAME)
                .parameter("scale", "3")
                .parameter("connect.decimal.precision", "9")
                .build();
        cases.put("decimal9", new Object[] {short9, new BigDecimal("-1.5"), new BigDecimal("-1.500")});
        cases.put("huge", new Object[] {Decimal.schema(-2), new BigDecimal(new BigInteger("12"), -2), "1200"});
        cases.put("day", new Object[] {Date.SCHEMA, new java.util.Date(-86_400_000L), LocalDate.of(1969, 12, 31)});
        cases.put("time", new Object[] {Time.SCHEMA, new java.util.Date(3_600_001L), LocalTime.of(1, 0, 0, 1_000_000)});
        cases.put("at", new Object[] {Timestamp.SCHEMA, new java.sql.Timestamp(-1), Instant.ofEpochMilli(-1)});
        cases.put(
                "list", new Object[] {SchemaBuilder.array(Schema.STRING_SCHEMA).build(), List.of("a"), List.of("a")});
        cases.put("map", new Object[] {
            SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(), Map.of("a", 1), Map.of("a", 1L)
        });
        cases.put("struct", new Object[] {inner, new Struct(inner).put("x", 5), Map.of("x", 5L)});
        cases.put("bytes", new Object[] {Schema.BYTES_SCHEMA, ByteBuffer.wrap(new byte[] {1, 2}), new byte[] {1, 2}});
        cases.put(
                "dDate",
                new Object[] {named(Schema.INT32_SCHEMA, "io.debezium.time.Date"), 1, LocalDate.of(1970, 1, 2)});
        cases.put("dMicro", new Object[] {
            named(Schema.INT64_SCHEMA, "io.debezium.time.MicroTimestamp"), 1_000_001L, Instant.ofEpochSecond(1, 1_000)
        });
        cases.put("dTime", new Object[] {
            named(Schema.INT64_SCHEMA, "io.debezium.time.MicroTime"), 1_000L, LocalTime.ofNanoOfDay(1_000_000)
        });
        cases.put("dZoned", new Object[] {
            named(Schema.STRING_SCHEMA, "io.debezium.time.ZonedTimestamp"),
            "2026-01-01T01:00:00.5+01:00",
            Instant.parse("2026-01-01T00:00:00.5Z")
        });
        cases.put("dUuid", new Object[] {named(Schema.STRING_SCHEMA, "io.debezium.data.Uuid"), uuid.toString(), uuid});
        cases.put(
                "dJson", new Object[] {named(Schema.STRING_SCHEMA, "io.debezium.data.Json"), "{\"a\":1}", "{\"a\":1}"});
        cases.put("dDecimal", new Object[] {
            variable, new Struct(variable).put("scale", 1).put("value", new byte[] {125}), "12.5"
        });
        SchemaBuilder builder = SchemaBuilder.struct();
        cases.forEach((name, c) -> builder.field(name, (Schema) c[0]));
        Schema schema = builder.build();
        Struct value = new Struct(schema);
        cases.forEach((name, c) -> value.put(name, c[1]));
        put(record(0, "k", schema, value));
        assertThat(context.reported).isEmpty();
        Map<String, Object> row = rows().get(0);
        cases.forEach((name, c) -> assertThat(row.get(name)).as(name).isEqualTo(c[2]));
        Map<String, SchemaColumn> columns = columns();
        assertThat(columns.get("decimal").logicalType()).contains(new LogicalType.Decimal(38, 2));
        assertThat(columns.get("decimal9").logicalType()).contains(new LogicalType.Decimal(9, 3));
        assertThat(columns.get("struct").logicalType()).contains(new LogicalType.MapOf());
        assertThat(columns.get("dMicro").nullable()).isTrue();
    }

    @Test
    void aNullIsANullAndADefaultIsForWhatMayNotBeNull() {
        Schema schema = SchemaBuilder.struct()
                .field(
                        "o",
                        SchemaBuilder.string()
                                .optional()
                                .defaultValue("DEFAULT")
                                .build())
                .field("r", SchemaBuilder.string().defaultValue("DEFAULT").build())
                .build();
        settings.put("kv.table", "kv");
        put(record(0, "k", schema, new Struct(schema).put("o", null)));
        assertThat(rows().get(0)).containsEntry("o", null).containsEntry("r", "DEFAULT");
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            assertThat(vault.kv("kv").findValue("k").orElseThrow())
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsEntry("o", null)
                    .containsEntry("r", "DEFAULT");
        }
    }

    @Test
    void aNewFieldGetsAColumnOrItsRecordIsRejected() {
        Schema old = SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
        Schema wide = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field("extra", Schema.OPTIONAL_STRING_SCHEMA)
                .field("more", Schema.FLOAT64_SCHEMA)
                .build();
        SinkRecord[] records = {
            record(0, "k", old, new Struct(old).put("id", 1L)),
            record(
                    1,
                    "k",
                    wide,
                    new Struct(wide).put("id", 2L).put("extra", "new").put("more", 0.5)),
            record(2, "k", old, new Struct(old).put("id", 3L))
        };
        settings.put("auto.evolve", "false");
        put(records);
        assertThat(context.reported).containsExactly(records[1]);
        assertThat(rows()).extracting(r -> r.get("id")).containsExactly(1L, 3L);
        context.reported.clear();
        settings.put("auto.evolve", "true");
        settings.put("name", "again");
        put(records);
        assertThat(context.reported).isEmpty();
        assertThat(rows()).hasSize(5);
        assertThat(rows().get(3)).containsEntry("extra", "new").containsEntry("more", 0.5);
        assertThat(rows().get(4)).containsEntry("extra", null).containsEntry("more", null);
    }

    /** The reason goes to logs and headers: it names the field, and not what the field holds. */
    @Test
    void whatDoesNotFitIsRejectedWithoutShowingIt() {
        settings.put(
                "table.columns",
                "f f32 null, h f16 null, u u64 null, i i32 null, at timestamp:ms null, day date null, d decimal:4:2 null,"
                        + " id uuid null, s str null, b bool null, l list null, v vec:f32:2 null, n i64");
        Map<String, List<Object>> bad = new LinkedHashMap<>();
        bad.put("f", List.of(1e300, "secret", 16_777_217L));
        bad.put("h", List.of(70_000.0));
        bad.put("u", List.of(-1L, -1, new BigInteger("18446744073709551616"), new BigInteger("-1")));
        bad.put("i", List.of(1L << 31, 1.5, "secret", true, List.of()));
        bad.put("at", List.of("secret-ssn-123", "2026-01-01T00:00:00", true));
        bad.put("day", List.of("secret", new java.util.Date(1)));
        bad.put("d", List.of("secret", new BigDecimal("100.00"), new BigDecimal("0.001"), "9".repeat(300)));
        bad.put("id", List.of("secret", "1-1-1-1-1"));
        bad.put("s", List.of(7L, "x\uD800", new byte[1]));
        bad.put("b", List.of("secret", 1L));
        bad.put("l", List.of(Map.of("secret", 1), "secret"));
        bad.put("v", List.of(List.of(1, "secret"), List.of(1, 2, 3), "secret"));
        List<SinkRecord> records = new ArrayList<>();
        bad.forEach((field, values) -> values.forEach(value -> {
            Map<String, Object> map = new HashMap<>(Map.of("n", 1L));
            map.put(field, value);
            records.add(record(records.size(), "k", null, map));
        }));
        for (Object value : Arrays.asList("{\"n\":1}", List.of(1, 2), 7L, true, new byte[] {1})) {
            records.add(record(records.size(), "k", null, value));
        }
        records.add(record(records.size(), "k", null, null));
        put(records.toArray(SinkRecord[]::new));
        assertThat(context.reported).isEqualTo(records);
        assertThat(context.reasons)
                .allSatisfy(reason -> assertThat(reason.toString())
                        .contains("events-0@")
                        .doesNotContain("secret")
                        .doesNotContain("1.0E300"));
        assertThat(rows()).isEmpty();
    }

    @Test
    void numbersAtTheEndsOfTheirRangesAreWritten() {
        settings.put("table.columns", "u u64 null, i i64 null, f f64 null, d decimal:38:0 null");
        put(
                record(0, "k", null, Map.of("u", new BigInteger("18446744073709551615"), "i", Long.MIN_VALUE)),
                record(1, "k", null, Map.of("f", 1L << 53, "d", "9".repeat(38))),
                record(2, "k", null, Map.of("i", new BigDecimal("7").unscaledValue(), "f", new BigDecimal("0.1"))));
        assertThat(context.reported).isEmpty();
        assertThat(rows().get(0)).containsEntry("u", -1L).containsEntry("i", Long.MIN_VALUE);
        assertThat(rows().get(1)).containsEntry("d", new BigDecimal("9".repeat(38)));
        assertThat(rows().get(2)).containsEntry("i", 7L).containsEntry("f", 0.1);
    }

    @Test
    void tombstonesDeleteAreLeftOutOrRejected() {
        settings.put("table.columns", "n i64");
        SinkRecord[] records = {record(0, "k", null, Map.of("n", 1L)), record(1, "k", null, null)};
        put(records);
        assertThat(context.reported).containsExactly(records[1]);
        for (String choice : List.of("ignore", "fail")) {
            context.reported.clear();
            settings.put("name", choice);
            settings.put("behavior.on.null.values", choice);
            put(records);
            assertThat(context.reported).hasSize(choice.equals("fail") ? 1 : 0);
        }
        assertThat(rows()).hasSize(3);
    }

    /** Keys of records, their fields, fields of values, and templates; a tombstone deletes what its key alone says. */
    @Test
    void entriesHaveTheKeysThatTheSettingsSay() {
        settings.remove("table.name");
        settings.put("kv.table", "kv");
        settings.put("kv.value", "n");
        Schema key = SchemaBuilder.struct()
                .field("id", Schema.INT64_SCHEMA)
                .field(
                        "in",
                        SchemaBuilder.struct().field("x", Schema.STRING_SCHEMA).build())
                .build();
        Struct inner = new Struct(key.field("in").schema()).put("x", "deep");
        Struct k = new Struct(key).put("id", 7L).put("in", inner);
        Map<String, Object> value = Map.of("n", 1L, "a", Map.of("b", "c"), "t", "text");
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("${key.id}", "7");
        expected.put("${key.in.x}-${key.id}", "deep-7");
        expected.put("user/${value.a.b}/${topic}", "user/c/events");
        expected.put("${partition}:${offset}", "0:0");
        expected.put("t", "text");
        int i = 0;
        for (Map.Entry<String, String> c : expected.entrySet()) {
            settings.put("name", "c" + i++);
            settings.put("kv.key", c.getKey());
            put(record(0, k, null, value));
            assertThat(context.reported).as(c.getKey()).isEmpty();
            try (Vault vault = Vault.open(folder.resolve("a.db"))) {
                assertThat(vault.kv("kv").findValue(c.getValue()))
                        .as(c.getKey())
                        .contains(1L);
                vault.kv("kv").delete(c.getValue());
            }
        }
        settings.put("kv.key", "${key.id}");
        settings.put("name", "tombstone");
        put(record(0, k, null, value), record(1, k, null, null));
        assertThat(context.reported).isEmpty();
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            assertThat(vault.kv("kv").count()).isZero();
        }
        settings.put("kv.key", "${value.t}");
        settings.put("name", "bad");
        put(
                record(0, k, null, null),
                record(1, k, null, Map.of("n", 1L)),
                record(2, k, null, Map.of("n", 1L, "t", List.of())));
        assertThat(context.reported).hasSize(3);
        settings.put("kv.key", "record_key");
        settings.put("name", "struct");
        put(record(0, k, null, value));
        assertThat(context.reasons.get(3)).hasMessageContaining("${key.id}");
    }

    /** What only the file can tell: the record is found and rejected, and the others are written. */
    @Test
    void aRecordThatTheFileRefusesDoesNotStopTheOthers() {
        settings.put("table.columns", "n i64 null");
        settings.put("kv.table", "kv");
        SinkRecord[] records = {
            record(0, "a", null, Map.of("n", 1L)),
            record(1, "", null, Map.of("n", 2L)),
            record(2, "b", null, Map.of("n", 3L))
        };
        put(records);
        assertThat(context.reported.size() + rows().size()).isEqualTo(3);
        assertThat(rows()).extracting(r -> r.get("n")).contains(1L, 3L);
    }
}
