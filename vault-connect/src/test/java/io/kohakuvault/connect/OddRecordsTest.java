package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Date;
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

/** Records that no producer should send: each is written or rejected, and its reason says where in it. */
class OddRecordsTest {
    private static final String HALF = "half a surrogate pair";

    @TempDir
    Path folder;

    private OneTopic topic(String... settings) {
        return new OneTopic(folder, settings);
    }

    @Test
    void halfASurrogatePairIsSaidToBeOneWhereItIs() {
        OneTopic topic = topic(
                "table.name", "events",
                "table.columns", "s str null, j json null, m map null",
                "table.metadata.columns", "offset, key, headers",
                "kv.table", "kv",
                "kv.value.format", "json",
                "text.table", "docs",
                "text.fields", "s");
        SinkRecord inAHeader = topic.record("k", Map.of("s", "a"));
        inAHeader.headers().addString("h", "\uDC00");
        topic.put(
                inAHeader,
                topic.record("\uD800", Map.of("s", "a")),
                topic.record("k", Map.of("s", "x\uD800")),
                topic.record("k", Map.of("s", "a", "j", "\uD800")),
                topic.record("k", Map.of("s", "a", "j", Map.of("n", "\uD800"))),
                topic.record("k", Map.of("s", "a", "other", "\uD800")),
                topic.record("k", Map.of("s", "a", "other", List.of("\uD800"))));
        List<String> reasons = topic.rejected();
        assertThat(reasons).hasSize(7).allSatisfy(reason -> assertThat(reason).contains(HALF));
        assertThat(reasons.get(0)).contains("its headers");
        assertThat(reasons.get(1)).contains("its key");
        assertThat(reasons.get(2)).contains("field 's'");
        assertThat(reasons.get(3)).contains("field 'j'");
        assertThat(reasons.get(4)).contains("field 'j'");
        assertThat(reasons.get(5)).contains("its value");
        assertThat(reasons.get(6)).contains("its value");
        assertThat(topic.rows()).isEmpty();
    }

    @Test
    void whatIsWrongWithAVectorIsSaidWithItsField() {
        OneTopic topic = topic("vector.table", "v", "vector.field", "e", "vector.dimensions", "2");
        topic.put(
                topic.record("k", Map.of("e", List.of(1e300, 0))),
                topic.record("k", Map.of("e", List.of("1", 0))),
                topic.record("k", Map.of("e", new byte[7])),
                topic.record("k", Map.of("e", Map.of())));
        assertThat(topic.rejected())
                .hasSize(4)
                .allSatisfy(reason -> assertThat(reason).contains("field 'e'"));
    }

    /** The stack is not for a record's depth to use up. */
    @Test
    void whatIsNestedWithoutEndIsRejected() {
        Object nested = "x";
        Object maps = "x";
        for (int i = 0; i < 50_000; i++) {
            nested = List.of(nested);
            maps = Map.of("m", maps);
        }
        OneTopic topic = topic(
                "table.name",
                "events",
                "table.columns",
                "n i64 null",
                "table.metadata",
                "false",
                "kv.table",
                "kv",
                "kv.value.format",
                "json");
        topic.put(
                topic.record("k", Map.of("n", 1L, "deep", nested)),
                topic.record("k", Map.of("n", 2L, "deep", maps)),
                topic.record("k", Map.of("n", 3L)));
        assertThat(topic.rejected())
                .hasSize(2)
                .allSatisfy(reason -> assertThat(reason).contains("nested deeper"));
        assertThat(topic.rows()).containsExactly(Map.of("n", 3L));
        topic.set("table.columns", "", "table.flatten.delimiter", ".", "kv.table", "", "kv.value.format", "auto");
        topic.put(topic.record("k", Map.of("n", 4L, "deep", maps)));
        assertThat(topic.rows()).hasSize(2);
    }

    private static Struct struct(Object... fields) {
        SchemaBuilder schema = SchemaBuilder.struct();
        for (int i = 0; i < fields.length; i += 2) {
            schema.field((String) fields[i], Schema.INT64_SCHEMA);
        }
        Struct struct = new Struct(schema.build());
        for (int i = 0; i < fields.length; i += 2) {
            struct.put((String) fields[i], fields[i + 1]);
        }
        return struct;
    }

