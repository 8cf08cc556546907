package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of a query are what the table's tokenizer sees in them. */
class TextWordsTest {
    @TempDir
    Path folder;

    private static List<Long> ids(List<TextHit> hits) {
        return hits.stream().map(TextHit::id).toList();
    }

    @Test
    void wordsThatJavaTakesForSignsAreFound() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text("docs");
            long both = docs.insert("½ cup ② \uE000", 1L);
            docs.insert("one cup", 2L);
            for (String word : List.of("½", "②", "\uE000")) {
                assertThat(ids(docs.search(word, 5))).containsExactly(both);
                assertThat(ids(docs.search(TextQuery.all(word), 5))).containsExactly(both);
                assertThat(ids(docs.search(TextQuery.any(word), 5))).containsExactly(both);
                assertThat(ids(docs.search(TextQuery.all("-- cup ! " + word + " ?"), 5)))
                        .containsExactly(both);
            }
            assertThat(ids(docs.search(TextQuery.all("½\u3000cup\u00A0②\u2003\uE000"), 5)))
                    .as("words stand between spaces of any kind")
                    .containsExactly(both);
            assertThat(docs.search(TextQuery.all("-- ? !"), 5)).isEmpty();
            assertThat(docs.search(TextQuery.any("-- ? !"), 5)).isEmpty();
            assertThat(docs.search(TextQuery.any("-- cup ?"), 5)).hasSize(2);
        }
    }

    @Test
    void wordsThatAreTooShortForTrigramsAreLookedForInTheTexts() {
        try (Vault vault = Vault.open(folder.resolve("a.db"))) {
            TextVault docs = vault.text(
                    "docs",
                    TextOptions.defaults().withColumns("title", "body").withTokenizer(TextOptions.Tokenizer.TRIGRAM));
            long hat = docs.insert(List.of("a story", "The cat IN the hat"), 1L);
            long split = docs.insert(List.of("in a title", "cat, hat"), 2L);
            long without = docs.insert(List.of("no", "cat on the hat"), 3L);
            long chinese = docs.insert(List.of("", "用户 身份 中文全文检索"), 4L);
            long users = docs.insert(List.of("用户", ""), 5L);
            assertThat(ids(docs.search(TextQuery.all("cat in hat"), 9))).containsExactlyInAnyOrder(hat, split);
            assertThat(ids(docs.search(TextQuery.all("cat in hat"), 1))).hasSize(1);
            assertThat(ids(docs.search(TextQuery.all("cat hat"), 9))).containsExactlyInAnyOrder(hat, split, without);
            assertThat(docs.search(TextQuery.all("cat xy hat"), 9)).isEmpty();
            assertThat(ids(docs.search(TextQuery.all("用户 中文全文"), 9))).containsExactly(chinese);
            assertThat(ids(docs.search(TextQuery.all("用户"), 9))).containsExactly(chinese, users);
            assertThat(ids(docs.search(TextQuery.all("用户"), 1))).containsExactly(chinese);
            assertThat(ids(docs.search(TextQuery.any("用户 hat"), 9))).hasSize(5).endsWith(chinese, users);
            assertThat(ids(docs.search(TextQuery.any("用户 hat"), 3))).doesNotContain(chinese, users);
            assertThat(ids(docs.search(TextQuery.any("身份 zzz"), 9))).containsExactly(chinese);
            TextHit alone = docs.search(TextQuery.all("用户").withSnippets(3), 1).get(0);
            assertThat(alone.score()).isZero();
            assertThat(alone.value()).contains(4L);
            assertThat(alone.snippet()).isPresent();
            assertThat(docs.search(
                                    TextQuery.all("in hat")
                                            .withSnippets(Snippets.of(64)
                                                    .withColumn(1)
                                                    .withMarks("<", ">")
                                                    .withEllipsis("…")),
                                    9)
                            .get(0)
                            .snippet()
                            .orElseThrow())
                    .contains("<hat>");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unicode61",
                "unicode61 tokenchars '-.+'",
                "unicode61 separators 'xö½'",
                "unicode61 categories 'L* N* Co So'",
                "unicode61 remove_diacritics 0",
                "porter",
                "porter ascii separators a",
                "ascii tokenchars '-'",
                "trigram",
                "trigram case_sensitive 1",
                "trigram remove_diacritics 1"
            })
    void allAndAnyFindWhatFts5FindsOfEachWord(String tokenizer) throws Exception {
        long seed = 20;
        Random random = new Random(seed);
        Path file = folder.resolve("a.db");
        try (Vault vault = Vault.open(file);
                Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Oracle oracle = new Oracle(sql, tokenizer)) {
            TextVault docs = vault.text("docs");
            for (int i = 0; i < 120; i++) {
                oracle.add(docs, text(random, random.nextInt(9)), text(random, random.nextInt(4)));
            }
            int found = 0;
            for (int i = 0; i < 400; i++) {
                String query = text(random, 1 + random.nextInt(4));
                Set<Long> all = null;
                Set<Long> any = new TreeSet<>();
                for (String word : new LinkedHashSet<>(List.of(query.split("[ \u3000]+")))) {
                    if (oracle.isSeen(word)) {
                        Set<Long> hits = oracle.documentsWith(word);
                        any.addAll(hits);
                        all = all == null ? new TreeSet<>(hits) : all;
                        all.retainAll(hits);
                    }
                }
                check(docs.search(TextQuery.all(query), 1_000), all == null ? Set.of() : all, query, seed);
                check(docs.search(TextQuery.any(query), 1_000), any, query, seed);
                found += any.size();
            }
            assertThat(found).isGreaterThan(400);
        }
    }

    private static void check(List<TextHit> hits, Set<Long> expected, String query, long seed) {
        assertThat(ids(hits)).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(ids(hits))).as("%s, seed %d", query, seed).isEqualTo(new TreeSet<>(expected));
        for (int i = 1; i < hits.size(); i++) {
            assertThat(hits.get(i).score()).isLessThanOrEqualTo(hits.get(i - 1).score());
        }
    }

    private static final String[] PIECES = {
        "cat", "Cat", "in", "IN", "hat", "running", "runs", "ran", "a", "A", "x", "xx", "é", "É", "ö", "ÖL", "e\u0301",
        "½", "②", "\uE000", "☃", "用户", "用", "中文全文", "检索", "--", "-", "?!", "C++", "a-b", "it's", "\"", "\"q\"", "*",
        "3.14", "𝒳y", "AND", "(", "^a", "caté", "ß", "ı"
    };

    private static String text(Random random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(i == 0 || random.nextInt(6) == 0 ? "" : random.nextInt(5) == 0 ? "\u3000" : " ");
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    /**
     * What FTS5 itself says of single words, each asked for as a phrase. In trigrams a word of one or two characters is
     * not asked for: it is in a text when it is in one of the tokens of that text between signs that no text has, which
     * make every character of it a part of a token.
     */
    private static final class Oracle implements AutoCloseable {
        private static final String PAD = "\u2620\u2620";
        private final boolean trigram;
        private final Connection sql;
        private final Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");

        Oracle(Connection sql, String tokenizer) throws SQLException {
            this.sql = sql;
            this.trigram = tokenizer.startsWith("trigram");
            String option = ", tokenize = \"" + tokenizer + "\")";
            try (Statement s = sql.createStatement();
                    Statement m = memory.createStatement()) {
                s.execute("CREATE VIRTUAL TABLE docs USING fts5(a, b, value_ref UNINDEXED" + option);
                s.execute("CREATE TABLE docs_values (id INTEGER PRIMARY KEY AUTOINCREMENT, value BLOB NOT NULL)");
                m.execute("CREATE VIRTUAL TABLE word USING fts5(x" + option);
                m.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab(word, instance)");
                m.execute("CREATE VIRTUAL TABLE padded USING fts5(x" + option);
                m.execute("CREATE VIRTUAL TABLE padded_tokens USING fts5vocab(padded, instance)");
            }
        }

        void add(TextVault docs, String a, String b) throws SQLException {
            long id = docs.insert(List.of(a, b), null);
            run(memory, "INSERT INTO padded (rowid, x) VALUES (" + id + ", ?)", PAD + a + PAD + "\n" + PAD + b + PAD);
        }

        private static void run(Connection on, String statement, String text) throws SQLException {
            try (PreparedStatement p = on.prepareStatement(statement)) {
                p.setString(1, text);
                p.execute();
            }
        }

        private static List<String> ask(Connection on, String query, String... args) throws SQLException {
            try (PreparedStatement p = on.prepareStatement(query)) {
                for (int i = 0; i < args.length; i++) {
                    p.setString(i + 1, args[i]);
                }
                List<String> answers = new ArrayList<>();
                try (ResultSet rows = p.executeQuery()) {
                    while (rows.next()) {
                        answers.add(rows.getString(1));
                    }
                }
                return answers;
            }
        }

        private List<String> tokens(String text) throws SQLException {
            try (Statement s = memory.createStatement()) {
                s.execute("DELETE FROM word");
            }
            run(memory, "INSERT INTO word (x) VALUES (?)", text);
            return ask(memory, "SELECT term FROM tokens ORDER BY offset");
        }

        boolean isSeen(String word) throws SQLException {
            return trigram
                    ? !foldedShort(word).isEmpty() || !tokens(word).isEmpty()
                    : !tokens(word).isEmpty();
        }

        private String foldedShort(String word) throws SQLException {
            List<String> tokens = tokens(word + PAD);
            return tokens.isEmpty() ? "" : tokens.get(0).replace("\u2620", "");
        }

        Set<Long> documentsWith(String word) throws SQLException {
            Set<Long> ids = new TreeSet<>();
            List<String> found = trigram && tokens(word).isEmpty()
                    ? ask(memory, "SELECT DISTINCT doc FROM padded_tokens WHERE instr(term, ?) > 0", foldedShort(word))
                    : ask(sql, "SELECT rowid FROM docs WHERE docs MATCH ?", '"' + word.replace("\"", "\"\"") + '"');
            found.forEach(id -> ids.add(Long.valueOf(id)));
            return ids;
        }

        @Override
        public void close() throws SQLException {
            memory.close();
        }
    }
}
