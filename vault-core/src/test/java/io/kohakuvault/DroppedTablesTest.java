package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of the tables behind a table of documents or vectors is dropped under a handle. */
class DroppedTablesTest {
    @TempDir
    Path folder;

    /** A few and so many that they are searched in the mapped file. */
    @ParameterizedTest
    @ValueSource(ints = {1, 200})
    void aHandleOfVectorsNamesWhatIsMissing(int vectors) throws Exception {
        List<String> tables = List.of("_values", "_chunks", "_rowids", "_vector_chunks00", "_metadatachunks00");
        Path file = folder.resolve("a.db");
        float[] one = new float[2048];
        try (Vault vault = Vault.open(file)) {
            for (String table : tables) {
                VectorKVault made = vault.vectors("v" + table, VectorOptions.l2(2048));
                vault.transact(() -> IntStream.range(0, vectors).forEach(i -> made.insert(one, i)));
                assertThat(made.search(one, 1)).hasSize(1);
            }
        }
        for (String table : tables) {
            try (Vault vault = Vault.open(file)) {
                VectorKVault dropped = vault.vectors("v" + table);
                assertThat(dropped.search(one, 1)).hasSize(1);
                TestSql.run(file, "DROP TABLE v" + table + table);
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        () -> dropped.search(one, 1),
                        () -> dropped.insert(one, 1),
                        () -> dropped.put(one, 1),
                        () -> dropped.delete(1),
                        () -> dropped.clear())) {
                    assertThatThrownBy(call)
                            .isInstanceOf(VaultFormatException.class)
                            .hasMessageContaining("table of vectors v" + table)
                            .hasMessageContaining("v" + table + table);
                }
                vault.kv("kv").putValue("after", 1);
            }
        }
    }

    /** FTS5 reads the texts for what is found alone: the query has no part in their being gone. */
    @Test
    void textsThatAreGoneAreNotTheQuerysFault() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            vault.text("docs").insert("hello there", 1);
        }
        TestSql.run(file, "PRAGMA writable_schema = 1", "DELETE FROM sqlite_master WHERE name = 'docs_content'");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            assertThatThrownBy(() -> docs.search("hello", 5))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("docs_content");
            assertThatThrownBy(() -> docs.search(TextQuery.all("hello").withSnippets(3), 5))
                    .isInstanceOf(VaultException.class);
        }
    }
}
