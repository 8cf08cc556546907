package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Table;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a vault, also of one whose contents would rather be obeyed than seen. */
class ShowTest {
    private static final String HOSTILE = "<script>alert('&\"$x$')</script>\u0007\u202Eabc\uD800";

    @TempDir
    Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("look.db"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private Table runs(int rows) {
        Table runs = vault.tables()
                .ensure(
                        "runs",
                        s -> s.timestamp("ts", TimeUnit.MS)
                                .column("loss", DType.F64)
                                .nullable("note", DType.STR));
        vault.transact(() -> {
            for (int i = 0; i < rows; i++) {
                int at = i;
                runs.append(row -> {
                    row.set("ts", Instant.ofEpochSecond(at)).set("loss", at == 1 ? Double.NaN : at / 4.0);
                    if (at % 2 == 1) {
                        row.set("note", "note " + at);
                    }
                });
            }
        });
        return runs;
    }

    @Test
    void anOverviewNamesEveryKindWithItsCount() {
        runs(3);
        vault.kv("settings").putValue("a", 1);
        vault.text("notes").insert("some words", null);
        vault.vectors("embeddings", VectorOptions.cosine(3)).insert(new float[] {1, 2, 3}, null);
        vault.columns().ensure("ids", DType.I64).appendAll(new long[] {1, 2, 3, 4, 5});
        View view = Show.vault(vault);
        assertThat(view.text())
                .contains("look.db")
                .containsPattern("table +runs +3 +\\d+ bytes +ts timestamp:ms")
                .containsPattern("column +ids +5 +40 bytes +i64")
                .containsPattern("key-values +settings +1 +64 KiB")
                .containsPattern("documents +notes +1 +\\d+ KiB")
                .containsPattern("vectors +embeddings +1 +\\d+ KiB")
                .doesNotContain("runs.loss");
        assertThat(view.html()).contains(">runs<").contains("note str null").contains("MiB");
        try (Snapshot snapshot = vault.snapshot()) {
            assertThat(Show.of(snapshot).text()).contains("a snapshot").contains("embeddings");
        }
    }

    @Test
    void anEmptyFileSaysSo() {
        assertThat(Show.of(vault).text()).contains("holds nothing yet");
        assertThat(Show.of(vault).html()).contains("holds nothing yet");
    }

    @Test
    void whatIsClosedIsShownAsASentence() {
        Table runs = runs(1);
        LongColumn ids = vault.columns().ensure("ids", DType.I64);
        vault.close();
        for (Object closed : List.of(vault, runs, ids)) {
            assertThat(Show.of(closed).text()).contains("look.db: this vault is closed; open it again");
        }
        assertThatThrownBy(() -> Show.table(runs)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTableShowsItsEndsTypesAndNulls() {
        View view = Show.table(runs(40));
        assertThat(view.text())
                .contains("Table runs")
                .contains("timestamp:ms")
                .contains("str null")
                .contains("NaN")
                .contains("40 rows × 3 columns")
                .contains("note 9")
                .doesNotContain("note 11")
                .contains("note 35")
                .containsPattern("39 +1970-01-01T00:00:39Z +9.75 +note 39");
        assertThat(view.html())
                .contains("… 25 rows …")
                .contains("<span class=\"kv-x\">null</span>")
                .contains("<td class=\"kv-n\">NaN</td>");
    }

    @Test
    void ofATableOneSeesTheColumnsOneAsksFor() {
        View view = Show.table(runs(15), "loss", "ts");
        assertThat(view.text())
                .containsPattern("loss +ts")
                .doesNotContain("note")
                .contains("15 rows × 2 columns");
        assertThat(view.html()).doesNotContain("rows …");
        assertThatThrownBy(() -> Show.table(runs(1), "los"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("\"los\"")
                .hasMessageContaining("[ts, loss, note]");
    }

    @Test
    void rowsThatWereFoundHaveTheirPlaces() {
        Table runs = runs(40);
        View view = Show.rows(runs.scan(Filter.where("loss", 2.0, null), "loss", "note"));
        assertThat(view.text())
                .containsPattern("row +loss +note\n")
                .containsPattern("8 +2.0 +null\n")
                .containsPattern("39 +9.75 +note 39\n")
                .contains("32 rows × 3 columns");
        assertThat(Show.of(runs.rows(0, 2)).text()).contains("2 rows").contains("NaN");
        assertThat(Show.rows(List.of()).text()).contains("0 rows");
    }

    @Test
    void keyValuesDocumentsAndVectorsShowTheirBeginnings() {
        assertThat(Show.of(vault.kv("kv")).text()).contains("Key-values kv").contains("0 rows");
        for (int i = 0; i < 12; i++) {
            vault.kv("kv").putValue("<k" + i, Map.of("n", i));
        }
        vault.kv("kv").put(new byte[] {(byte) 0xFF, 1}, new byte[] {2});
        assertThat(Show.of(vault.kv("kv")).text())
                .containsPattern("<k0 +\\{n: 0\\}\n")
                .contains("13 rows")
                .contains("the first 10 are shown");
        assertThat(Show.of(vault.kv("kv")).html()).contains("&lt;k1").doesNotContain("<k1");
        vault.text("docs").insert("some <b>words", List.of("a"));
        assertThat(Show.of(vault.text("docs")).text()).containsPattern("1 +some <b>words +\\[a\\]\n");
        vault.vectors("v", VectorOptions.l2(2)).insert(new float[] {1, 2}, "value");
        assertThat(Show.of(vault.vectors("v")).text())
                .contains("Vectors v, 2 dimensions, L2")
                .containsPattern("1 +f32\\[2\\] 1.0 2.0 +value\n");
        vault.close();
        assertThat(Show.of(vault.kv("kv")).text()).contains("this vault is closed");
    }

    @Test
    void aTableWithoutRowsHasItsHeader() {
        assertThat(Show.table(runs(0)).text()).contains("loss").contains("0 rows × 3 columns");
    }

    @Test
    void nothingOfTheDataIsObeyed() {
        Table table = vault.tables().ensure("<b>t</b>", s -> s.column("<i>c</i>", DType.STR));
        table.append(row -> row.set("<i>c</i>", HOSTILE.substring(0, HOSTILE.length() - 1)));
        vault.kv("k").putValue("v", 1);
        vault.text("docs").insert("words " + HOSTILE.substring(0, HOSTILE.length() - 1), "<u>value</u>");
        List<View> views = List.of(
                Show.vault(vault),
                Show.table(table),
                Show.of(HOSTILE),
                Show.hits("<h1>title</h1>", vault.text("docs").search("words", 3)),
                Chart.of(Map.of(HOSTILE, List.of(HOSTILE, "b"), "<y>", new double[] {1, 2}))
                        .title("<svg onload=x>")
                        .bars(HOSTILE, "<y>"));
        for (View view : views) {
            assertThat(view.html())
                    .doesNotContain("<script", "<b>", "<i>", "<u>", "<h1>", "<y>", "<svg onload", "$x$")
                    .doesNotContain("\u0007", "\u202E", "\uD800");
            assertThat(view.text()).doesNotContain("\u0007", "\u202E", "\uD800");
        }
        assertThat(views.get(1).html()).contains("&lt;script&gt;");
    }

    @Test
    void whatIsLongIsFoldedAndCut() {
        Table table = vault.tables().ensure("texts", s -> s.column("t", DType.STR));
        table.append(row -> row.set("t", "word ".repeat(40)));
        table.append(row -> row.set("t", "\uD83D\uDE00".repeat(500_000)));
        View view = Show.table(table);
        assertThat(view.html()).contains("<details><summary>word word").contains("996,000 more characters");
        assertThat(view.html().length()).isLessThan(20_000);
        assertThat(view.text().lines()).allMatch(line -> line.length() < 120);
    }

    @Test
    void manyColumnsAreCutWithANote() {
        Table wide = vault.tables().ensure("wide", s -> {
            for (int i = 0; i < 30; i++) {
                s.column("c" + i, DType.I32);
            }
        });
        assertThat(Show.table(wide).html())
                .contains(">c23<")
                .doesNotContain(">c24<")
                .contains("6 columns are not shown");
    }

    @Test
    void columnsOfEachKindShowTheirElements() {
        LongColumn ids = vault.columns().ensure("ids", DType.I64);
        for (long i = 0; i < 100; i++) {
            ids.append(i * 3);
        }
        vault.columns().ensure("vectors", DType.vector(ElementType.F32, 6)).append(new float[] {.5f, 1, 2, 3, 4, 5});
        vault.columns().ensure("raw", DType.BYTES).append(new byte[] {1, (byte) 255});
        assertThat(Show.of(ids).text())
                .contains("Column ids")
                .containsPattern("9 +27\n")
                .containsPattern("99 +297\n")
                .contains("100 rows");
        assertThat(Show.column(vault.columns().column("vectors")).text()).contains("f32[6] 0.5 1.0 2.0 3.0 …");
        assertThat(Show.column(vault.columns().column("raw")).text()).contains("2 bytes 01 ff");
    }

    @Test
    void aBatchShowsWhatItsTypesMean() throws Exception {
        runs(20);
        try (BufferAllocator allocator = VaultArrow.allocator();
                Snapshot snapshot = vault.snapshot();
                VaultArrowReader reader = VaultArrow.scan(snapshot, "runs").open(allocator)) {
            reader.loadNextBatch();
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            assertThat(Show.of(batch).text())
                    .contains("Arrow batch")
                    .contains("timestamp(millisecond")
                    .contains("1970-01-01T00:00:19Z")
                    .contains("note 19")
                    .contains("20 rows × 3 columns");
            batch.getFieldVectors().forEach(v -> v.clear());
            assertThat(Show.of(batch).text()).contains("this batch is closed");
        }
    }

    @Test
    void aResultIsReadOnceAndSaysSo() throws Exception {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            ResultSet result = sql.executeQuery("SELECT i, i / 4 AS quarter, CASE WHEN i % 2 = 0 THEN '<p>' END AS s,"
                    + " [i, NULL] AS l, {'a': i} AS st, TIMESTAMP '2024-02-29 12:00:00' AS t FROM range(1000) r(i)");
            assertThat(Show.of(result).text())
                    .contains("BIGINT")
                    .contains("TIMESTAMP")
                    .contains("2024-02-29T12:00")
                    .contains("[999, null]")
                    .contains("1,000 rows × 6 columns");
            assertThat(Show.of(result).text()).contains("0 rows").contains("run the query again");
            result.close();
            assertThat(Show.of(result).text()).contains("this result is closed");
        }
    }

    @Test
    void otherThingsAreWhatTheySay() {
        assertThat(Show.of(null).text()).isEqualTo("null");
        assertThat(Show.of(List.of(1, 2)).text()).isEqualTo("[1, 2]");
        assertThat(Show.known("text")).isEmpty();
        assertThat(Show.known(List.of())).isEmpty();
    }
}
