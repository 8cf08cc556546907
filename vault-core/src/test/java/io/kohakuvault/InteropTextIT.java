package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real KohakuVault writes documents between ours. */
@Tag("interop")
class InteropTextIT {
    @TempDir
    Path folder;

    private Path file;
    private Path python;

    /** Runs lines of Python with {@code t}, the table; the last one prints. */
    private String kohaku(String table, String columns, String script) throws Exception {
        String code = "from kohakuvault import TextVault\n" + "t = TextVault('" + file + "', table='" + table
                + "', columns=" + columns + ")\n" + script + "\n";
        return RealKohakuVault.run(python.toString(), "-c", code).strip();
    }

    @Test
    void idsRiseWhoeverInsertsInBetween() throws Exception {
        python = RealKohakuVault.python();
        file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs");
            long first = docs.insert("java one", "j1");
            assertThat(docs.delete(docs.insert("java two", "j2"))).isTrue();
            String id = kohaku("docs", "['content']", "print(t.insert('python one', 'p1'), t.get_by_id(1))");
            assertThat(id).as("KohakuVault gives the last id again").isEqualTo("2 ('java one', 'j1')");
            long third = docs.insert("java three", "j3");
            assertThat(third).isGreaterThan(3);
            assertThat(kohaku(
                            "docs",
                            "['content']",
                            "i = t.insert('python two', 'p2')\nprint(i, t.get_by_id(" + third + "), t.get_by_id(i))"))
                    .isEqualTo(third + 1 + " ('java three', 'j3') ('python two', 'p2')");
            assertThat(docs.delete(third + 1)).isTrue();
            assertThat(docs.insert("java four", "j4")).isGreaterThan(third + 1);
            assertThat(docs.find(2).orElseThrow().value()).contains("p1");
            assertThat(docs.search("python", 9).stream().map(TextHit::value)).containsExactly(Optional.of("p1"));
            kohaku("docs", "['content']", "t.update(" + first + ", 'changed text', 'new value')\nt.delete(2)");
            assertThat(docs.find(first).orElseThrow().texts()).containsExactly("changed text");
            kohaku("docs", "['content']", "t.clear()");
            assertThat(docs.insert("java five", "j5")).isGreaterThan(third + 2);
        }
        try (Vault vault = Vault.open(file)) {
            assertThat(vault.maintenance().verify(Progress.none()).findings()).isEmpty();
        }
    }

    @Test
    void tablesOfEitherSideAreOpenedByTheOther() throws Exception {
        python = RealKohakuVault.python();
        file = folder.resolve("b.db");
        try (Vault vault = Vault.open(file)) {
            kohaku("made", "['title', 'body']", "t.insert({'title': 'T', 'body': 'B b'}, 1)");
            TextVault made = vault.text("made");
            assertThat(made.columns()).containsExactly("title", "body");
            assertThat(made.find(1).orElseThrow().texts()).containsExactly("T", "B b");
            made.insert(List.of("U", "C"), "u");
            TextOptions trigram = TextOptions.defaults().withTokenizer(TextOptions.Tokenizer.TRIGRAM);
            vault.text("tri", trigram).insert("the cat in the hat", "v");
            assertThat(kohaku("tri", "['content']", "t.insert('a cat on a mat', 'w')\nprint(t.count())"))
                    .isEqualTo("2");
            assertThat(vault.text("tri").search(TextQuery.all("cat in"), 9).stream()
                            .map(TextHit::value))
                    .containsExactly(Optional.of("v"));
        }
    }
}
