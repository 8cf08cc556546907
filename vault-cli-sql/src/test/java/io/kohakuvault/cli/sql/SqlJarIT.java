package io.kohakuvault.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The two jars and the script as they are built, side by side and each alone. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class SqlJarIT {
    private static final Path ROOT = Path.of(System.getProperty("vault.root"));

    @TempDir
    Path folder;

    private Path home;
    private Path file;

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void setUp() throws IOException {
        home = Files.createDirectory(folder.resolve("with space"));
        Files.copy(ROOT.resolve("vault-cli/target/vault.jar"), home.resolve("vault.jar"));
        Files.copy(ROOT.resolve("vault-cli/target/vault"), home.resolve("vault"));
        Files.setPosixFilePermissions(home.resolve("vault"), PosixFilePermissions.fromString("rwxr-xr-x"));
        file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("t", s -> s.column("n", DType.I64)).append(row -> row.set("n", 41));
        }
    }

    private Result run(List<String> command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        process.environment().put("VAULT_CACHE", "none");
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int exit = process.start().waitFor();
        return new Result(exit, Files.readString(out), Files.readString(err));
    }

    private static List<String> jar(Path jar, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void sqlIsAnsweredByTheJarBeside() throws Exception {
        Files.createSymbolicLink(home.resolve("vault-sql.jar"), ROOT.resolve("vault-cli-sql/target/vault-sql.jar"));
        String[] asked = {"sql", file.toString(), "SELECT n + 1 AS m FROM t"};
        List<String> script = new ArrayList<>(List.of(home.resolve("vault").toString()));
        script.addAll(List.of(asked));
        for (List<String> command :
                List.of(script, jar(home.resolve("vault.jar"), asked), jar(home.resolve("vault-sql.jar"), asked))) {
            Result result = run(command);
            assertThat(result.err().lines().filter(line -> !line.startsWith("WARNING: "))) // the JVM's, from 24 on
                    .as(String.join(" ", command))
                    .isEmpty();
            assertThat(result.out()).isEqualTo("m\n42\n");
            assertThat(result.exit()).isZero();
        }
        Result wrong = run(jar(home.resolve("vault.jar"), "sql", file.toString(), "SELECT nothing FROM t"));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).startsWith("vault sql: ").contains("nothing").doesNotContain("Exception");
        assertThat(run(jar(home.resolve("vault-sql.jar"), "ls", file.toString()))
                        .out())
                .contains("t");
    }

    /** By the script, by the small jar, which starts the large one, and by that alone. */
    @Test
    void arrowAndParquetAreWrittenAndReadByTheJarBeside() throws Exception {
        Files.createSymbolicLink(home.resolve("vault-sql.jar"), ROOT.resolve("vault-cli-sql/target/vault-sql.jar"));
        List<List<String>> starts = List.of(
                List.of(home.resolve("vault").toString()),
                jar(home.resolve("vault.jar")),
                jar(home.resolve("vault-sql.jar")));
        for (List<String> start : starts) {
            for (String ending : List.of("arrow", "parquet")) {
                Path written = folder.resolve("it's." + ending);
                Path made = folder.resolve("made.db");
                assertThat(done(start, "export", file.toString(), "t", "--out", written.toString()))
                        .isEmpty();
                assertThat(done(start, "import", made.toString(), "u", written.toString()))
                        .isEqualTo("1 rows\n");
                assertThat(done(start, "export", made.toString(), "u")).isEqualTo("n\n41\n");
                for (Path old : List.of(written, made)) {
                    Files.delete(old);
                }
            }
            List<String> wrong = new ArrayList<>(start);
            wrong.addAll(List.of("export", file.toString(), "none", "--out", folder + "/x.parquet"));
            Result refused = run(wrong);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("vault export: ").contains("nothing called 'none'");
        }
        Path piped = folder.resolve("piped.db");
        Path vault = home.resolve("vault");
        List<String> pipe = List.of(
                "sh",
                "-c",
                "'" + vault + "' export '" + file + "' t --format arrow | '" + vault + "' import '" + piped
                        + "' u - --format arrow");
        assertThat(run(pipe).out()).isEqualTo("1 rows\n");
        assertThat(done(starts.get(1), "export", piped.toString(), "u")).isEqualTo("n\n41\n");
    }

    /** Nor does the library that reads it say more. */
    @Test
    void aDamagedFileIsToldInOneLine() throws Exception {
        Path written = folder.resolve("damaged.arrow");
        List<String> start = jar(ROOT.resolve("vault-cli-sql/target/vault-sql.jar"));
        done(start, "export", file.toString(), "t", "--out", written.toString());
        byte[] bytes = Files.readAllBytes(written);
        java.util.Arrays.fill(bytes, 236, 240, (byte) 0xFF); // in the description of the batch
        Files.write(written, bytes);
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of("import", folder.resolve("none.db").toString(), "u", written.toString()));
        Result result = run(command);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err().lines().filter(line -> !line.startsWith("WARNING: "))) // what the JVM warns of
                .singleElement()
                .asString()
                .contains("damaged.arrow: ");
    }

    private String done(List<String> start, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(start);
        command.addAll(List.of(arguments));
        Result result = run(command);
        assertThat(result.exit()).as(command + ": " + result.err()).isZero();
        return result.out();
    }

    @Test
    void withoutItArrowAndParquetSayWhatIsMissing() throws Exception {
        for (String ending : List.of("arrow", "parquet")) {
            String target = folder.resolve("x." + ending).toString();
            Result out = run(jar(home.resolve("vault.jar"), "export", file.toString(), "t", "--out", target));
            assertThat(out.exit()).isEqualTo(1);
            assertThat(out.err()).startsWith("vault export: ").contains("vault-sql.jar", "not there");
            assertThat(folder.resolve("x." + ending)).doesNotExist();
            Result in = run(jar(home.resolve("vault.jar"), "import", file.toString(), "u", target));
            assertThat(in.exit()).isEqualTo(1);
            assertThat(in.err()).startsWith("vault import: ").contains("vault-sql.jar");
        }
    }

    @Test
    void withoutItTheCommandSaysWhatIsMissing() throws Exception {
        Result result = run(jar(home.resolve("vault.jar"), "sql", file.toString(), "SELECT 1"));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("vault-sql.jar").contains("not there");
        assertThat(run(jar(home.resolve("vault.jar"), "--help")).out()).contains("sql");
    }
}
