package io.kohakuvault.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.BulkLoad;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.SchemaColumn;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultCsvTest {
    @TempDir
    private Path folder;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Vault.open(folder.resolve("a.db"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("a.db"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void typesAreInferredAndKeepWhatValuesMean() throws IOException {
        Path csv = file(
                "a.csv",
                "n,f,day,at,code,note\n1,0.5,2026-01-02,2026-01-02T03:04:05Z,007,\n-2,1e3,2026-02-03,,010,\"a, b\"\n");
        assertThat(VaultCsv.read(csv).schema().columns().stream()
                        .map(SchemaColumn::toString)
                        .toList())
                .hasSize(6);
        assertThat(vault.tables().contains("t")).isFalse();
        assertThat(VaultCsv.read(csv).into(vault, "t")).isEqualTo(2);
        List<Row> rows = vault.tables().get("t").rows(0, 2);
        assertThat(rows.get(0).getLong("n")).isEqualTo(1);
        assertThat(rows.get(1).getDouble("f")).isEqualTo(1000);
        assertThat(rows.get(0).getDate("day")).isEqualTo(LocalDate.of(2026, 1, 2));
        assertThat(rows.get(0).getInstant("at")).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(rows.get(0).getString("code")).isEqualTo("007");
        assertThat(rows.get(0).isNull("note")).isTrue();
        assertThat(rows.get(1).getString("note")).isEqualTo("a, b");
    }

    @Test
    void whatIsSaidIsNotInferred() throws IOException {
        Path csv = file("a.csv", "n;price;at\n1;NA;2026-01-01T00:00:00Z\n2;1.50;\n");
        long rows = VaultCsv.read(csv)
                .delimiter(';')
                .nulls("NA")
                .types("n=u8 not null, at=timestamp:ms")
                .type(SchemaColumn.of("price", new LogicalType.Decimal(10, 2), true))
                .into(vault, "t");
        assertThat(rows).isEqualTo(2);
        Table table = vault.tables().get("t");
        assertThat(table.schema().columns())
                .containsExactlyInAnyOrder(
                        SchemaColumn.of("n", DType.U8, false),
                        SchemaColumn.of("price", new LogicalType.Decimal(10, 2), true),
                        SchemaColumn.of("at", new LogicalType.Timestamp(TimeUnit.MS, null), true));
        assertThat(table.rows(0, 2).get(1).getDecimal("price")).isEqualByComparingTo(new BigDecimal("1.5"));
        assertThat(table.rows(0, 1).get(0).isNull("price")).isTrue();
        assertThatThrownBy(() -> VaultCsv.read(csv).types("n=i8").into(vault, "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("types(…) n: table 't' is there and has n u8, not n i8 null");
        assertThat(VaultCsv.read(csv)
                        .delimiter(';')
                        .nulls("NA")
                        .types("n=u8 not null")
                        .into(vault, "t"))
                .isEqualTo(2);
    }

    @Test
    void aRecordThatDoesNotFitIsNamedAndNothingIsImported() throws IOException {
        StringBuilder text = new StringBuilder("n,s\n");
        for (int i = 0; i < 3000; i++) {
            text.append(i == 2500 ? "x" : i).append(",a\n");
        }
        Path csv = file("a.csv", text.toString());
        List<String> notes = new ArrayList<>();
        assertThatThrownBy(() -> VaultCsv.read(csv).notes(notes::add).into(vault, "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2502")
                .hasMessageContaining("'n'")
                .hasMessageContaining("sampleRows(Long.MAX_VALUE)")
                .hasMessageContaining("nothing was imported");
        assertThat(vault.tables().contains("t")).isFalse();
        assertThat(VaultCsv.read(csv).sampleRows(Long.MAX_VALUE).into(vault, "t"))
                .isEqualTo(3000);
        assertThat(vault.tables().get("t").rows(2500, 2501).get(0).getString("n"))
                .isEqualTo("x");
        assertThatThrownBy(() -> VaultCsv.read(file("b.csv", "a;b\n1;2\n")).into(vault, "u"))
                .hasMessageContaining("delimiter(';')");
        VaultCsv.read(file("c.csv", "a\n1\nNA\n")).notes(notes::add).into(vault, "v");
        assertThat(notes).singleElement().asString().contains("nulls(\"NA\")");
        assertThatThrownBy(() -> VaultCsv.read(folder.resolve("none.csv")).into(vault, "t"))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anImportIsHeardOfAndCanBeEnded() throws IOException {
        Path csv = file("a.csv", "n\n" + "1\n".repeat(100_000));
        AtomicLong last = new AtomicLong();
        VaultCsv.read(csv)
                .progress((done, total) -> {
                    assertThat(done).isBetween(last.get(), total);
                    last.set(done);
                    return true;
                })
                .into(vault, "t");
        assertThat(last.get()).isEqualTo(Files.size(csv));
        assertThatThrownBy(() ->
                        VaultCsv.read(csv).progress((done, total) -> false).into(vault, "u"))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("nothing was imported");
        assertThat(vault.tables().contains("u")).isFalse();
    }

    @Test
    void aStreamIsReadOnceAndNotClosed() throws IOException {
        boolean[] closed = new boolean[1];
        ByteArrayInputStream stream =
                new ByteArrayInputStream(
                        "{\"a\":1,\"l\":[1,\"x\"]}\n{\"b\":\"c\"}\n".getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public void close() {
                        closed[0] = true;
                    }
                };
        assertThat(VaultJsonLines.read("the stream", stream).into(vault, "t")).isEqualTo(2);
        assertThat(closed[0]).isFalse();
        Row row = vault.tables().get("t").rows(0, 1).get(0);
        assertThat(row.getList("l")).isEqualTo(List.of(1L, "x"));
        assertThat(row.isNull("b")).isTrue();
        assertThatThrownBy(() -> VaultJsonLines.read("the stream", stream).delimiter(';'))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VaultJsonLines.read("the stream", stream).nulls("NA"))
                .isInstanceOf(IllegalArgumentException.class);
        TableImport once = VaultCsv.read("more", new ByteArrayInputStream(new byte[] {'a', '\n', '1', '\n'}));
        assertThat(once.schema().columns()).hasSize(1);
        assertThatThrownBy(() -> once.into(vault, "u"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("read already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy.csv", "copy.csv.gz", "copy.csv.zst", "copy.tsv"})
    void aTableIsWrittenAndReadAgainAsTheSame(String name) throws IOException {
        Table table = vault.tables()
                .create(
                        "t",
                        b -> b.column("n", DType.I64)
                                .nullable("s", DType.STR)
                                .nullableTimestamp("at", TimeUnit.US)
                                .nullable("raw", DType.BYTES));
        for (int i = 0; i < 2000; i++) {
            int n = i;
            table.append(row -> row.set("n", n)
                    .set("s", n % 3 == 0 ? null : n % 3 == 1 ? "" : "a \"quote\",\n\ttab " + n)
                    .set("at", n % 4 == 0 ? null : Instant.ofEpochSecond(n, 123_000))
                    .set("raw", n % 5 == 0 ? null : new byte[] {(byte) n, 0}));
        }
        Path copy = folder.resolve(name);
        Files.writeString(copy, "what was there before");
        try (Snapshot snapshot = vault.snapshot()) {
            TableExport export = VaultCsv.write(snapshot, "t");
            assertThat(name.endsWith(".tsv") ? export.delimiter('\t').to(copy) : export.to(copy))
                    .isEqualTo(2000);
        }
        assertThat(names()).containsExactly(name);
        assertThat(VaultCsv.read(copy)
                        .types("n=i64 not null, s=str, at=timestamp:us, raw=bytes")
                        .into(vault, "u"))
                .isEqualTo(2000);
        assertThat(vault.tables().get("u").rows(0, 2000)).isEqualTo(table.rows(0, 2000));
    }

    @Test
    void aPipeIsClosedWhenItsImportFails() throws Exception {
        Path pipe = folder.resolve("pipe.csv");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "mkfifo is missing");
        for (int i = 0; i < 2; i++) { // the second would hang on what the first had left open
            Process writer = new ProcessBuilder("sh", "-c", "printf 'a,b\\n1,2\\n3\\n' > " + pipe).start();
            assertThatThrownBy(() -> VaultCsv.read(pipe).into(vault, "t")).isInstanceOf(IllegalArgumentException.class);
            assertThat(writer.waitFor()).isZero();
        }
        if (Files.isDirectory(Path.of("/proc/self/fd"))) {
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                assertThat(open.filter(fd -> {
                            try {
                                return Files.readSymbolicLink(fd).equals(pipe.toRealPath());
                            } catch (IOException e) {
                                return false; // closed meanwhile
                            }
                        }))
                        .isEmpty();
            }
        }
    }

    @Test
    void anExportHarmsNothingElse() throws IOException {
        VaultCsv.read("rows", new ByteArrayInputStream("n\n1\n".getBytes(StandardCharsets.UTF_8)))
                .into(vault, "t");
        Path target = file("target.csv", "before");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), target);
        try (Snapshot snapshot = vault.snapshot()) {
            TableExport export = VaultCsv.write(snapshot, "t");
            Path journal = folder.resolve(vault.path().getFileName() + "-journal");
            assertThatThrownBy(() -> export.to(journal)).hasMessageContaining("is the vault itself");
            for (Path own : List.of(vault.path(), Path.of(vault.path() + "-wal"))) {
                assertThatThrownBy(() -> export.to(own))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("is the vault itself");
                assertThatThrownBy(() -> VaultCsv.read(own).into(vault, "u"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("is the vault itself");
            }
            export.to(link);
            assertThat(link).isSymbolicLink();
            assertThat(target).hasContent("n\n1\n");
            if (Files.exists(Path.of("/dev/fd/1"))) {
                assertThat(export.to(Path.of("/dev/null"))).isEqualTo(1);
                assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
            }
            for (String name : List.of("a.csv.bz2", "a.jsonl", "a.ndjson.zst")) {
                assertThatThrownBy(() -> export.to(folder.resolve(name)))
                        .as(name)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("its name promises");
            }
            assertThatThrownBy(() -> export.to(folder.resolve("none").resolve("a.csv")))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("make it first");
            assertThatThrownBy(() -> export.to(folder)).isInstanceOf(IOException.class);
            assertThat(export.to(folder.resolve("a.tsv"))).isEqualTo(1);
            assertThat(Files.getPosixFilePermissions(folder.resolve("a.tsv")))
                    .isEqualTo(Files.getPosixFilePermissions(target));
        }
        assertThat(names()).containsExactly("a.tsv", "link.csv", "target.csv");
    }

    @Test
    void someColumnsAndRowsAreWritten() throws IOException {
        VaultCsv.read("rows", new ByteArrayInputStream("n,s\n1,a\n2,b\n3,\n4,b\n".getBytes(StandardCharsets.UTF_8)))
                .into(vault, "t");
        try (Snapshot snapshot = vault.snapshot()) {
            StringWriter out = new StringWriter();
            assertThat(VaultCsv.write(snapshot, "t")
                            .columns("s", "n")
                            .where(Filter.where("n", 2, null))
                            .limit(2)
                            .nullText("NA")
                            .to(out))
                    .isEqualTo(2);
            assertThat(out.toString().lines()).containsExactly("s,n", "b,2", "NA,3");
            StringWriter json = new StringWriter();
            VaultJsonLines.write(snapshot, "t").where(Filter.equal("s", "b")).to(json);
            assertThat(json.toString().lines()).containsExactly("{\"n\":2,\"s\":\"b\"}", "{\"n\":4,\"s\":\"b\"}");
            assertThatThrownBy(() -> VaultCsv.write(snapshot, "none"))
                    .isInstanceOf(java.util.NoSuchElementException.class);
            assertThatThrownBy(() -> VaultCsv.write(snapshot, "t").columns("x").to(new StringWriter()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column 'x'");
            Path copy = file("copy.csv", "before");
            assertThatThrownBy(() -> VaultCsv.write(snapshot, "t")
                            .progress((done, total) -> false)
                            .to(copy))
                    .isInstanceOf(CancellationException.class);
            assertThat(copy).hasContent("before");
            assertThat(names()).containsExactly("copy.csv");
        }
    }

    @Test
    void aNewFileIsFilledInALoad() throws IOException {
        Path csv = file("a.csv", "n\n" + "5\n".repeat(5000));
        Path made = folder.resolve("made.db");
        BulkLoad.<IOException>create(made, load -> VaultCsv.read(csv).into(load, "t"));
        try (Vault other = Vault.openReadOnly(made)) {
            assertThat(other.tables().get("t").count(Filter.equal("n", 5))).isEqualTo(5000);
        }
    }
}
