package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kohakuvault.internal.maintenance.FoundContent;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.maintenance.Finding;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables of every shape that the real sqlite-vec made (src/test/python/vec0_tables.py), and what it and KohakuVault
 * make of them.
 */
class Vec0TablesTest {
    private static final JsonNode MANIFEST = Golden.manifest("vec0");

    @TempDir
    Path folder;

    @AfterEach
    void removeHook() {
        Session.hook(null);
    }

    private static float[] floats(String name) {
        JsonNode numbers = MANIFEST.get(name);
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) numbers.get(i).asDouble();
        }
        return vector;
    }

    private static List<String> tables(boolean unread) {
        List<String> names = new ArrayList<>();
        MANIFEST.get("tables").properties().forEach(table -> {
            if (table.getValue().get("unread").asBoolean() == unread) {
                names.add(table.getKey());
            }
        });
        assertThat(names).hasSizeGreaterThan(5);
        return names;
    }

    /** What KohakuVault found, bit for bit, and where it finds nothing what sqlite-vec did; null where neither does. */
    private static JsonNode hits(String table) {
        JsonNode entry = MANIFEST.get("tables").get(table);
        JsonNode hits = entry.get("kohakuvault").get("hits");
        return hits.isArray() ? hits : entry.get("hits");
    }

    private static String describe(List<VectorHit> hits) {
        return hits.stream()
                .map(h -> describe(h.id(), h.distance(), text(h)))
                .toList()
                .toString();
    }

    private static String describe(long id, double distance, String value) {
        return id + "@" + (Double.isInfinite(distance) ? "inf" : distance) + "=" + value;
    }

    private static String text(VectorHit hit) {
        return new String((byte[]) hit.value().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void check(String table, VectorReader reader) {
        assertThat(reader.dimensions()).isEqualTo(4);
        List<String> expected = new ArrayList<>();
        for (JsonNode hit : hits(table)) {
            JsonNode distance = hit.get(1);
            expected.add(describe(
                    hit.get(0).asLong(),
                    distance.isTextual() ? Double.POSITIVE_INFINITY : distance.asDouble(),
                    hit.get(2).asText()));
        }
        assertThat(describe(reader.search(floats("query"), 100))).as(table).isEqualTo(expected.toString());
        assertThat(describe(reader.search(floats("query"), 3)))
                .as(table)
                .isEqualTo(expected.subList(0, 3).toString());
        List<Long> ids = new ArrayList<>();
        for (long id = 1; id <= 20; id++) {
            if (id != 3 && id != 10) {
                ids.add(id);
            }
        }
        assertThat(reader.ids()).as(table).containsExactlyElementsOf(ids);
        assertThat(reader.count()).isEqualTo(18);
        StoredVector stored = reader.find(11).orElseThrow();
        assertThat((byte[]) stored.value().orElseThrow()).asString().isEqualTo("value 11");
        assertThat(stored.vector()).as(table).containsExactly(11, 1, -1, 0.25f);
        assertThat(reader.find(3)).isEmpty();
    }

    @Test
    void tablesOfEveryShapeAreSearchedAsTheirOwnProgramsDo() {
        Path file = Golden.database("vec0", folder);
        List<String> checked = new ArrayList<>();
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot()) {
            for (String table : tables(false)) {
                if (hits(table) != null) {
                    check(table, vault.vectors(table));
                    check(table, snapshot.vectors(table));
                    check(table, vault.vectors(table.toUpperCase(java.util.Locale.ROOT)));
                    checked.add(table);
                }
            }
        }
        assertThat(checked).hasSize(12).contains("meta_every", "two_vectors", "number_key", "infinite");
        try (Vault vault = Vault.openReadOnly(file)) {
            checked.forEach(table -> check(table, vault.vectors(table)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain, L2",
        "defaults, L2",
        "manhattan, L1",
        "angles, COSINE",
        "spelled, COSINE",
        "shortened, L2",
        "poisoned, COSINE"
    })
    void theMetricIsTheDeclarationsOwn(String table, String metric) {
        try (Vault vault = Vault.open(Golden.database("vec0", folder))) {
            assertThat(vault.vectors(table).metric()).hasToString(metric);
        }
    }

    /** KohakuVault's own search fails on these; what has no distance comes last here. */
    @Test
    void vectorsWithoutADistanceComeLast() {
        try (Vault vault = Vault.open(Golden.database("vec0", folder))) {
            List<VectorHit> hits = vault.vectors("poisoned").search(floats("query"), 100);
            assertThat(hits).hasSize(18);
            assertThat(hits.subList(15, 18)).allMatch(h -> Double.isNaN(h.distance()));
            assertThat(hits.stream().skip(15).map(VectorHit::id).toList()).containsExactlyInAnyOrder(4L, 7L, 8L);
            assertThat(hits.subList(0, 15)).allMatch(h -> Double.isFinite(h.distance()));
            assertThat(vault.vectors("poisoned").search(floats("query"), 2)).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "partitioned, partition key user",
        "text_key, key id is a text",
        "other_name, no vector column that is named vector",
        "no_reference, no column value_ref",
        "text_reference, value_ref is TEXT",
        "reference_aux, value_ref is an auxiliary one",
        "no_values, no_values_values"
    })
    void whatIsNotReadIsRefusedByNameBeforeAnythingIsTouched(String table, String feature) throws Exception {
        Path file = Golden.database("vec0", folder);
        Map<String, List<String>> before = shadows(file, table);
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot();
                Vault readOnly = Vault.openReadOnly(file)) {
            List<Runnable> calls = List.of(
                    () -> vault.vectors(table),
                    () -> vault.vectors(table, VectorOptions.l2(4)),
                    () -> vault.vectors(table, VectorOptions.cosine(99)),
                    () -> readOnly.vectors(table),
                    () -> snapshot.vectors(table));
            for (Runnable call : calls) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(VaultFormatException.class)
                        .hasMessageContaining(file.toString())
                        .hasMessageContaining(table)
                        .hasMessageContaining(feature);
            }
            vault.transact(
                    () -> { // a refusal does not spoil a transaction
                        assertThatThrownBy(() -> vault.vectors(table)).isInstanceOf(VaultFormatException.class);
                        vault.kv("kv").put("k", new byte[1]);
                    });
            assertThat(vault.contents().list())
                    .anyMatch(c -> c.kind() == Content.Kind.VECTORS
                            && c.name().equals(table)
                            && c.count() == 18
                            && c.type().contains("not read: ")
                            && c.type().contains(feature));
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .anyMatch(f -> f.severity() == Finding.Severity.WARNING
                            && f.where().equals("vectors " + table)
                            && f.what().contains(feature));
        }
        assertThat(shadows(file, table)).isEqualTo(before);
    }

    @Test
    void whatSqliteVecMadeIsFoundSoundAndKept() throws Exception {
        Path file = Golden.database("vec0", folder);
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .filteredOn(f -> f.severity() == Finding.Severity.ERROR)
                    .isEmpty();
            assertThat(vault.maintenance().verify(Progress.none()).findings())
                    .anyMatch(f ->
                            f.where().equals("vectors poisoned") && f.what().startsWith("3 vectors have no distance"));
            assertThat(vault.contents().list())
                    .filteredOn(c -> c.kind() == Content.Kind.VECTORS)
                    .hasSize(MANIFEST.get("tables").size())
                    .contains(
                            new FoundContent(Content.Kind.VECTORS, "plain", "float 4 l2", 18),
                            new FoundContent(Content.Kind.VECTORS, "meta_every", "float 4 l2", 18));
            assertThat(vault.maintenance().repair()).isEmpty();
            TestSql.run(file, "INSERT INTO meta_first_values (value) VALUES (x'00')");
            assertThat(vault.maintenance().repair())
                    .containsExactly("removed 1 values of no vector from meta_first_values");
            check("meta_first", vault.vectors("meta_first"));
        }
    }

    /** Rows that sqlite-vec could not read, as an insert that forgets a column would leave them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM aux_auxiliary WHERE rowid = 5",
                "DELETE FROM meta_every_metadatatext05 WHERE rowid = 5",
                "UPDATE meta_every_metadatachunks00 SET data = x''",
                "UPDATE two_vectors_vector_chunks02 SET vectors = zeroblob(8)",
                "UPDATE plain_chunks SET size = 16",
                "DELETE FROM plain_vector_chunks00 WHERE _rowid_ = 2",
                "UPDATE partitioned_rowids SET chunk_offset = 7 WHERE rowid = 1"
            })
    void verifyFindsWhatSqliteVecCannotRead(String damage) throws Exception {
        Path file = Golden.database("vec0", folder);
        TestSql.run(file, damage);
        try (Vault vault = Vault.openReadOnly(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isFalse();
            assertThat(vault.contents().list()).isNotEmpty();
        }
    }

    /** All rows of the tables that vec0 and KohakuVault keep for a table, by table. */
    private static Map<String, List<String>> shadows(Path file, String table) throws Exception {
        Map<String, List<String>> all = new TreeMap<>();
        for (String shadow : TestSql.strings(
                file,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' AND name LIKE '"
                        + table + "@_%' ESCAPE '@'")) {
            List<String> columns = TestSql.strings(file, "SELECT name FROM pragma_table_info('" + shadow + "')");
            String row = columns.stream()
                    .map(c -> "typeof(\"" + c + "\") || ' ' || quote(\"" + c + "\")")
                    .collect(java.util.stream.Collectors.joining(" || ', ' || ", "SELECT _rowid_ || ': ' || ", ""));
            all.put(shadow, TestSql.strings(file, row + " FROM \"" + shadow + "\" ORDER BY _rowid_"));
        }
        assertThat(all).hasSizeGreaterThan(3);
        return all;
    }

    @Test
    void insertsLeaveTheBytesThatKohakuVaultsOwnLeave() throws Exception {
        Path file = Golden.database("vec0", folder);
        Path expected = Golden.database("vec0-inserted", folder);
        List<String> inserted = new ArrayList<>();
        try (Vault vault = Vault.open(file)) {
            for (String table : tables(false)) {
                if (MANIFEST.get("tables")
                        .get(table)
                        .get("kohakuvault")
                        .get("inserted")
                        .isNumber()) {
                    assertThat(vault.vectors(table).insert(floats("inserted"), "inserted".getBytes("UTF-8")))
                            .isEqualTo(21);
                    inserted.add(table);
                }
            }
        }
        assertThat(inserted).hasSize(10).contains("aux", "number_key", "shortened");
        for (String table : inserted) {
            assertThat(shadows(file, table)).as(table).isEqualTo(shadows(expected, table));
        }
    }

    @ParameterizedTest
    @CsvSource({"meta_first, lang", "meta_every, 'flag, title, n, score, body'", "two_vectors, 'other, third'"})
    void insertsThatWouldLeaveColumnsWithoutAValueAreRefused(String table, String columns) throws Exception {
        Path file = Golden.database("vec0", folder);
        Map<String, List<String>> before = shadows(file, table);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors(table);
            assertThatThrownBy(() -> vectors.insert(floats("inserted"), 1))
                    .isInstanceOf(VaultFormatException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(table)
                    .hasMessageContaining(columns);
            vault.transact(() -> {
                assertThatThrownBy(() -> vectors.insert(floats("inserted"), 1))
                        .isInstanceOf(VaultFormatException.class);
                vault.kv("kv").put("k", new byte[1]);
            });
            assertThat(vault.kv("kv").exists("k")).isTrue();
        }
        assertThat(shadows(file, table)).isEqualTo(before);
    }

    @Test
    void deletesClearWhatSqliteVecClears() throws Exception {
        Path file = Golden.database("vec0", folder);
        Path expected = Golden.database("vec0-deleted", folder);
        try (Vault vault = Vault.open(file)) {
            for (String table : tables(false)) {
                VectorKVault vectors = vault.vectors(table);
                assertThat(vectors.delete(2)).isTrue();
                vault.transact(() -> {
                    assertThat(vectors.delete(5)).isTrue();
                    assertThat(vectors.delete(18)).isTrue();
                    assertThat(vectors.delete(18)).isFalse();
                    assertThat(vectors.find(5)).isEmpty();
                });
                assertThat(vectors.ids()).hasSize(15).doesNotContain(2L, 5L, 18L);
            }
        }
        for (String table : tables(false)) {
            assertThat(shadows(file, table)).as(table).isEqualTo(shadows(expected, table));
        }
    }

    @Test
    void aDeletedTableLeavesNothingBehindWhoeverMadeIt() throws Exception {
        Path file = Golden.database("vec0", folder);
        try (Vault vault = Vault.open(file)) {
            List<String> all = vault.contents().names(Content.Kind.VECTORS);
            assertThat(all).containsAll(tables(false)).containsAll(tables(true));
            for (String table : all) {
                assertThat(vault.contents().delete(Content.Kind.VECTORS, table))
                        .as(table)
                        .isTrue();
            }
            assertThat(vault.contents().names(Content.Kind.VECTORS)).isEmpty();
            assertThat(vault.maintenance().verify((done, total) -> true).findings())
                    .isEmpty();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet left = statement.executeQuery(
                        "SELECT group_concat(name) FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE 'k%vault%'")) {
            assertThat(left.getString(1)).isNull();
        }
    }

    @Test
    void chunksHaveTheSizeThatTheDeclarationSays() throws Exception {
        Path file = Golden.database("vec0", folder);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("plain");
            vault.transact(() -> {
                for (int i = 0; i < 30; i++) {
                    vectors.insert(new float[] {100 + i, 0, 0, 0}, i);
                    if (i % 5 == 0) {
                        assertThat(vectors.delete(Ids.of(vectors).get(i))).isTrue();
                    }
                }
            });
            assertThat(vectors.count()).isEqualTo(18 + 30 - 6);
            assertThat(vectors.search(new float[] {129, 0, 0, 0}, 1).get(0).value())
                    .contains(29L);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
        assertThat(TestSql.strings(
                        file,
                        "SELECT DISTINCT size || ' ' || length(validity) || ' ' || length(rowids) FROM plain_chunks"))
                .containsExactly("8 1 64");
    }

    /** An insert and a delete that fail at any of their statements, in tables with columns of every kind. */
    @ParameterizedTest
    @CsvSource({"aux, insert", "aux, delete", "meta_every, delete", "two_vectors, delete", "plain, insert"})
    void aFaultAtAnyStatementLeavesNoHalfRow(String table, String call) throws Exception {
        Path file = Golden.database("vec0", folder);
        Map<String, List<String>> before = shadows(file, table);
        int faults = 0;
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors(table);
            for (boolean done = false; !done; ) {
                AtomicInteger left = new AtomicInteger(faults);
                Session.hook(sql -> {
                    if (left.getAndDecrement() == 0 && !sql.startsWith("ROLLBACK")) {
                        throw new IllegalStateException("fault at " + sql);
                    }
                });
                try {
                    if (call.equals("insert")) {
                        vectors.insert(floats("inserted"), "inserted");
                    } else {
                        vectors.delete(5);
                    }
                    done = true;
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessageStartingWith("fault at");
                    faults++;
                } finally {
                    Session.hook(null);
                }
                if (!done) {
                    assertThat(shadows(file, table)).as("fault %d", faults).isEqualTo(before);
                    assertThat(vectors.count()).isEqualTo(18);
                }
            }
            assertThat(faults).isGreaterThan(7);
            assertThat(vectors.count()).isEqualTo(call.equals("insert") ? 19 : 17);
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
        assertThat(shadows(file, table)).isNotEqualTo(before);
        assertThat(Files.exists(file)).isTrue();
    }
}
