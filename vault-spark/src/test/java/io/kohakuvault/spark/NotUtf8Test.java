package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark takes any bytes for a text; a vault does not, and no value becomes another on its way. */
class NotUtf8Test {
    private static final int ROWS = 20_000;

    @TempDir
    Path folder;

    private static void write(Dataset<Row> rows, String types, Path to) {
        rows.write()
                .format("kohakuvault")
                .option("table", "t")
                .option("columnTypes", types)
                .save(to.toString());
    }

    @ParameterizedTest
    @CsvSource({"s < CAST(X'FF' AS STRING), 20000", "s <= CAST(X'F8' AS STRING), 20000", "s > CAST(X'FF' AS STRING), 0"
    })
    void bytesAreComparedAsWhatTheyAre(String condition, long expected) {
        Path file = folder.resolve("v.db");
        try (Vault vault = Vault.open(file, VaultOptions.defaults().withGuardNewFiles(true))) {
            vault.tables()
                    .ensure("t", s -> s.column("s", DType.STR))
                    .appendColumns(columns -> columns.set("s", Collections.nCopies(ROWS, "\uD83D\uDE00")));
        }
        assertThat(Local.read("t", file).where(condition).count()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CAST(X'61FF' AS STRING) AS s",
                "ARRAY('a', CAST(X'C3' AS STRING)) AS s",
                "NAMED_STRUCT('x', CAST(X'EDA080' AS STRING)) AS s"
            })
    void textsThatAreNoneAreRefused(String column) {
        Path to = folder.resolve("to");
        assertThatThrownBy(() -> write(Local.spark().sql("SELECT 1 AS id, " + column), "", to))
                .satisfies(e -> assertThat(Local.messages(e)).contains("column 's': a text is not UTF-8"));
        assertThat(folder).isDirectoryNotContaining(path -> Files.isRegularFile(path));
    }

    /** The folder's name is all that is kept of it: what has no name would be in the folder of others. */
    @ParameterizedTest
    @ValueSource(strings = {"CAST(X'61FF' AS STRING) AS s", "X'61FE' AS s"})
    void foldersAreNamedByTextsAlone(String column) {
        Path to = folder.resolve("to");
        assertThatThrownBy(() -> Local.spark()
                        .sql("SELECT 1 AS id, " + column)
                        .write()
                        .format("kohakuvault")
                        .option("table", "t")
                        .partitionBy("s")
                        .save(to.toString()))
                .satisfies(e -> assertThat(Local.messages(e)).contains("column 's': a text is not UTF-8"));
    }

    @Test
    void theCharacterThatStandsForSuchBytesIsAText() {
        Path to = folder.resolve("to");
        write(Local.spark().sql("SELECT 'a\uFFFDb' AS s"), "", to);
        assertThat(Local.read("t", to).first().getString(0)).isEqualTo("a\uFFFDb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "18446744073709551616"})
    void numbersBeyond64BitsAreRefusedInVectorsToo(String number) {
        Dataset<Row> rows = Local.spark().sql("SELECT ARRAY(CAST(" + number + " AS DECIMAL(20, 0))) AS v");
        assertThatThrownBy(() -> write(rows, "v vec:u64:1", folder.resolve("to")))
                .satisfies(
                        e -> assertThat(Local.messages(e)).contains("column 'v' (vec:u64:1) does not hold " + number));
    }
}