    /** A column that says where a record came from takes no field of its name: that field would be lost. */
    @Test
    void aNewFieldOfAMetadataColumnsNameIsNotLeftOutInSilence() {
        OneTopic topic = topic("table.name", "events");
        topic.put(topic.record("k", struct("n", 1L)));
        topic.put(topic.record("k", struct("n", 2L, "_offset", 77L)), topic.record("k", struct("n", 3L)));
        assertThat(topic.rejected())
                .singleElement()
                .asString()
                .contains("events-0@1", "field '_offset'", "table.metadata.prefix");
        assertThat(topic.rows()).extracting(row -> row.get("n")).containsExactly(1L, 3L);
        topic.set("behavior.on.schema.conflict", "fail");
        assertThatThrownBy(() -> topic.put(topic.record("k", struct("n", 4L, "_offset", 77L))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("_offset", "table.metadata.prefix");
        topic.set("table.fields.exclude", "_offset");
        topic.put(topic.record("k", struct("n", 4L, "_offset", 77L)));
        try (Vault vault = Vault.openReadOnly(topic.file())) {
            assertThat(vault.tables().get("events").length()).isEqualTo(3);
        }
    }

    /** One record must not end the task for all that come behind it. */
    @Test
    void aSchemaOfWhichNoTableCanBeMadeIsItsRecordsFault() {
        OneTopic topic = topic("table.name", "events", "table.metadata", "false");
        topic.put(topic.record("k", struct()));
        topic.put(
                topic.record("k", struct("n", 1L, "\uD800", 2L)),
                topic.record("k", struct("n", 1L)),
                topic.record("k", struct("n", 2L, "\uDC00", 2L)),
                topic.record("k", struct("n", 3L, "m", 4L)));
        assertThat(topic.rejected()).hasSize(3);
        assertThat(topic.rejected().get(0)).contains("events-0@0", "no fields");
        assertThat(topic.rejected().get(1)).contains("events-0@1", "its field 1", HALF);
        assertThat(topic.rejected().get(2)).contains("events-0@3", "its field 1", HALF);
        assertThat(topic.rows()).extracting(row -> row.get("n")).containsExactly(1L, 3L);
    }

    /** What has no text of its own says in Java where in this process it is. */
    @Test
    void bytesAndContainersThatAreKeysOfMapsAreWrittenAsWhatTheyHold() {
        OneTopic topic = topic(
                "table.name", "events",
                "table.columns", "m map",
                "table.metadata", "false",
                "kv.table", "kv",
                "kv.value.format", "json");
        Map<Object, Object> keys = new LinkedHashMap<>();
        keys.put(new byte[] {1, 2}, "bytes");
        keys.put(ByteBuffer.wrap(new byte[] {3}), "buffer");
        keys.put(struct("a", 1L), "struct");
        keys.put(List.of("x", 2), "list");
        keys.put(new Date(5), "date");
        keys.put(null, "null");
        topic.putOne("k", Map.of("m", keys));
        Map<String, Object> written = Map.of(
                "AQI=",
                "bytes",
                "Aw==",
                "buffer",
                "{\"a\":1}",
                "struct",
                "[\"x\",2]",
                "list",
                "5",
                "date",
                "null",
                "null");
        assertThat(topic.rows()).containsExactly(Map.of("m", written));
        try (Vault vault = Vault.openReadOnly(topic.file())) {
            assertThat(new String(vault.kv("kv").get("k"), StandardCharsets.UTF_8))
                    .contains("\"AQI=\":\"bytes\"", "\"{\\\"a\\\":1}\":\"struct\"");
        }
    }

    /** Padded with zeros, or read as the bytes of the file, it would be another value. */
    @Test
    void whatIsNotOfAColumnsTypeIsNotTakenForIt() {
        OneTopic topic = topic(
                "table.name",
                "events",
                "table.columns",
                "u uuid null, d decimal:38:2 null, l list null, m map null, v vec:f32:1 null",
                "table.metadata",
                "false");
        topic.put(
                topic.record("k", Map.of("u", new byte[] {1, 2, 3, 4, 5, 6, 7, 8})),
                topic.record("k", Map.of("u", new byte[0])),
                topic.record("k", Map.of("d", new byte[16])),
                topic.record("k", Map.of("d", ByteBuffer.wrap(new byte[] {1}))),
                topic.record("k", Map.of("l", 5)),
                topic.record("k", Map.of("l", 0.5)),
                topic.record("k", Map.of("m", 5L)),
                topic.record("k", Map.of("m", new Date(5))),
                topic.record("k", Map.of("v", List.of(new BigDecimal("1e400")))),
                topic.record("k", Map.of("v", List.of(BigInteger.ONE.shiftLeft(2_000)))));
        assertThat(topic.rejected()).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(topic.rejected().get(i)).contains("events-0@" + i, "field '" + "uuddllmmvv".charAt(i) + "'");
        }
        topic.putOne("k", Map.of("u", new byte[16], "l", List.of(5), "m", Map.of("a", 5)));
        assertThat(topic.rows()).hasSize(1);
    }
}
