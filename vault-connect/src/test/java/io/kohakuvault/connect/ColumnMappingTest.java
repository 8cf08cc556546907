package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.SchemaColumn;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of a record's fields get into which columns. */
class ColumnMappingTest {
    @TempDir
    Path folder;

    private static final Schema USER = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private static final Schema EVENT = SchemaBuilder.struct()
            .field("n", Schema.INT32_SCHEMA)
            .field("user", USER)
            .field("dotted.name", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private static Struct event(int n, long id, String name) {
        return new Struct(EVENT)
                .put("n", n)
                .put("user", new Struct(USER).put("id", id).put("name", name))
                .put("dotted.name", "d" + n);
    }

    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    /** The same settings for records with and without schemas. */
    @Test
    void columnsAreRenamedAndTakenFromInsideFromTheKeyAndFromHeaders() {
        OneTopic topic = new OneTopic(
                folder,
                "table.name",
                "events",
                "table.metadata",
                "false",
                "table.columns",
                "n as number i64, user.name as name str null, dotted.name str null, _key.k as k i32, "
                        + "_headers.trace as trace str null, user as whole json null, absent i64 null");
        SinkRecord withSchema = topic.record(
                new Struct(SchemaBuilder.struct()
                                .field("k", Schema.INT32_SCHEMA)
                                .build())
                        .put("k", 7),
                event(1, 2, "ann"));
        withSchema.headers().addString("trace", "first").addString("trace", "last");
        SinkRecord without = topic.record(
                map("k", 8L), map("n", 2L, "user", map("id", 3L, "name", "bob"), "dotted.name", "d2", "other", 1L));
        topic.put(withSchema, without);
        assertThat(topic.rejected()).isEmpty();
        assertThat(topic.rows())
                .containsExactly(
                        map(
                                "number",
                                1L,
                                "name",
                                "ann",
                                "dotted.name",
                                "d1",
                                "k",
                                7L,
                                "trace",
                                "last",
                                "whole",
                                "{\"id\":2,\"name\":\"ann\"}",
                                "absent",
                                null),
                        map(
                                "number",
                                2L,
                                "name",
                                "bob",
                                "dotted.name",
                                "d2",
                                "k",
                                8L,
                                "trace",
                                null,
                                "whole",
                                "{\"id\":3,\"name\":\"bob\"}",
                                "absent",
                                null));
        topic.put(topic.record(map("k", 1L), map("n", "x")), topic.record("text", map("n", 1L)));
        assertThat(topic.rejected()).hasSize(2);
        assertThat(topic.rejected().get(0)).contains("field 'n'", "column number i64");
        assertThat(topic.rejected().get(1)).contains("field '_key.k' is missing or null", "column k i32");
    }

    @Test
    void aColumnWithoutATypeIsAsTheSchemaOfTheFirstRecordSays() {
        OneTopic topic = new OneTopic(
                folder,
                "table.name",
                "events",
                "table.metadata",
                "false",
                "table.columns",
                "user.id as id, n, _key as k");
        topic.put(topic.record("a", event(1, 2, "ann")), topic.record("b", event(2, 3, null)));
        assertThat(topic.columns()).containsExactly("id i64", "n i32", "k str null");
        assertThat(topic.rows()).containsExactly(map("id", 2L, "n", 1L, "k", "a"), map("id", 3L, "n", 2L, "k", "b"));
        // The table is there: records without a schema go on filling it.
        topic.put(topic.record("c", map("n", 3L, "user", map("id", 4L))));
        assertThat(topic.rows()).hasSize(3);
        topic.set("table.columns", "user.id as id, n, nonsense");
        assertThatThrownBy(() -> topic.put(topic.record("d", event(4, 4, null))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("does not fit the file")
                .hasMessageContaining("nonsense");
    }

    @Test
    void aColumnOfWhichNothingIsKnownIsSaid() {
        OneTopic topic = new OneTopic(folder, "table.name", "events", "table.columns", "nonsense");
        assertThatThrownBy(() -> topic.put(topic.record("a", event(1, 2, "x"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'nonsense'")
                .hasMessageContaining("give it a type in table.columns");
    }

    @Test
    void nestedFieldsGetColumnsOfTheirOwnOnRequest() {
        OneTopic topic =
                new OneTopic(folder, "table.name", "events", "table.metadata", "false", "table.flatten.delimiter", "_");
        topic.put(topic.record("a", event(1, 2, "ann")));
        assertThat(topic.columns())
                .containsExactly("n i32", "user_id i64", "user_name str null", "dotted.name str null");
        Schema wider = SchemaBuilder.struct()
                .field("n", Schema.INT32_SCHEMA)
                .field(
                        "user",
                        SchemaBuilder.struct()
                                .field("id", Schema.INT64_SCHEMA)
                                .field("name", Schema.OPTIONAL_STRING_SCHEMA)
                                .field(
                                        "home",
                                        SchemaBuilder.struct()
                                                .optional()
                                                .field("zip", Schema.STRING_SCHEMA)
                                                .build())
                                .build())
                .build();
        Struct user = new Struct(wider.field("user").schema()).put("id", 5L);
        Struct home = new Struct(wider.field("user").schema().field("home").schema()).put("zip", "z");
        topic.put(
                topic.record("b", new Struct(wider).put("n", 2).put("user", user)),
                topic.record(
                        "c",
                        new Struct(wider)
                                .put("n", 3)
                                .put(
                                        "user",
                                        new Struct(user.schema()).put("id", 6L).put("home", home))),
                topic.record("d", map("n", 4L, "user", map("id", 7L, "home", map("zip", "y")))));
        assertThat(topic.rejected()).isEmpty();
        assertThat(topic.columns()).last().isEqualTo("user_home_zip str null");
        assertThat(topic.rows())
                .extracting(row -> row.get("user_id") + ":" + row.get("user_home_zip"))
                .containsExactly("2:null", "5:null", "6:z", "7:y");
    }

    @Test
    void twoFieldsThatWouldShareAColumnAreSaid() {
        Schema clash = SchemaBuilder.struct()
                .field("a_b", Schema.INT32_SCHEMA)
                .field(
                        "a",
                        SchemaBuilder.struct().field("b", Schema.INT32_SCHEMA).build())
                .build();
        OneTopic topic = new OneTopic(folder, "table.name", "events", "table.flatten.delimiter", "_");
        Struct value = new Struct(clash)
                .put("a_b", 1)
                .put("a", new Struct(clash.field("a").schema()).put("b", 1));
        assertThatThrownBy(() -> topic.put(topic.record("a", value)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'a_b'")
                .hasMessageContaining("table.flatten.delimiter");
    }

    @Test
    void fieldsAreChosenOrLeftOut() {
        OneTopic topic = new OneTopic(
                folder, "table.name", "events", "table.metadata", "false", "table.fields.exclude", "user, dotted.name");
        topic.put(topic.record("a", event(1, 2, "ann")));
        assertThat(topic.columns()).containsExactly("n i32");
        OneTopic other = new OneTopic(
                folder.resolve("..").resolve(folder.getFileName()),
                "database.path",
                folder.resolve("b.db").toString(),
                "table.name",
                "events",
                "table.metadata",
                "false",
                "table.flatten.delimiter",
                ".",
                "table.fields.include",
                "user",
                "table.fields.exclude",
                "user.name");
        other.put(other.record("a", event(1, 2, "ann")));
        try (Vault vault = Vault.openReadOnly(folder.resolve("b.db"))) {
            assertThat(vault.tables().get("events").schema().columns())
                    .extracting(SchemaColumn::name)
                    .containsExactly("user.id");
        }
    }

    @Test
    void metadataColumnsAreChosenAndNamed() {
        OneTopic topic = new OneTopic(
                folder,
                "table.name",
                "events",
                "table.metadata.columns",
                "offset, key, headers",
                "table.metadata.prefix",
                "kafka_");
        SinkRecord first = topic.record("text", event(1, 2, "ann"));
        first.headers().addInt("a", 1).addString("b", "x").addString("b", "y");
        topic.put(
                first,
                topic.record(map("id", 5L), event(2, 2, "ann")),
                topic.record(17L, event(3, 2, "ann")),
                topic.record(new byte[] {104, 105}, event(4, 2, "ann")),
                topic.record(null, event(5, 2, "ann")),
                topic.record(new byte[] {-1}, event(6, 2, "ann")));
        assertThat(topic.columns()).endsWith("kafka_offset i64", "kafka_key str null", "kafka_headers str json null");
        assertThat(topic.rows())
                .extracting(row -> row.get("kafka_key"))
                .containsExactly("text", "{\"id\":5}", "17", "hi", null);
        assertThat(topic.rows().get(0).get("kafka_headers")).isEqualTo("{\"a\":1,\"b\":[\"x\",\"y\"]}");
        assertThat(topic.rows().get(1).get("kafka_headers")).isNull();
        assertThat(topic.rejected()).singleElement().asString().contains("no UTF-8 text", "_key as key bytes");
    }

    private static Struct one(Schema type, Object value) {
        return new Struct(SchemaBuilder.struct().field("v", type).build()).put("v", value);
    }

    @Test
    void aSchemaThatDoesNotFitRejectsWhatDoesNotOrStopsTheTask() {
        OneTopic topic = new OneTopic(folder, "table.name", "events", "table.metadata", "false");
        topic.put(topic.record("a", one(Schema.INT32_SCHEMA, 1)));
        topic.put(
                topic.record("b", one(Schema.INT64_SCHEMA, 2L)),
                topic.record("c", one(Schema.INT64_SCHEMA, 1L << 40)),
                topic.record("d", one(Schema.STRING_SCHEMA, "x")));
        assertThat(topic.rows()).hasSize(2);
        assertThat(topic.rejected()).hasSize(2);
        topic.set("behavior.on.schema.conflict", "fail");
        topic.put(
                topic.record("e", one(Schema.INT32_SCHEMA, 3)), topic.record("f", one(Schema.INT16_SCHEMA, (short) 4)));
        for (Struct unfit : Arrays.asList(
                one(Schema.INT64_SCHEMA, 2L), one(Schema.STRING_SCHEMA, "x"), one(Schema.OPTIONAL_INT32_SCHEMA, 1))) {
            OneTopic again = new OneTopic(
                    folder,
                    "table.name",
                    "events",
                    "table.metadata",
                    "false",
                    "behavior.on.schema.conflict",
                    "fail",
                    "behavior.on.other.connectors",
                    "ignore",
                    "name",
                    "other" + unfit.schema().field("v").schema());
            assertThatThrownBy(() -> again.put(again.record("a", unfit)))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("events-0@0")
                    .hasMessageContaining("column 'v i32'")
                    .hasMessageContaining("behavior.on.schema.conflict");
        }
        topic.set("auto.evolve", "false");
        Struct more = new Struct(SchemaBuilder.struct()
                        .field("v", Schema.INT32_SCHEMA)
                        .field("w", Schema.INT32_SCHEMA)
                        .build())
                .put("v", 1)
                .put("w", 1);
        assertThatThrownBy(() -> topic.put(topic.record("g", more)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'w' is in no column");
        assertThat(topic.rows()).hasSize(4);
    }

    @Test
    void keyValuesAreStoredAsTheFormatSays() {
        Map<String, Object> value = map("n", 1L, "list", List.of("a", 2.5), "none", null);
        for (String format : List.of("auto", "json", "raw")) {
            OneTopic topic = new OneTopic(
                    folder,
                    "kv.table",
                    "kv_" + format,
                    "kv.value.format",
                    format,
                    "name",
                    format,
                    "behavior.on.other.connectors",
                    "ignore");
            topic.put(topic.record("map", value), topic.record("text", "\u00e9"), topic.record("bytes", new byte[] {1, 2
            }));
            assertThat(topic.rejected()).hasSize(format.equals("raw") ? 1 : 0);
        }
        try (Vault vault = Vault.openReadOnly(folder.resolve("a.db"))) {
            assertThat(vault.kv("kv_auto").findValue("map").orElseThrow()).isEqualTo(value);
            assertThat(vault.kv("kv_auto").findValue("text").orElseThrow()).isEqualTo("\u00e9");
            assertThat(vault.kv("kv_json").find("map").orElseThrow())
                    .asString()
                    .isEqualTo("{\"n\":1,\"list\":[\"a\",2.5],\"none\":null}");
            assertThat(vault.kv("kv_json").find("text").orElseThrow())
                    .asString()
                    .isEqualTo("\"\u00e9\"");
            assertThat(vault.kv("kv_json").find("bytes").orElseThrow())
                    .asString()
                    .isEqualTo("\"AQI=\"");
            assertThat(vault.kv("kv_raw").find("text").orElseThrow()).asString().isEqualTo("\u00e9");
            assertThat(vault.kv("kv_raw").find("bytes").orElseThrow()).containsExactly(1, 2);
        }
    }

    @Test
    void fieldsThatBeginWithTheDelimiterAreFound() {
        Schema id = SchemaBuilder.struct()
                .optional()
                .field("oid", Schema.STRING_SCHEMA)
                .build();
        Schema schema = SchemaBuilder.struct()
                .field("n", Schema.INT32_SCHEMA)
                .field("_id", id)
                .build();
        OneTopic topic =
                new OneTopic(folder, "table.name", "events", "table.metadata", "false", "table.flatten.delimiter", "_");
        topic.putOne("a", new Struct(schema).put("n", 1).put("_id", new Struct(id).put("oid", "5f")));
        assertThat(topic.rows().get(0)).containsEntry("_id_oid", "5f");
    }

    @Test
    void whatIsNotNestedIsNotExcluded() {
        Schema user = SchemaBuilder.struct().field("name", Schema.STRING_SCHEMA).build();
        Schema schema = SchemaBuilder.struct()
                .field("user", user)
                .field("user_id", Schema.INT64_SCHEMA)
                .build();
        OneTopic topic = new OneTopic(
                folder,
                "table.name",
                "events",
                "table.metadata",
                "false",
                "table.flatten.delimiter",
                "_",
                "table.fields.exclude",
                "user");
        topic.putOne("a", new Struct(schema).put("user_id", 5L).put("user", new Struct(user).put("name", "ann")));
        assertThat(topic.columns()).contains("user_id i64");
    }

    @Test
    void anExcludedFieldIsNotWrittenIntoAColumnThatIsThere() {
        Schema schema = SchemaBuilder.struct()
                .field("n", Schema.INT32_SCHEMA)
                .field("ssn", Schema.OPTIONAL_STRING_SCHEMA)
                .build();
        OneTopic topic = new OneTopic(folder, "table.name", "events");
        topic.putOne("a", new Struct(schema).put("n", 1).put("ssn", "secret"));
        topic.set("table.fields.exclude", "ssn");
        topic.putOne("a", new Struct(schema).put("n", 2).put("ssn", "secret"));
        assertThat(topic.rows().get(1).get("ssn")).isNull();
    }

    @Test
    void whatARecordLacksIsNamedWhereAForeignTableWantsIt() {
        OneTopic topic = new OneTopic(folder, "table.name", "events", "table.metadata.columns", "timestamp,key");
        Schema schema = SchemaBuilder.struct().field("n", Schema.INT64_SCHEMA).build();
        try (Vault vault = Vault.open(topic.file())) {
            vault.tables()
                    .ensure(
                            "events",
                            s -> s.column("n", DType.I64)
                                    .timestamp("_timestamp", LogicalType.TimeUnit.MS)
                                    .column("_key", DType.STR));
        }
        topic.put(
                topic.record(null, new Struct(schema).put("n", 1L)),
                topic.record("k", new Struct(schema).put("n", 2L)));
        assertThat(topic.rejected()).hasSize(1);
        assertThat(topic.rejected().get(0)).contains("it has no key, which column _key str does not take");
        assertThat(topic.rows()).hasSize(1);
    }
}
