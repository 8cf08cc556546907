package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.table.Row;
import io.kohakuvault.testkit.PythonVenv;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * pyarrow, pandas, polars and DuckDB's Python read every type of IPC files and streams, and pyarrow through the C data
 * interface, and compare it with what was stored. Run by {@code mvn -Pinterop verify}; skipped, with the reason, where
 * Python or a package cannot be had.
 */
@Tag("interop")
class ArrowPythonIT {
    private static final List<String> PACKAGES = List.of(
            "pyarrow==26.0.1", "pandas==3.1.1", "polars==2.1.0", "duckdb==2.0.1", "jpype1==1.7.1", "numpy==2.4.6");

    private static final Path SCRIPTS = Path.of("src/test/python");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Elements that Arrow has as they are stored. */
    private static final Set<String> STORED = Set.of("packed", "cbor", "any");

    @TempDir
    Path folder;

    @Test
    void everyTypeIsReadByPythonsLibraries() throws Exception {
        Path python = python();
        Path expected = folder.resolve("expected.jsonl");
        try (Vault vault = Vault.open(folder.resolve("v.db"));
                BufferAllocator allocator = VaultArrow.allocator()) {
            EveryType.make(vault, 1_500, 11);
            try (Snapshot snapshot = vault.snapshot()) {
                describe(snapshot, expected);
                ArrowScan scan = VaultArrow.scan(snapshot, "t");
                export(scan, allocator, "");
                export(scan.profile(ArrowProfile.duckDb()), allocator, "duckdb-");
                ArrowScan coded = scan.dictionaries("text", "code", "name", "latin");
                export(coded.profile(ArrowProfile.exact().withBool8()), allocator, "coded-");
                export(coded.profile(ArrowProfile.duckDb().withBool8()), allocator, "duckdb-coded-");
            }
        }
        String said = PythonVenv.run(
                python.toString(),
                SCRIPTS.resolve("arrow_readers.py").toString(),
                expected.toString(),
                folder.toString());
        System.out.println("Arrow in Python: " + said.strip());
        assertThat(said).contains("48 readings of 1500 rows of 32 columns, 0 differences");
    }

    /** In both forms and each compression. */
    private void export(ArrowScan scan, BufferAllocator allocator, String prefix) throws IOException {
        ArrowExport export = ArrowExport.of(scan, allocator).withBatchRows(700);
        for (IpcCompression compression : IpcCompression.values()) {
            ArrowExport compressed = export.withCompression(compression);
            compressed.to(folder.resolve(prefix + compression + ".arrow"));
            compressed.withFormat(IpcFormat.STREAM).to(folder.resolve(prefix + compression + ".arrows"));
        }
    }

    @Test
    void pyarrowReadsBatchesByAddress() throws Exception {
        Path python = python();
        Path expected = folder.resolve("expected.jsonl");
        Path file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file)) {
            EveryType.make(vault, 9_000, 12);
            try (Snapshot snapshot = vault.snapshot()) {
                describe(snapshot, expected);
            }
        }
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                SCRIPTS.resolve("arrow_c_data.py").toString(),
                expected.toString(),
                System.getProperty("java.class.path"),
                file.toString(),
                "t"));
        command.addAll(List.of(System.getProperty("vault.jvm.flags").split(" ")));
        String said = PythonVenv.run(command.toArray(String[]::new));
        System.out.println("Arrow through the C data interface: " + said.strip());
        assertThat(said).contains("9000 rows in ", " 0 differences", "closing refused before the batches went: True");
    }

    /** Arrow's types by pyarrow's names, and then the rows. */
    private static void describe(Snapshot snapshot, Path file) throws IOException {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("n", "int64");
        types.put("ts", "timestamp[ms, tz=UTC]");
        types.put("random", "int32");
        types.put("i8", "int8");
        types.put("u8", "uint8");
        types.put("u16", "uint16");
        types.put("u32", "uint32");
        types.put("u64", "uint64");
        types.put("f16", "halffloat");
        types.put("f32", "float");
        types.put("f64", "double");
        types.put("flag", "bool");
        types.put("yes", "bool");
        for (String text : List.of("text", "code", "name", "latin")) {
            types.put(text, "large_string");
        }
        types.put("raw", "large_binary");
        types.put("five", "fixed_size_binary[5]");
        types.put("packed", "large_binary");
        types.put("cbor", "large_binary");
        types.put("money", "decimal128(10, 2)");
        types.put("big", "decimal128(38, 5)");
        types.put("id", "extension<arrow.uuid>");
        types.put("doc", "extension<arrow.json>");
        types.put("day", "date32[day]");
        types.put("clock", "time64[us]");
        types.put("tags", "extension<arrow.json>");
        types.put("props", "extension<arrow.json>");
        types.put("vec", "fixed_size_list<item: float not null>[3]");
        types.put("mask", "fixed_size_list<item: bool not null>[3]");
        types.put("any", "large_binary");
        List<String> lines = new ArrayList<>(List.of(JSON.writeValueAsString(types)));
        for (Row row : snapshot.tables().get("t").scan()) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (String column : row.columns()) {
                Object value = row.isNull(column) ? null : row.get(column);
                Object said = plain(value);
                if (value instanceof Long bits && column.equals("u64")) {
                    said = Long.toUnsignedString(bits);
                } else if (value != null && STORED.contains(column)) {
                    said = HexFormat.of()
                            .formatHex(snapshot.columns().bytes("t." + column).get(row.index()));
                }
                values.put(column, said);
            }
            lines.add(JSON.writeValueAsString(values));
        }
        Files.write(file, lines);
    }

    /** A value as the scripts say those of Python. */
    private static Object plain(Object value) throws IOException {
        if (value instanceof Instant at) {
            return new BigDecimal(at.getEpochSecond())
                    .movePointRight(9)
                    .toBigInteger()
                    .add(BigInteger.valueOf(at.getNano()))
                    .toString();
        } else if (value instanceof LocalTime time) {
            return String.valueOf(time.toNanoOfDay() / 1_000);
        } else if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof BigDecimal number) {
            return number.toPlainString();
        } else if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            return Double.isNaN(number) ? "NaN" : (Object) number;
        } else if (value instanceof Number) {
            return value.toString();
        } else if (value instanceof float[] numbers) {
            List<Object> list = new ArrayList<>();
            for (float number : numbers) {
                list.add((double) number);
            }
            return list;
        } else if (value instanceof NumericArray array) {
            List<Object> list = new ArrayList<>();
            ByteBuffer bits = array.data(); // of bool, which alone is handed out so
            while (bits.hasRemaining()) {
                list.add(bits.get() != 0);
            }
            return list;
        } else if (value instanceof List || value instanceof Map) {
            return JSON.writeValueAsString(value);
        }
        return value == null || value instanceof Boolean ? value : value.toString();
    }

    private static Path python() throws InterruptedException {
        return PythonVenv.orSkip("Python with " + PACKAGES, () -> PythonVenv.of("venv", PACKAGES));
    }
}
