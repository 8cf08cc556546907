package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ArrowExport;
import io.kohakuvault.arrow.IpcCompression;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.codec.LogicalType.TimeUnit;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code vault export} and {@code vault import} of Arrow and Parquet, beside what they do with text. */
class ColumnarFilesTest {
    private static final int ROWS = 70_000;

    @TempDir
    Path folder;

    private Path file;

    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void make() {
        file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file)) {
            Table table = vault.tables()
                    .ensure(
                            "t",
                            s -> s.column("n", DType.I64)
                                    .nullable("s", DType.STR)
                                    .nullable("f", DType.F64));
            var batch = table.newBatch();
            for (int i = 0; i < ROWS; i++) {
                int n = i;
                batch.add(row -> {
                    row.set("n", n);
                    if (n % 3 != 0) {
                        row.set("s", n % 3 == 1 ? "" : "s" + n).set("f", n / 4.0);
                    }
                });
            }
            table.append(batch);
            vault.columns().ensure("loose", DType.I32).appendAll(new int[] {3, 1, 2});
            vault.text("docs").insert("a cat", 1);
            vault.kv("kv").put("k", new byte[] {1});
        }
    }

    @AfterEach
    void nothingIsHalfDone() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    private Run run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                VaultCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = command.execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private String csv(Path vault, String name, String... options) {
        List<Object> words = new java.util.ArrayList<>(List.of("export", vault, name));
        words.addAll(List.of(options));
        Run run = run(words.toArray());
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out();
    }

    /** With the same options the same rows as text, in the same order, into a new file and one that is there. */
    @ParameterizedTest
    @ValueSource(strings = {"t.arrow", "t.arrows", "t.parquet", "it's * ?.parquet"})
    void rowsAreThoseOfTheTextForm(String name) throws Exception {
        Path path = folder.resolve(name);
        Files.writeString(folder.resolve("it's a b.parquet"), "no pattern names this");
        for (List<String> options : List.of(
                List.<String>of(),
                List.of("--columns", "f,n"),
                List.of("--where", "s is not null", "--where", "n>=100", "--columns", "s,n"),
                List.of("--where", "s=s65537"),
                List.of("--where", "n<0"),
                List.of("--limit", "5"),
                List.of("--limit", "0"),
                List.of("--where", "f>2", "--limit", "3"))) {
            List<Object> words = new java.util.ArrayList<>(List.of("export", file, "t", "--out", path));
            words.addAll(options);
            assertThat(run(words.toArray())).as(options.toString()).isEqualTo(new Run(0, "", ""));
            String expected = csv(file, "t", options.toArray(String[]::new));
            Path made = folder.resolve("made.db");
            Run in = run("import", made, "u", path);
            assertThat(in.exit()).as(in.err()).isZero();
            long rows = expected.lines().count() - 1;
            assertThat(in.out()).isEqualTo(String.format(java.util.Locale.ROOT, "%,d rows%n", rows));
            assertThat(csv(made, "u")).isEqualTo(expected);
            assertThat(run("import", made, "u", path).exit()).isZero();
            assertThat(csv(made, "u").lines().count()).isEqualTo(1 + 2 * rows);
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(Path.of(made + end));
            }
        }
    }

    @Test
    void theFormatIsSaidOrTold() throws Exception {
        Path odd = folder.resolve("odd");
        assertThat(run("export", file, "t", "--out", odd, "--format", "arrow").exit())
                .isZero();
        assertThat(Files.readAllBytes(odd)).startsWith("ARROW1".getBytes());
        assertThat(run("import", file, "u", odd, "--format", "arrow").out()).isEqualTo("70,000 rows\n");
        assertThat(run("export", file, "t", "--out", odd, "--format", "parquet").exit())
                .isZero();
        assertThat(Files.readAllBytes(odd)).startsWith("PAR1".getBytes());
        Path stream = folder.resolve("x.ARROWS");
        assertThat(run("export", file, "t", "--out", stream).exit()).isZero();
        assertThat(Files.readAllBytes(stream)).startsWith(new byte[] {-1, -1, -1, -1});
    }

    /** Where no other name has room beside it, or a link leads to what is not there yet. */
    @ParameterizedTest
    @ValueSource(strings = {"arrow", "arrows", "parquet"})
    void whatIsWrittenInItsPlaceIsWholeToo(String ending) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link." + ending), folder.resolve("linked." + ending));
        Path longest = folder.resolve("x".repeat(250 - ending.length()) + "." + ending);
        for (Path path : List.of(link, longest)) {
            for (String limit : List.of("9", "60000", "10")) {
                Run out = run("export", file, "t", "--out", path, "--limit", limit);
                assertThat(out).as(path + " " + limit).isEqualTo(new Run(0, "", ""));
            }
            String table = path == link ? "of_link" : "of_longest";
            assertThat(run("import", file, table, path).err()).isEmpty();
            assertThat(csv(file, table)).isEqualTo(csv(file, "t", "--limit", "10"));
            assertThat(Files.size(path)).isLessThan(10_000);
        }
        assertThat(link).isSymbolicLink();
    }

    /** As other programs lay partitions of a table out. */
    @Test
    void foldersAreNoColumns() throws Exception {
        Path path = Files.createDirectories(folder.resolve("year=2024")).resolve("x.parquet");
        assertThat(run("export", file, "t", "--out", path, "--limit", "4").exit())
                .isZero();
        assertThat(run("import", file, "u", path).exit()).isZero();
        assertThat(csv(file, "u")).isEqualTo(csv(file, "t", "--limit", "4"));
    }

    /** Whichever bytes are damaged: of the schema, a batch's description, or what is compressed. */
    @ParameterizedTest
    @EnumSource(IpcCompression.class)
    void damagedArrowIsNoFaultOfTheProgram(IpcCompression compression) throws Exception {
        Path path = folder.resolve("damaged.arrow");
        try (Vault vault = Vault.open(file);
                Snapshot snapshot = vault.snapshot();
                BufferAllocator allocator = VaultArrow.allocator()) {
            ArrowExport.of(VaultArrow.scan(snapshot, "t").rows(0, 200), allocator)
                    .withCompression(compression)
                    .to(path);
        }
        byte[] bytes = Files.readAllBytes(path);
        for (int at = 8; at < endOfRows(bytes); at += 32) {
            byte[] damaged = bytes.clone();
            Arrays.fill(damaged, at, at + 4, (byte) 0xFF);
            Files.write(path, damaged);
            Run run = run("import", folder.resolve("of_damaged.db"), "u" + at, path);
            assertThat(run.err()).as("byte " + at).doesNotContain("fault of this program", "null\n", "Exception");
            if (run.exit() != 0) {
                assertThat(run.err())
                        .as("byte " + at)
                        .contains("damaged.arrow: ")
                        .hasLineCount(1);
            }
        }
    }

    /** Within the values, which nothing reads before the rows themselves. */
    @Test
    void damagedParquetIsSaidToBe() throws Exception {
        Path path = folder.resolve("damaged.parquet");
        assertThat(run("export", file, "t", "--out", path).exit()).isZero();
        byte[] bytes = Files.readAllBytes(path);
        Arrays.fill(bytes, 100, bytes.length / 2, (byte) 0xFF);
        Files.write(path, bytes);
        Run run = run("import", file, "u", path);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("damaged.parquet: ", "damaged, or").hasLineCount(1);
    }

    /** Wherever it is cut, nothing is imported, and one line says why. */
    @Test
    void parquetThatIsCutIsRefused() throws Exception {
        Path path = folder.resolve("cut.parquet");
        assertThat(run("export", file, "t", "--out", path, "--limit", "5000").exit())
                .isZero();
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i <= 12; i++) {
            int length = i < 4 ? 4 * i : i == 12 ? bytes.length - 1 : bytes.length / 12 * i;
            Files.write(path, Arrays.copyOf(bytes, length));
            Run run = run("import", file, "cut", path);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err())
                    .contains("cut.parquet: ")
                    .doesNotContain("memory")
                    .hasLineCount(1);
        }
        assertThat(run("schema", file, "cut").exit()).isEqualTo(1);
    }

    /** Parquet tells upper from lower case, which DuckDB does not. */
    @Test
    void namesThatDifferInCaseStay() throws Exception {
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("cases", s -> s.column("a", DType.I64).column("A", DType.I64));
        }
        Path path = folder.resolve("cases.parquet");
        Run out = run("export", file, "cases", "--out", path);
        assertThat(out.exit()).isEqualTo(1);
        assertThat(out.err()).contains("'a' and 'A'", "--columns").hasLineCount(1);
        assertThat(path).doesNotExist();
        assertThat(run("export", file, "cases", "--out", path, "--columns", "A").exit())
                .isZero();
        assertThat(run("import", file, "upper", path).exit()).isZero();
        assertThat(csv(file, "upper")).isEqualTo("A\n");
        try (InputStream made = ColumnarFilesTest.class.getResourceAsStream("/cases.parquet")) {
            Files.write(path, java.util.Objects.requireNonNull(made).readAllBytes());
        }
        assertThat(run("import", file, "both", path).err()).isEmpty();
        assertThat(csv(file, "both")).isEqualTo("a,l,A,\"q\"\"\"\n1,[1],2,3\n");
    }

    /** Of a file that says what its columns were and has others now. */
    @Test
    void whatAnotherProgramHasChangedIsNotForced() throws Exception {
        Path path = folder.resolve("c.parquet");
        try (var duck = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                var sql = duck.createStatement()) {
            String kept = " (FORMAT parquet, KV_METADATA {'kohakuvault:types': '%s'})";
            sql.execute("COPY (SELECT 1.5 AS a, 'x' AS b, TIMESTAMP '2024-01-02 03:04:05' AS c) TO '" + path + "'"
                    + String.format(kept, "a=uuid,b=str:8,c=timestamp:s not null,d=i64"));
            assertThat(run("import", file, "c", path)).isEqualTo(new Run(0, "1 rows\n", ""));
            assertThat(run("schema", file, "c").out()).isEqualTo("a=decimal:2:1\nb=str:8\nc=timestamp:s not null\n");
            sql.execute("COPY (SELECT 1 AS a) TO '" + path + "'" + String.format(kept, "not columns at all"));
            assertThat(run("import", file, "d", path)).isEqualTo(new Run(0, "1 rows\n", ""));
            sql.execute("COPY (SELECT TIMESTAMP '2024-01-02 03:04:05.678901' AS a) TO '" + path + "'"
                    + String.format(kept, "a=timestamp:ms"));
            Run run = run("import", file, "e", path);
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).contains("c.parquet", "'a', row 0", "finer").hasLineCount(1);
            assertThat(run("import", file, "none", path).exit()).isEqualTo(1);
            assertThat(run("schema", file, "none").exit()).isEqualTo(1);
            sql.execute("COPY (SELECT '00000000-0000-0001-0000-000000000002'::UUID AS a, '[1]'::JSON AS b) TO '" + path
                    + "' (FORMAT parquet)");
            assertThat(run("import", file, "f", path)).isEqualTo(new Run(0, "1 rows\n", ""));
            assertThat(run("schema", file, "f").out()).isEqualTo("a=uuid\nb=json\n");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidInOneLine() {
        Run run = run("export", file, "t", "--out", "/dev/full", "--format", "parquet");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .contains("/dev/full", "No space left", "make room")
                .doesNotContain("{")
                .hasLineCount(1);
    }

    @Test
    void columnsAreTablesOfOneColumn() {
        for (String ending : List.of("arrow", "parquet")) {
            for (String name : List.of("loose", "t.s")) {
                Path path = folder.resolve(name + "." + ending);
                assertThat(run("export", file, name, "--out", path, "--limit", "4"))
                        .isEqualTo(new Run(0, "", ""));
                String table = name.replace('.', '_') + ending;
                assertThat(run("import", file, table, path).exit()).isZero();
                assertThat(csv(file, table)).isEqualTo(csv(file, name, "--limit", "4"));
            }
        }
    }

    /** By Arrow and by Parquet, which says in its metadata what the columns were. */
    @Test
    void everyTypeGoesThereAndBack() {
        try (Vault vault = Vault.open(file)) {
            everyType(vault);
        }
        Path arrow = folder.resolve("e.arrow");
        assertThat(run("export", file, "every", "--out", arrow)).isEqualTo(new Run(0, "", ""));
        assertThat(run("import", file, "arrow", arrow).err()).isEmpty();
        Path parquet = folder.resolve("e.parquet");
        assertThat(run("export", file, "every", "--out", parquet)).isEqualTo(new Run(0, "", ""));
        assertThat(run("import", file, "parquet", parquet).err()).isEmpty();
        try (Vault vault = Vault.open(file)) {
            Table every = vault.tables().get("every");
            assertThat(vault.tables().get("arrow").schema()).isEqualTo(every.schema());
            assertThat(rows(vault.tables().get("arrow"))).isEqualTo(rows(every));
            Table parquetTable = vault.tables().get("parquet");
            assertThat(parquetTable.schema()).isEqualTo(every.schema());
            assertThat(rows(parquetTable)).isEqualTo(rows(every));
        }
    }

    private static List<Row> rows(Table table) {
        return StreamSupport.stream(table.scan().spliterator(), false).toList();
    }

    private static void everyType(Vault vault) {
        Table table = vault.tables()
                .ensure(
                        "every",
                        s -> s.nullable("i8", DType.I8)
                                .nullable("i16", DType.I16)
                                .nullable("i32", DType.I32)
                                .nullable("u8", DType.U8)
                                .nullable("u16", DType.U16)
                                .nullable("u32", DType.U32)
                                .nullable("u64", DType.U64)
                                .nullable("f16", DType.F16)
                                .nullable("f32", DType.F32)
                                .nullable("flag", DType.BOOL)
                                .nullable("name", DType.parse("str:8"))
                                .nullable("latin", DType.parse("str:latin1"))
                                .column("it's \"key\",=é", DType.I64)
                                .nullable("cbor", DType.parse("cbor"))
                                .nullable("packed16", DType.parse("msgpack:16"))
                                .nullable("clock_ms", new LogicalType.Time(TimeUnit.MS))
                                .nullable("clock_ns", new LogicalType.Time(TimeUnit.NS))
                                .nullable("ts_zone", new LogicalType.Timestamp(TimeUnit.MS, "Europe/Berlin"))
                                .nullable("ts_zone_ns", new LogicalType.Timestamp(TimeUnit.NS, "UTC"))
                                .nullable("bits", DType.parse("vec:bool:3"))
                                .nullable("halves", DType.parse("vec:f16:2:2"))
                                .nullable("longs", DType.parse("vec:i64:2"))
                                .nullable("any", DType.parse("vec:f32"))
                                .nullable("raw", DType.BYTES)
                                .nullable("five", DType.parse("bytes:5"))
                                .nullable("packed", DType.MSGPACK)
                                .nullable("ts_s", new LogicalType.Timestamp(TimeUnit.S, null))
                                .nullable("ts_ms", new LogicalType.Timestamp(TimeUnit.MS, null))
                                .nullable("ts_us", new LogicalType.Timestamp(TimeUnit.US, "UTC"))
                                .nullable("ts_ns", new LogicalType.Timestamp(TimeUnit.NS, null))
                                .nullable("day", new LogicalType.Date())
                                .nullable("clock", new LogicalType.Time(TimeUnit.US))
                                .nullable("money", new LogicalType.Decimal(10, 2))
                                .nullable("big", new LogicalType.Decimal(38, 5))
                                .nullable("id", new LogicalType.Uuid())
                                .nullable("doc", new LogicalType.Json())
                                .nullable("tags", new LogicalType.ListOf())
                                .nullable("props", new LogicalType.MapOf())
                                .nullable("vec", DType.vector(ElementType.F32, 3)));
        Instant at = Instant.parse("2024-01-02T03:04:05Z");
        table.append(row -> row.set("i8", (byte) -8)
                .set("i16", -16)
                .set("i32", -32)
                .set("u8", 200)
                .set("u16", 60_000)
                .set("u32", 4_000_000_000L)
                .set("u64", -1L)
                .set("f16", 1.5)
                .set("f32", 2.5f)
                .set("flag", true)
                .set("name", "ü")
                .set("latin", "é")
                .set("it's \"key\",=é", 7)
                .setObject("cbor", List.of(1, "x"))
                .setObject("packed16", 5)
                .set("clock_ms", LocalTime.of(1, 2, 3, 4_000_000))
                .set("clock_ns", LocalTime.of(1, 2, 3, 4))
                .set("ts_zone", at.plusMillis(1))
                .set("ts_zone_ns", at.plusNanos(1))
                .setObject("bits", new NumericArray(ElementType.BOOL, List.of(3), new byte[] {1, 0, 1}))
                .setObject(
                        "halves", new NumericArray(ElementType.F16, List.of(2, 2), new byte[] {0, 1, 2, 3, 4, 5, 6, 7}))
                .setObject("longs", new NumericArray(ElementType.I64, List.of(2), new byte[16]))
                .setObject("any", new NumericArray(ElementType.F32, List.of(1, 2), new byte[8]))
                .set("raw", new byte[] {0, 1})
                .set("five", new byte[] {1, 2, 3, 4, 5})
                .setObject("packed", Map.of("a", 1))
                .set("ts_s", at)
                .set("ts_ms", at.plusMillis(1))
                .set("ts_us", at.plusNanos(1_000))
                .set("ts_ns", at.plusNanos(1))
                .set("day", LocalDate.of(2024, 2, 29))
                .set("clock", LocalTime.of(23, 59, 59))
                .set("money", new BigDecimal("12.50"))
                .set("big", new BigDecimal("123456789012345678901234567890123.00001"))
                .setObject("id", new UUID(1, 2))
                .set("doc", "{\"a\":1}")
                .set("tags", List.of("a", 1))
                .set("props", Map.of("k", 1))
                .setObject("vec", new NumericArray(ElementType.F32, List.of(3), new byte[12])));
        table.append(row -> row.set("it's \"key\",=é", -7));
    }

    @Test
    void compressedArrowIsRead() throws Exception {
        for (IpcCompression compression : IpcCompression.values()) {
            Path path = folder.resolve(compression + ".arrow");
            try (Vault vault = Vault.open(file);
                    Snapshot snapshot = vault.snapshot();
                    BufferAllocator allocator = VaultArrow.allocator()) {
                ArrowExport.of(VaultArrow.scan(snapshot, "t"), allocator)
                        .withCompression(compression)
                        .to(path);
            }
            Run in = run("import", file, "of_" + compression, path);
            assertThat(in.exit()).as(in.err()).isZero();
            assertThat(csv(file, "of_" + compression)).isEqualTo(csv(file, "t"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "export t --format parquet                    | 2 | --out",
                "export t --out x.parquet --delimiter ;       | 2 | --delimiter is for text",
                "export t --out x.arrow --null NA             | 2 | --null is for text",
                "export t --out x.arrow --hex                 | 2 | --hex is for text",
                "export t --out x.arrow --limit -1            | 2 | negative",
                "export t --out x.arrow --columns none        | 1 | no column 'none'",
                "export t --out x.parquet --where none=1      | 1 | none",
                "export loose --out x.arrow --where value=1   | 2 | --where is for tables",
                "export docs --out x.arrow                    | 2 | documents",
                "export kv --out x.parquet                    | 2 | vault sql",
                "export none --out x.arrow                    | 1 | nothing called 'none'",
                "export t --out x.xls                         | 1 | .parquet",
                "export t --out none/x.arrow                  | 1 | none",
                "export t --out none/x.parquet                | 1 | none",
                "import u none.arrow                          | 1 | no such file",
                "import u none.parquet                        | 1 | no such file",
                "import u folder.parquet                      | 1 | is a folder",
                "import u junk.arrow                          | 1 | junk.arrow: is no Arrow",
                "import u junk.parquet                        | 1 | junk.parquet: ",
                "import u empty.arrow                         | 1 | is empty",
                "import u cut.arrow                           | 1 | cut.arrow: ",
                "import u ended.arrow                         | 1 | breaks off",
                "import u unmarked.arrows                     | 1 | has no end mark",
                "import u cut.parquet                         | 1 | cut.parquet: ",
                "import u good.arrow --types n=i32            | 2 | --types is for text",
                "import u good.parquet --infer-rows 5         | 2 | --infer-rows is for text",
                "import u good.arrow --as documents           | 2 | jsonl",
                "import docs good.arrow                       | 2 | --as documents",
                "import loose_table good.arrow                | 1 | column 'n'",
                "import loose_table good.parquet              | 1 | good.parquet: column 'n'",
                "import u - --format parquet                  | 2 | standard input",
            })
    void whatIsWrongIsSaidInOneLine(String line, int exit, String said) throws Exception {
        Path good = folder.resolve("good.arrow");
        assertThat(run("export", file, "t", "--out", good).exit()).isZero();
        assertThat(run("export", file, "t", "--out", folder.resolve("good.parquet"))
                        .exit())
                .isZero();
        byte[] bytes = Files.readAllBytes(good);
        Files.write(folder.resolve("cut.arrow"), Arrays.copyOf(bytes, bytes.length / 2));
        Files.write(folder.resolve("ended.arrow"), Arrays.copyOf(bytes, endOfRows(bytes)));
        Path stream = folder.resolve("good.arrows");
        assertThat(run("export", file, "t", "--out", stream).exit()).isZero();
        byte[] streamed = Files.readAllBytes(stream);
        Files.write(folder.resolve("unmarked.arrows"), Arrays.copyOf(streamed, streamed.length - 8));
        byte[] parquet = Files.readAllBytes(folder.resolve("good.parquet"));
        Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(parquet, parquet.length / 2));
        for (String junk : List.of("junk.arrow", "junk.parquet")) {
            Files.writeString(folder.resolve(junk), "a,b\n1,2\n3,4\n5,6\n7,8\n");
        }
        Files.createFile(folder.resolve("empty.arrow"));
        Files.createDirectory(folder.resolve("folder.parquet"));
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("loose_table", s -> s.column("n", DType.I8));
        }
        String[] words = line.strip().split(" +");
        for (int i = 1; i < words.length; i++) {
            if (words[i].matches("[\\w/]+\\.\\w+")) {
                words[i] = folder.resolve(words[i]).toString();
            }
        }
        Object[] all = new Object[words.length + 1];
        all[0] = words[0];
        all[1] = file;
        System.arraycopy(words, 1, all, 2, words.length - 1);
        Run run = run(all);
        assertThat(run.err()).contains(said).doesNotContain("Exception", "exported_rows", "LINE");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exit()).as(run.err()).isEqualTo(exit);
        assertThat(run.out()).isEmpty();
        for (String none : List.of("x.arrow", "x.parquet", "x.xls")) {
            assertThat(folder.resolve(none)).doesNotExist();
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.tables().find("u")).isEmpty();
            assertThat(vault.tables().get("loose_table").length()).isZero();
        }
    }

    /** Where the end of the stream within an IPC file is: a file that was cut there looks whole to who reads streams. */
    private static int endOfRows(byte[] bytes) {
        int footer = java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(bytes.length - 10);
        return bytes.length - 10 - footer - 8;
    }

    @Test
    void aFailureLeavesWhatWasThere() throws Exception {
        Path old = Files.writeString(folder.resolve("old.arrow"), "before");
        assertThat(run("export", file, "t", "--out", old, "--columns", "none").exit())
                .isEqualTo(1);
        assertThat(old).hasContent("before");
        assertThat(run("export", file, "t", "--out", old).exit()).isZero();
        Path none = folder.resolve("none.db");
        assertThat(run("export", none, "t", "--out", old).exit()).isEqualTo(1);
        Path junk = Files.writeString(folder.resolve("junk.parquet"), "junk");
        assertThat(run("import", none, "t", junk).exit()).isEqualTo(1);
        assertThat(none).doesNotExist();
        for (String name : List.of("v.arrow", "v.parquet")) {
            Path moved = Files.move(file, folder.resolve(name));
            file = moved;
            assertThat(run("export", moved, "t", "--out", moved).exit()).isEqualTo(2);
            Run self = run("import", moved, "u", moved);
            assertThat(self.exit()).isEqualTo(2);
            assertThat(self.err()).contains("the vault itself");
        }
    }
}
