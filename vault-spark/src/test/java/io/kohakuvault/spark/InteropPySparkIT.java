package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import io.kohakuvault.testkit.PythonVenv;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PySpark from PyPI has the bundle alone: a directory of vaults is read, filtered, counted, written and read back. Runs
 * with {@code mvn -Pinterop -pl vault-spark verify}; skipped, with the reason, where Python or the package cannot be
 * had.
 */
class InteropPySparkIT {
    private static final String OLDER = "3.5.9";
    private static final int FILES = 3;
    private static final int ROWS = 5_000;
    private static final String[] CARRIERS = {"AA", "Ünited", null, "ZZ"};

    @TempDir
    Path folder;

    private final ObjectMapper json = new ObjectMapper();
    private final List<List<Object>> late = new ArrayList<>();
    private final Map<String, Integer> carriers = new LinkedHashMap<>();

    private void write(Path source) throws Exception {
        Files.createDirectories(source);
        for (int file = 0; file < FILES; file++) {
            VaultOptions options = VaultOptions.defaults().withGuardNewFiles(true);
            try (Vault vault = Vault.open(source.resolve("f" + file + ".db"), options)) {
                Table table = vault.tables()
                        .ensure(
                                "events",
                                s -> s.column("id", DType.I64)
                                        .nullable("carrier", DType.STR)
                                        .column("delay", DType.F64)
                                        .column("at", new LogicalType.Timestamp(LogicalType.TimeUnit.US, "UTC"))
                                        .column("place", DType.vector(ElementType.F32, 2)));
                for (int i = 0; i < ROWS; i++) {
                    long id = file * (long) ROWS + i;
                    String carrier = CARRIERS[(int) (id % CARRIERS.length)];
                    double delay = id % 62;
                    long micros = id * 1_000_003;
                    float[] place = {id, -0.5f};
                    table.append(row -> row.set("id", id)
                            .setObject("carrier", carrier)
                            .set("delay", delay)
                            .set("at", Instant.EPOCH.plusNanos(micros * 1000))
                            .set("place", place));
                    carriers.merge(String.valueOf(carrier), 1, Integer::sum);
                    if (delay > 60) {
                        late.add(Arrays.asList(id, carrier, delay, micros, place));
                    }
                }
                for (int i = 0; i < 3; i++) {
                    vault.kv("media").put("f" + file + "/" + i, ("v" + file + i).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private void run(Path python, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("SPARK_") || name.startsWith("PYSPARK_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put("PYSPARK_PYTHON", python.toString());
        environment.put("PATH", python.getParent() + File.pathSeparator + environment.get("PATH"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** The version that the bundle is built for, and 3.5, which has Scala 2.12. */
    static List<String> versions() {
        String built = System.getProperty("vault.spark.version");
        return built.equals(OLDER) ? List.of(OLDER) : List.of(built, OLDER);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void pySparkReadsAndWritesByTheBundle(String version) throws Exception {
        if (version.equals(OLDER) && Runtime.version().feature() > 17) {
            String reason = "Spark " + OLDER + " runs on Java 17 and earlier";
            System.out.println("interop SKIPPED: " + reason);
            Assumptions.abort(reason);
        }
        String wanted = "pyspark==" + version;
        Path python =
                PythonVenv.orSkip("Python with " + wanted, () -> PythonVenv.of("venv-" + version, List.of(wanted)));
        String jar = System.getProperty("vault.spark.bundle");
        assertThat(Path.of(jar)).exists();
        String script = Path.of("src/test/python/vaults.py").toString();
        Path source = folder.resolve("source");
        write(source);

        Path target = folder.resolve("target");
        String submit = python.resolveSibling("spark-submit").toString();
        Path found = folder.resolve("found.json");
        run(python, submit, "--jars", jar, script, source.toString(), target.toString(), found.toString());
        check(json.readTree(found.toFile()), version, target);
    }

    private void check(JsonNode found, String version, Path target) throws Exception {
        assertThat(found.get("spark").textValue()).isEqualTo(version);
        String schema = "struct<id:bigint,carrier:string,delay:double,at:timestamp,place:array<float>>";
        assertThat(found.get("schema").textValue()).isEqualTo(schema);
        assertThat(found.get("backSchema").textValue()).isEqualTo(schema);
        assertThat(found.get("count").intValue()).isEqualTo(FILES * ROWS);
        assertThat(found.get("carriers")).isEqualTo(json.valueToTree(carriers));
        JsonNode expected = json.readTree(json.writeValueAsString(late));
        assertThat(late).hasSizeGreaterThan(200);
        assertThat(found.get("late").toString()).isEqualTo(expected.toString());
        assertThat(found.get("back").toString()).isEqualTo(expected.toString());
        assertThat(found.get("keys").toString())
                .isEqualTo("[[\"f1/0\",\"v10\"],[\"f1/1\",\"v11\"],[\"f1/2\",\"v12\"],"
                        + "[\"f2/0\",\"v20\"],[\"f2/1\",\"v21\"],[\"f2/2\",\"v22\"]]");

        List<List<Object>> stored = new ArrayList<>();
        try (Stream<Path> files = Files.list(target)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".db")).toList()) {
                try (Vault vault = Vault.openReadOnly(file)) {
                    for (Row row : vault.tables().get("late").scan()) {
                        stored.add(List.of(row.getLong("id"), row.getDouble("delay")));
                    }
                }
            }
        }
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(late.stream()
                        .map(row -> List.of(row.get(0), row.get(2)))
                        .toList());
    }
}
