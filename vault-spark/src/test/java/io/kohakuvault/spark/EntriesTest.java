package io.kohakuvault.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.text.TextOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key-values and documents. */
class EntriesTest {
    @TempDir
    Path folder;

    private Dataset<Row> read(String kind, String name) {
        return Local.spark()
                .read()
                .format("kohakuvault")
                .option("kind", kind)
                .option("table", name)
                .load(folder.toString());
    }

    @Test
    void keyValuesOfManyFiles() {
        for (int file = 0; file < 3; file++) {
            try (Vault vault = Vault.open(folder.resolve("f" + file + ".db"))) {
                for (int i = 0; i < 100; i++) {
                    vault.kv("media").put("key" + file + "/" + i, ("v" + i).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(read("kv", "media").schema().simpleString()).isEqualTo("struct<key:binary,value:binary>");
        assertThat(read("kv", "media").count()).isEqualTo(300);
        assertThat(read("kv", "media")
                        .selectExpr("string(key) AS k", "string(value)")
                        .where("k = 'key1/42'")
                        .first()
                        .toString())
                .isEqualTo("[key1/42,v42]");
        assertThatThrownBy(() -> read("kv", "other"))
                .hasMessageContaining("f0.db: there are no key-values 'other'")
                .hasMessageContaining("there are [media]");
    }

    @Test
    void documentsOfManyFiles() {
        for (int file = 0; file < 2; file++) {
            try (Vault vault = Vault.open(folder.resolve("f" + file + ".db"))) {
                vault.text("docs", TextOptions.defaults().withColumns("title", "body"))
                        .insert(List.of("Title " + file, "a body"), Map.of("n", file));
            }
        }
        assertThat(read("text", "docs").orderBy("title").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1,Title 0,a body,{\"n\":0}]", "[1,Title 1,a body,{\"n\":1}]");
        try (Vault vault = Vault.open(folder.resolve("g.db"))) {
            vault.text("docs").insert("one column", null);
        }
        assertThatThrownBy(() -> read("text", "docs"))
                .hasMessageContaining("f1.db have the columns [title, body]")
                .hasMessageContaining("g.db [content]");
    }
}
