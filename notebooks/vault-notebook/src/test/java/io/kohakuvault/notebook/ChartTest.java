package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** Charts of columns, wherever these stand and whatever is in them. */
class ChartTest {
    @TempDir
    Path folder;

    /** The drawing, which must be well-formed. */
    private static Document drawing(View view) throws Exception {
        String html = view.html();
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aTableABatchAndAResultGiveTheSameChart() throws Exception {
        try (Vault vault = Vault.open(folder.resolve("chart.db"))) {
            Table runs = vault.tables()
                    .ensure("runs", s -> s.timestamp("ts", TimeUnit.MS).nullable("loss", DType.F64));
            for (int i = 0; i < 5; i++) {
                double loss = 5 - i;
                long at = i;
                runs.append(
                        row -> row.set("ts", Instant.ofEpochSecond(at * 3600)).set("loss", loss));
            }
            View ofTable = Chart.of(runs).title("Training").lines("ts as time", "loss [nats]");
            assertThat(ofTable.text())
                    .isEqualTo("Training\ntime (UTC): 1970-01-01T00:00:00Z … 1970-01-01T04:00:00Z\n"
                            + "loss [nats]: 1.0 … 5.0");
            drawing(ofTable);
            try (BufferAllocator allocator = VaultArrow.allocator();
                    Snapshot snapshot = vault.snapshot();
                    VaultArrowReader reader = VaultArrow.scan(snapshot, "runs").open(allocator)) {
                reader.loadNextBatch();
                View ofBatch =
                        Chart.of(reader.getVectorSchemaRoot()).title("Training").lines("ts as time", "loss [nats]");
                assertThat(ofBatch.text()).isEqualTo(ofTable.text());
            }
            try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                    Statement sql = duck.createStatement()) {
                View ofResult = Chart.of(sql.executeQuery("SELECT TIMESTAMPTZ '1970-01-01 00:00:00+00' + to_hours(i)"
                                + " AS ts, 5.0 - i AS loss FROM range(5) r(i)"))
                        .title("Training")
                        .points("ts as time", "loss [nats]");
                assertThat(ofResult.text()).contains("loss [nats]: 1.0 … 5.0");
            }
        }
    }

    @Test
    void gapsAreGaps() throws Exception {
        Map<String, Object> columns = Map.of(
                "x", Arrays.asList(1, 2, null, 4, 5),
                "y", new double[] {1, Double.NaN, 3, Double.POSITIVE_INFINITY, 5},
                "z", Arrays.asList(null, null, null, null, null));
        View view = Chart.of(columns).lines("x", "y", "z");
        assertThat(view.text()).contains("y: 1.0 … 5.0").contains("z: nothing").contains("1 row has no x");
        drawing(view);
        drawing(Chart.of(columns).points("x", "y"));
        drawing(Chart.of(columns).bars("x", "y", "z"));
    }

    @Test
    void nothingToDrawIsASentence() {
        assertThat(Chart.of(Map.of("x", List.of(), "y", List.of()))
                        .title("T")
                        .lines("x", "y")
                        .text())
                .isEqualTo("T: there is nothing to draw, no rows");
        assertThat(Chart.of(Map.of("x", new int[] {1}, "y", new double[] {Double.NaN}))
                        .bars("x", "y")
                        .text())
                .contains("nothing to draw");
    }

    @Test
    void moreRowsThanPixelsAreThinnedOutAndSaidSo() throws Exception {
        double[] y = new double[100_000];
        Arrays.setAll(y, i -> Math.sin(i / 1000.0));
        long[] x = new long[y.length];
        Arrays.setAll(x, i -> i);
        View view = Chart.of(Map.of("x", x, "y", y)).lines("x", "y");
        assertThat(view.text()).contains("every 34th of 100,000 rows is drawn");
        assertThat(view.html().length()).isLessThan(100_000);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            assertThat(Chart.of(sql.executeQuery("SELECT i, i * 2 AS y FROM range(10000) r(i)"))
                            .lines("i", "y")
                            .text())
                    .contains("every 4th of 10,000 rows")
                    .contains("i: 0 … 9996");
        }
        assertThatThrownBy(() -> Chart.of(Map.of("x", x, "y", y)).bars("x", "y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100,000 bars");
    }

    @Test
    void barsHaveNamesAndAreTextToo() throws Exception {
        View view = Chart.of(Map.of(
                        "city", List.of("Oslo", "Rome"),
                        "rain", new double[] {9.5, 19},
                        "day", List.of(LocalDate.of(2024, 2, 28), LocalDate.of(2024, 2, 29))))
                .bars("city", "rain [mm]");
        assertThat(view.text()).containsPattern("Oslo ▇{15} 9.5\n +Rome ▇{30} 19.0");
        assertThat(drawing(view).getDocumentElement().getAttribute("aria-label"))
                .contains("rain [mm]: 9.5 … 19.0");
    }

    @Test
    void whatCannotBeDrawnSaysWhy() {
        Map<String, Object> columns = Map.of("x", new int[] {1}, "y [m]", new double[] {1}, "t", List.of("word"));
        drawn(() -> Chart.of(columns).lines("x", "y [m]")); // a name with brackets is a name
        assertThatThrownBy(() -> Chart.of(columns).lines("x", "v"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("\"v\"")
                .hasMessageContaining("y [m]");
        assertThatThrownBy(() -> Chart.of(columns).lines("x", "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"t\" has a String");
        assertThatThrownBy(() -> Chart.of(columns).lines("x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Chart.of(Map.of("x", new int[] {1}, "y", new int[] {1, 2})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of one length");
        assertThatThrownBy(() -> Chart.of(Map.of("x", "text"))).hasMessageContaining("an array or a List");
    }

    private static void drawn(java.util.function.Supplier<View> chart) {
        assertThat(chart.get().html()).contains("<svg");
    }

    @Test
    void chartsOfOnePageShareNoNames() {
        List<String> clips = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String html = Chart.of(Map.of("x", new int[] {1, 2}, "y", new int[] {1, 2}))
                    .lines("x", "y")
                    .html();
            clips.add(html.replaceAll("(?s).*?clipPath id=\"([^\"]+)\".*", "$1"));
        }
        assertThat(clips).doesNotHaveDuplicates().allMatch(id -> id.startsWith("kv"));
    }
}
