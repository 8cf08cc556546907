package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Golden;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of whole numbers and of bits by the command. */
class SmallVectorsCommandTest {
    @TempDir
    Path folder;

    private static String out(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out();
    }

    static List<VectorOptions> small() {
        return List.of(
                VectorOptions.int8(24, Metric.L2),
                VectorOptions.int8(24, Metric.L1),
                VectorOptions.int8(24, Metric.COSINE),
                VectorOptions.bits(24));
    }

    @ParameterizedTest
    @MethodSource("small")
    void exportAndImportAreTheSameAgain(VectorOptions options) {
        Path file = folder.resolve("a.db");
        Random random = new Random(2);
        try (Vault vault = Vault.open(file)) {
            VectorKVault vectors = vault.vectors("v", options);
            for (int i = 0; i < 50; i++) {
                byte[] bytes = new byte[options.type().bytes(24)];
                random.nextBytes(bytes);
                vectors.insert(bytes, i);
            }
        }
        Path lines = folder.resolve("v.jsonl");
        out("export", file, "v", "--out", lines);
        Path copy = folder.resolve("b.db");
        List<Object> load = new ArrayList<>(List.of("import", copy, "v", lines));
        Collections.addAll(load, (Object[]) out("schema", file, "v").strip().split(" "));
        assertThat(out(load.toArray())).isEqualTo("50 vectors\n");
        assertThat(out("dump", copy, "--json")).isEqualTo(out("dump", file, "--json"));
        assertThat(out("schema", copy, "v")).isEqualTo(out("schema", file, "v"));
        assertThat(out("ls", copy)).isEqualTo(out("ls", file));
        assertThat(out("verify", copy)).doesNotContain("ERROR");
        load.remove(load.size() - 1);
        load.remove(load.size() - 1); // --metric: what the table has
        assertThat(out(load.toArray())).isEqualTo("50 vectors\n");
        assertThat(out("import", copy, "v", lines, "--as", "vectors")).isEqualTo("50 vectors\n");
        assertThat(out("search", copy, "v", "--like", "1", "--json", "-n", "2"))
                .contains("\"id\":51,")
                .contains("\"id\":101,");
    }

    @Test
    void tablesAreMadeShownAndSearched() throws IOException {
        Path file = folder.resolve("a.db");
        String bits = "[1,0,0,0,0,0,0,1]";
        assertThat(out("add", file, "b", "--vector", bits, "--vector-type", "bit", "--value", "one"))
                .isEqualTo("1\n");
        assertThat(out("add", file, "b", "--vector", "[1,1,1,1,1,1,1,1]", "--value", "two"))
                .isEqualTo("2\n");
        assertThat(out("add", file, "i", "--vector", "[-128,127]", "--vector-type", "int8", "--metric", "l1"))
                .isEqualTo("1\n");
        assertThat(out("ls", file)).contains("bit 8 hamming").contains("int8 2 l1");
        assertThat(out("schema", file, "b")).isEqualTo("--as vectors --vector-type bit --metric hamming\n");
        assertThat(out("schema", file, "i")).isEqualTo("--as vectors --vector-type int8 --metric l1\n");
        assertThat(out("head", file, "b"))
                .isEqualTo("ID  VECTOR             VALUE\n 1  [1,0,0,0,0,0,0,1]  one\n 2  [1,1,1,1,1,1,1,1]  two\n");
        assertThat(out("head", file, "i")).contains("[-128,127]");
        assertThat(out("export", file, "i")).isEqualTo("{\"id\":1,\"vector\":[-128,127],\"value\":null}\n");
        assertThat(out("search", file, "b", "--vector", bits))
                .isEqualTo("DISTANCE  ID  VALUE\n   0.000   1  one\n   6.000   2  two\n");
        assertThat(out("search", file, "i", "--vector", "[0,0]", "--metric", "dot"))
                .contains("ID");
        assertThat(Files.size(file)).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add a.db n --vector [0.5,1] --vector-type int8| whole numbers from -128 to 127, but the one at index 0 is 0.5",
                "add a.db n --vector [1,0] --vector-type bit| multiple of 8",
                "add a.db n --vector [1,0,1,0,1,0,1,2] --vector-type bit| 0 and 1, but the number at index 7 is 2.0",
                "add a.db n --vector [1,0,1,0,1,0,1,1] --vector-type bit --metric l2| the distance hamming alone",
                "add a.db n --vector [1,0] --metric hamming| hamming is the distance of vectors of bits",
                "add a.db n text --vector-type bit| --vector-type is for vectors",
                "add a.db f --vector [1,0] --vector-type int8| type=INT8",
                "search a.db f --vector [1,0] --metric hamming| HAMMING is the distance of vectors of bits",
                "import a.db n x.jsonl --vector-type bit| say --as documents or --as vectors",
                "import a.db n x.jsonl --as documents --vector-type bit| --vector-type is for vectors",
                "import a.db n x.jsonl --as vectors --vector-type int8| index 1 is 300.0"
            })
    void whatIsWrongIsSaidInOneLine(String line, String message) throws IOException {
        Path file = folder.resolve("a.db");
        out("add", file, "f", "--vector", "[1,2]");
        Path lines = folder.resolve("x.jsonl");
        Files.writeString(lines, "{\"vector\":[1,2]}\n{\"vector\":[1,300]}\n");
        Object[] args = line.strip()
                .replace("a.db", file.toString())
                .replace("x.jsonl", lines.toString())
                .split(" ");
        CommandLineRun run = CommandLineRun.of(args);
        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains(message);
        assertThat(out("ls", file)).doesNotContain(" n ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"i_cosine", "b_200"})
    void tablesOfSqliteVecAreReadByTheCommand(String table) {
        Path golden = Golden.database("vec0-types", folder);
        assertThat(out("search", golden, table, "--like", "6", "-n", "1", "--json"))
                .contains("\"id\":8")
                .contains("\"distance\":0");
        assertThat(out("export", golden, table).lines()).hasSize(57);
        assertThat(out("head", golden, table)).contains("…]");
    }
}
