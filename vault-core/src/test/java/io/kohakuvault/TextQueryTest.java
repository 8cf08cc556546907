package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class TextQueryTest {
    private static final int LONGEST_MESSAGE = 800;

    @TempDir
    Path folder;

    private static String words(int different, int all) {
        return IntStream.range(0, all).mapToObj(i -> "w" + i % different).collect(Collectors.joining(" "));
    }

    @Test
    void userTextIsQuotedAndWordsCountOnce() {
        TextQuery all = TextQuery.all(" say \"NEAR(a b)\"  OR say* ");
        assertThat(all.words()).containsExactly("say", "\"NEAR(a", "b)\"", "OR", "say*");
        assertThat(all.expression()).isEqualTo("\"say\" \"\"\"NEAR(a\" \"b)\"\"\" \"OR\" \"say*\"");
        assertThat(TextQuery.any("a b a").expression()).isEqualTo("\"a\" OR \"b\"");
        assertThat(TextQuery.phrase("a \"b").expression()).isEqualTo("\"a \"\"b\"");
        assertThat(TextQuery.phrase(" ").expression()).isEmpty();
        assertThat(TextQuery.all(" \u3000 ").expression()).isEmpty();
        assertThat(TextQuery.any("a").withSnippets(3))
                .isNotEqualTo(TextQuery.any("a"))
                .isEqualTo(TextQuery.any("a").withSnippets(3));
        assertThat(TextQuery.any("a")).hasSameHashCodeAs(TextQuery.any(" a "));
        assertThat(TextQuery.any("a").mode()).isEqualTo(TextQuery.Mode.ANY);
    }

    @Test
    void whatUtf8OrSqliteWouldChangeIsRefused() {
        for (String bad : List.of("cup\0 AND nonsense", "\0", "a \uD800 b", "\uDC00")) {
            assertThatThrownBy(() -> TextQuery.phrase(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TextQuery.all(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TextQuery.any(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> TextQuery.fts5(bad)).isInstanceOf(IllegalArgumentException.class);
            for (int mark = 0; mark < 3; mark++) {
                String[] marks = {"<", ">", "…"};
                marks[mark] = bad;
                assertThatThrownBy(() ->
                                Snippets.of(5).withMarks(marks[0], marks[1]).withEllipsis(marks[2]))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        String huge = "x".repeat(1_000_000) + "\0";
        assertThatThrownBy(() -> TextQuery.fts5(huge)).satisfies(TextQueryTest::isShort);
    }

    private static void isShort(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            assertThat(String.valueOf(t.getMessage())).hasSizeLessThan(LONGEST_MESSAGE);
        }
    }

    @Test
    @Timeout(60)
    void aPastedTextIsSearchedForByItsDifferentWords() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs");
            vault.transact(() -> {
                for (int i = 0; i < 20; i++) {
                    docs.insert("word w" + i + " text", i);
                }
                docs.insert(words(1_000, 1_000), "all");
            });
            assertThat(docs.search(TextQuery.all("word ".repeat(8_000)), 99)).hasSize(20);
            assertThat(docs.search(TextQuery.any("word ".repeat(500_000)), 99)).hasSize(20);
            assertThat(docs.search(TextQuery.all(words(1_000, 9_000)), 99).stream()
                            .map(TextHit::value))
                    .containsExactly(Optional.of("all"));
            assertThat(docs.search(TextQuery.any(words(TextQuery.MAX_WORDS, 9_000)), 99))
                    .hasSize(21);
        }
    }

    @Test
    void aLargerQueryIsRefusedAndItsSizeNamed() {
        assertThat(TextQuery.MAX_WORDS).isEqualTo(1024);
        String tooMany = words(TextQuery.MAX_WORDS + 1, 3_000);
        String tooLong = "x".repeat(TextQuery.MAX_CHARACTERS + 1);
        String fits = "x".repeat(TextQuery.MAX_CHARACTERS);
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            vault.text("docs").insert("some words", 1L);
            for (TextVault docs : List.of(vault.text("docs"), vault.text("missing"))) {
                for (TextQuery query : List.of(
                        TextQuery.all(tooMany),
                        TextQuery.any(tooMany),
                        TextQuery.fts5(
                                String.join(" OR ", tooMany.split(" ", 1026)).replaceAll(" (?=w\\d+ w).*", "")),
                        TextQuery.fts5("w ".repeat(1_025)))) {
                    assertThatThrownBy(() -> docs.search(query, 3))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContainingAll("1024", "1025")
                            .satisfies(TextQueryTest::isShort);
                }
                for (TextQuery query : List.of(
                        TextQuery.phrase(tooLong),
                        TextQuery.all(tooLong),
                        TextQuery.any(tooLong),
                        TextQuery.fts5(tooLong))) {
                    assertThatThrownBy(() -> docs.search(query, 3))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContainingAll("8192", "8193")
                            .satisfies(TextQueryTest::isShort);
                    assertThat(query.toString()).hasSizeLessThan(LONGEST_MESSAGE);
                }
                for (TextQuery query : List.of(
                        TextQuery.phrase(fits), TextQuery.all(fits), TextQuery.any(fits), TextQuery.fts5(fits))) {
                    assertThat(docs.search(query, 3)).isEmpty();
                }
            }
            vault.transact(() -> {
                vault.kv("kv").put("a", new byte[1]);
                assertThatThrownBy(() -> vault.text("docs").search(TextQuery.all(tooMany), 3))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> vault.text("docs").search(TextQuery.fts5("a AND"), 3))
                        .isInstanceOf(IllegalArgumentException.class);
            });
            assertThat(vault.kv("kv").exists("a")).isTrue();
        }
    }

    @Test
    void theLargestQueriesDoNotTakeForEver() {
        for (TextOptions.Tokenizer tokenizer : TextOptions.Tokenizer.values()) {
            try (Vault vault = Vault.open(folder.resolve(tokenizer + ".db"))) {
                TextVault docs = vault.text("docs", TextOptions.defaults().withTokenizer(tokenizer));
                String text = IntStream.range(0, 3_000)
                        .mapToObj(i -> Integer.toString(i, 36))
                        .collect(Collectors.joining(" "))
                        .substring(0, TextQuery.MAX_CHARACTERS);
                docs.insert(text, 1L);
                for (TextQuery query : List.of(
                        TextQuery.phrase(text),
                        TextQuery.fts5('"' + text.substring(2) + '"'),
                        TextQuery.all(text.replace(" ", "-")),
                        TextQuery.any(text.substring(0, 3_000)))) {
                    assertThat(Duration.ofSeconds(30))
                            .as("a bound that only what is quadratic passes")
                            .isGreaterThan(timeOf(
                                    () -> assertThat(docs.search(query, 3)).isNotNull()));
                }
                assertThat(docs.search(TextQuery.phrase(text), 3)).hasSize(1);
            }
        }
    }

    private static Duration timeOf(Runnable task) {
        long from = System.nanoTime();
        task.run();
        return Duration.ofNanos(System.nanoTime() - from);
    }

    @Test
    void whatFts5RefusesIsSaidBriefly() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs");
            docs.insert("some words", 1L);
            String longName = "n".repeat(8_000);
            for (String bad : List.of(
                    "a AND",
                    "\"open",
                    "nosuch : a",
                    longName + " : a",
                    "a ) b",
                    "* " + longName,
                    "((((".repeat(100_000))) {
                assertThatThrownBy(() -> docs.search(TextQuery.fts5(bad), 3))
                        .as(bad.substring(0, Math.min(20, bad.length())))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("docs")
                        .satisfies(TextQueryTest::isShort);
            }
            assertThatThrownBy(() -> docs.search(TextQuery.fts5("nosuch : a"), 3))
                    .hasMessageContaining("nosuch : a")
                    .hasMessageContaining("no such column");
            for (String special :
                    List.of("*reads", "*id 1", "*", "* reads")) { // would count FTS5's reads, not documents
                assertThatThrownBy(() -> docs.countMatches(TextQuery.fts5(special)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll("'" + special + "'", "begins with *");
                assertThatThrownBy(() -> docs.search(TextQuery.fts5(special).withSnippets(3), 3))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("begins with *");
            }
            assertThatThrownBy(() -> docs.search(TextQuery.fts5("nosuch : a"), 3))
                    .hasMessageNotContaining("missing database");
            assertThat(docs.search(TextQuery.fts5("content : words"), 3)).hasSize(1);
        }
    }

    @Test
    void aRankThatSomebodySetChangesNoScore() throws Exception {
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file)) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("a", "b"));
            for (int i = 0; i < 50; i++) {
                docs.insert(List.of(i % 3 == 0 ? "word" : "other", "word ".repeat(i % 7)), i);
            }
            List<TextHit> before = docs.search("word", 50);
            TestSql.run(file, "INSERT INTO docs (docs, rank) VALUES ('rank', 'bm25(0.1, 20.0)')");
            assertThat(docs.search("word", 50)).isEqualTo(before);
            for (int i = 1; i < before.size(); i++) {
                boolean same = before.get(i).score() == before.get(i - 1).score();
                assertThat(!same || before.get(i).id() > before.get(i - 1).id())
                        .as("documents of one score stand by their ids")
                        .isTrue();
            }
        }
    }
}
