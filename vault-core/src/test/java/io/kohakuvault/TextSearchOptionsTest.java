package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.text.TextVault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query may say beside its words, and what a tokenizer may be told. */
class TextSearchOptionsTest {
    @TempDir
    Path folder;

    private Vault vault() {
        return Vault.open(folder.resolve("a.db"));
    }

    private static List<Long> ids(List<TextHit> hits) {
        return hits.stream().map(TextHit::id).toList();
    }

    @Test
    void columnsWeightsAndTexts() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("title", "body", "odd"));
            long inTitle = docs.insert(List.of("apple", "something else entirely", "x"), "t");
            long inBody = docs.insert(List.of("something", "apple apple apple", "apple"), "b");
            assertThat(ids(docs.search(TextQuery.all("apple").withColumns("TITLE"), 9)))
                    .containsExactly(inTitle);
            assertThat(ids(docs.search(TextQuery.all("apple").withColumns("body", "odd"), 9)))
                    .containsExactly(inBody);
            assertThat(ids(docs.search(TextQuery.fts5("apple OR else").withColumns("body"), 9)))
                    .containsExactlyInAnyOrder(inTitle, inBody);
            assertThat(docs.countMatches(TextQuery.any("apple else").withColumns("title")))
                    .isEqualTo(1);
            assertThatThrownBy(() -> docs.search(TextQuery.all("apple").withColumns("missing"), 9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("missing")
                    .hasMessageContaining("[title, body");
            assertThat(ids(docs.search(TextQuery.all("apple").withWeights(100, 1, 1), 9)))
                    .containsExactly(inTitle, inBody);
            assertThat(ids(docs.search(TextQuery.all("apple").withWeights(0.01, 1, 1), 9)))
                    .containsExactly(inBody, inTitle);
            assertThatThrownBy(() -> docs.search(TextQuery.all("apple").withWeights(1), 9))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 weights");
            assertThatThrownBy(() -> TextQuery.all("a").withWeights(-1)).hasMessageContaining("-1");
            TextHit hit = docs.search(TextQuery.all("entirely").withTexts(), 1).get(0);
            assertThat(hit.texts()).containsExactly("apple", "something else entirely", "x");
            assertThat(docs.search(TextQuery.all("entirely"), 1).get(0).texts()).isEmpty();
        }
    }

    @Test
    void pagesFitTogether() {
        Random random = new Random(3);
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            vault.transact(() -> {
                for (int i = 0; i < 500; i++) {
                    docs.insert("word " + "word ".repeat(random.nextInt(4)) + i % 7, "value " + i % 5);
                }
            });
            try (Snapshot snapshot = vault.snapshot()) {
                TextReader reader = snapshot.text("docs");
                for (TextQuery query : List.of(
                        TextQuery.all("word"),
                        TextQuery.any("word 3").withValues(value -> value.equals(Optional.of("value 2"))))) {
                    List<Long> all = ids(reader.search(query, 1000));
                    List<Long> paged = new ArrayList<>();
                    for (int from = 0; from < all.size() + 40; from += 40) {
                        paged.addAll(ids(reader.search(query.withOffset(from), 40)));
                    }
                    assertThat(paged).isEqualTo(all);
                    assertThat(reader.countMatches(query.withOffset(7))).isEqualTo(all.size());
                }
                assertThat(reader.search(TextQuery.all("word").withOffset(Integer.MAX_VALUE), Integer.MAX_VALUE))
                        .isEmpty();
            }
            assertThat(docs.search(
                            TextQuery.all("word").withValues(value -> value.equals(Optional.of("value 4"))), 200))
                    .hasSize(100)
                    .allSatisfy(hit -> assertThat(hit.value()).contains("value 4"));
            assertThatThrownBy(() -> TextQuery.all("a").withOffset(-1)).hasMessageContaining("-1");
            assertThat(docs.exists(1)).isTrue();
            assertThat(docs.exists(501)).isFalse();
        }
    }

    @Test
    void beginningsOfTheLastWord() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withPrefixes(2, 3));
            long id = docs.insert("Machine learning is fun", 1);
            docs.insert("a machine that learns nothing", 2);
            assertThat(ids(docs.search(TextQuery.prefix("machine learni"), 9))).containsExactly(id);
            assertThat(docs.search(TextQuery.prefix("mach"), 9)).hasSize(2);
            assertThat(docs.search(TextQuery.prefix("machin lear"), 9)).isEmpty(); // only the last
            assertThat(docs.search(TextQuery.prefix(" \" lear"), 9)).hasSize(2);
            assertThat(docs.search(TextQuery.prefix(""), 9)).isEmpty();
            assertThat(docs.search(TextQuery.prefix("a OR b* {c"), 9)).isEmpty();
            TextVault trigrams = vault.text("tri", TextOptions.defaults().withTokenizer(TextOptions.Tokenizer.TRIGRAM));
            trigrams.insert("東京都に住む", 1);
            assertThat(trigrams.search(TextQuery.prefix("東"), 9)).hasSize(1);
            assertThat(trigrams.search(TextQuery.prefix("東京都に"), 9)).hasSize(1);
            assertThatThrownBy(() -> TextOptions.defaults().withPrefixes(0)).hasMessageContaining("1 to 999");
            int[] lengths = IntStream.rangeClosed(1, 32).toArray();
            assertThatThrownBy(() -> TextOptions.defaults().withPrefixes(lengths))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 31");
            TextOptions most = TextOptions.defaults().withPrefixes(Arrays.copyOf(lengths, 31));
            assertThat(vault.text("most", most).insert("machine", 1)).isEqualTo(1);
        }
    }

    /** Words of two characters and of one are found by the query that one writes first. */
    @ParameterizedTest
    @CsvSource({"我住在北京市, 北京, 上海", "機械学習の入門, 学習, 学校", "머신 러닝 입문, 러닝, 런닝", "人工知能, 能, 脳"})
    void wordsOfTwoCharactersInTextWithoutSpaces(String text, String found, String missing) {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withTokenizer(TextOptions.Tokenizer.TRIGRAM));
            docs.insert("something else", 0);
            long id = docs.insert(text, 1);
            for (TextQuery query : List.of(
                    TextQuery.phrase(found), TextQuery.all(found), TextQuery.any(found), TextQuery.prefix(found))) {
                assertThat(ids(docs.search(query, 5))).as("%s", query).containsExactly(id);
                assertThat(docs.countMatches(query)).isEqualTo(1);
            }
            assertThat(docs.search(missing, 5)).isEmpty();
        }
    }

    @Test
    void snippetsOfTheBestColumnOfWholeTextsAndForHtml() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("title", "body"));
            docs.insert(List.of("Nothing", "if (a < b && \"c\" > 'd') x.stop();"), 1);
            docs.insert(List.of("Stop \uFDD0 signs \uFDD1 \uFDD0", "all about them"), 2);
            TextQuery stop = TextQuery.all("stop");
            assertThat(docs.search(stop.withSnippets(Snippets.of(20).withBestColumn()), 9))
                    .extracting(hit -> hit.snippet().orElseThrow())
                    .containsExactlyInAnyOrder(
                            "if (a < b && \"c\" > 'd') x.**stop**();", "**Stop** \uFDD0 signs \uFDD1 \uFDD0");
            Snippets html = Snippets.whole().withMarks("<b>", "</b>").withHtml();
            assertThat(docs.search(stop.withSnippets(html.withColumn(1)), 9))
                    .extracting(hit -> hit.snippet().orElseThrow())
                    .containsExactlyInAnyOrder(
                            "if (a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39;) x.<b>stop</b>();",
                            "all about them");
            assertThat(docs.search(stop.withSnippets(html), 9))
                    .extracting(hit -> hit.snippet().orElseThrow())
                    .contains("<b>Stop</b> <b> signs </b> <b></b>"); // odd, but closed
            assertThat(docs.search(
                            stop.withSnippets(Snippets.of(2).withBestColumn().withHtml()), 9))
                    .allSatisfy(hit -> assertThat(hit.snippet().orElseThrow()).contains("**", "…"));
            assertThatThrownBy(() -> Snippets.whole().withBestColumn()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Snippets.of(65)).hasMessageContaining("1 to 64");
        }
    }

    @Test
    void tokenizersTakeTheirSettings() {
        try (Vault vault = vault()) {
            TextOptions codes = TextOptions.defaults()
                    .withTokenizer(
                            TextOptions.Tokenizer.UNICODE61,
                            Map.of("tokenchars", "-_'\"", "separators", "x", "remove_diacritics", "0"));
            TextVault docs = vault.text("codes", codes);
            docs.insert("error E-42_b isn't caféxbar", 1);
            assertThat(docs.search("e-42_b", 9)).hasSize(1);
            assertThat(docs.search("42", 9)).isEmpty();
            assertThat(docs.search("isn't", 9)).hasSize(1);
            assertThat(docs.search("isn", 9)).isEmpty();
            assertThat(docs.search("café", 9)).hasSize(1);
            assertThat(docs.search("cafe", 9)).isEmpty();
            assertThat(vault.text("codes", codes).count()).isEqualTo(1);
            assertThat(vault.text("codes").search("E-42_B", 9)).hasSize(1);
            assertThatThrownBy(() -> vault.text("codes", TextOptions.defaults()).count())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tokenchars");
            TextOptions exact =
                    TextOptions.defaults().withTokenizer(TextOptions.Tokenizer.TRIGRAM, Map.of("case_sensitive", "1"));
            TextVault trigrams = vault.text("exact", exact);
            assertThat(trigrams.tokenizer()).isEqualTo("trigram case_sensitive '1'");
            assertThat(vault.text("none_yet").tokenizer()).isEqualTo("unicode61");
            trigrams.insert("KafkaConsumer", 1);
            assertThat(trigrams.search("kaCon", 9)).hasSize(1);
            assertThat(trigrams.search("kacon", 9)).isEmpty();
            TextOptions.Tokenizer porter = TextOptions.Tokenizer.PORTER;
            TextVault stems =
                    vault.text("stems", TextOptions.defaults().withTokenizer(porter, Map.of("tokenchars", "#")));
            stems.insert("running c#", 1);
            assertThat(stems.search("run c#", 9)).hasSize(1);
            assertThat(vault.text("stems").tokenizer()).isEqualTo("porter unicode61 tokenchars '#'");
            assertThatThrownBy(() -> TextOptions.defaults().withTokenizer(porter, Map.of("nothing", "1")))
                    .hasMessageContaining("nothing")
                    .hasMessageContaining("tokenchars");
            assertThatThrownBy(() -> TextOptions.defaults().withTokenizer(porter, Map.of("remove_diacritics", "3")))
                    .hasMessageContaining("'3'");
            assertThatThrownBy(() -> TextOptions.defaults()
                            .withTokenizer(porter, Map.of("categories", "L*'); DROP TABLE x; --")))
                    .hasMessageContaining("categories");
        }
    }

    @Test
    void theLastWordIsABeginningAlsoWhereItCameBefore() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs");
            docs.insert("the category", 1);
            long right = docs.insert("there is a cat and the dog", 2);
            assertThat(ids(docs.search(TextQuery.prefix("the cat th"), 9))).containsExactly(right);
            assertThat(ids(docs.search(TextQuery.prefix("the cat the"), 9))).containsExactly(right);
            assertThat(TextQuery.prefix("the cat the").words()).containsExactly("the", "cat", "the");
            assertThat(ids(docs.search(TextQuery.prefix("the the"), 9))).hasSize(2);
        }
    }

    @Test
    void anExpressionStaysInItsColumns() {
        try (Vault vault = vault()) {
            TextVault docs = vault.text("docs", TextOptions.defaults().withColumns("title", "secret"));
            docs.insert(List.of("hello (you", "password"), 1);
            for (String escaping : List.of("nothing) OR (password", "nothing) OR password OR (x", "\") OR (password")) {
                assertThatThrownBy(() -> docs.search(TextQuery.fts5(escaping).withColumns("title"), 3))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("parentheses");
            }
            assertThat(docs.search(TextQuery.fts5("\"hello (you\" OR (x)").withColumns("title"), 3))
                    .hasSize(1);
            assertThat(docs.search(TextQuery.fts5("password").withColumns("title"), 3))
                    .isEmpty();
        }
    }

    @Test
    void settingsThatFts5DoesNotHaveAreRefusedBeforeATableIsMade() {
        TextOptions.Tokenizer words = TextOptions.Tokenizer.UNICODE61;
        assertThatThrownBy(() -> TextOptions.defaults().withTokenizer(words, Map.of("categories", "Lx")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Lx'");
        assertThatThrownBy(() -> TextOptions.defaults().withTokenizer(words, Map.of("tokenchars", "\uD800")))
                .isInstanceOf(IllegalArgumentException.class);
        try (Vault vault = vault()) {
            TextOptions marks = TextOptions.defaults().withTokenizer(words, Map.of("categories", "L* N* Co Mn"));
            vault.text("docs", marks).insert("one two", 1);
            assertThat(vault.text("docs", marks).search("two", 3)).hasSize(1);
        }
    }
}
