package io.kohakuvault.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Vault;
import io.kohakuvault.search.HybridQuery;
import io.kohakuvault.search.HybridSearch;
import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextOptions;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextVault;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What searches find, as people see it. */
class HitsTest {
    @TempDir
    Path folder;

    private Vault vault;
    private TextVault docs;
    private VectorKVault vectors;

    @BeforeEach
    void fill() {
        vault = Vault.open(folder.resolve("search.db"));
        docs = vault.text("docs");
        vectors = vault.vectors("vectors", VectorOptions.l2(2));
        docs.insert("the offsets <b>are</b> committed, 2**3**4", "first");
        docs.insert("nothing about that", "second");
        vectors.insert(new float[] {0, 0}, "first");
        vectors.insert(new float[] {3, 4}, "second");
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void whatWasFoundIsMarkedInItsText() {
        View view = Show.search(docs, TextQuery.any("offsets"), 5);
        assertThat(view.html())
                .contains("<mark>offsets</mark> &lt;b&gt;are&lt;/b&gt;")
                .contains("2**3**4") // stars of the text are no marks
                .contains("first");
        assertThat(view.text()).contains("**offsets**").contains("[first]");
    }

    /** A token of theirs is one character further: 24 of them would be 26 characters. */
    @Test
    void ofTrigramsNoLessIsShown() {
        TextVault parts = vault.text("parts", TextOptions.defaults().withTokenizer(TextOptions.Tokenizer.TRIGRAM));
        parts.insert("0123456789 ".repeat(9) + "needle" + " 0123456789".repeat(9), "v");
        assertThat(Show.search(parts, TextQuery.all("needle"), 1).text()).containsPattern("(0123456789 ?){2}.*needle");
        HybridQuery query = HybridQuery.of(TextQuery.all("needle"), VectorQuery.of(3, 4));
        assertThat(Show.search(HybridSearch.of(parts, vectors), query, 1).text())
                .containsPattern("(0123456789 ?){2}.*needle");
    }

    @Test
    void hitsWithTheUsualMarksAreMarkedToo() {
        View view = Show.hits("", docs.search(TextQuery.any("committed").withSnippets(8), 5));
        assertThat(view.html()).contains("<mark>committed</mark>");
        assertThat(Show.hits(
                                "",
                                docs.search(
                                        TextQuery.any("committed")
                                                .withSnippets(Snippets.of(8).withHtml()),
                                        5))
                        .html())
                .doesNotContain("<b>");
    }

    @Test
    void hitsWithoutSnippetsShowTheirValues() {
        assertThat(Show.of(docs.search("offsets", 5)).html()).contains("first").doesNotContain("<th>text</th>");
    }

    @Test
    void theFarthestVectorHasTheLongestBar() {
        View view = Show.of(vectors.search(new float[] {0, 0}, 2));
        assertThat(view.html())
                .contains("0.0000<br><span class=\"kv-b\" style=\"width:0.0em\">")
                .contains("5.0000<br><span class=\"kv-b\" style=\"width:8.0em\">")
                .contains("shorter is nearer");
        assertThat(view.text()).contains("▇▇▇▇▇▇▇▇▇▇");
    }

    @Test
    void hybridHitsShowBothRanks() {
        HybridQuery query = HybridQuery.of(TextQuery.any("offsets"), VectorQuery.of(3, 4));
        View view = Show.search(HybridSearch.of(docs, vectors), query, 5);
        assertThat(view.text()).contains("words #1, vectors #2").contains("words –, vectors #1");
        assertThat(view.html()).contains("words #1<br>vectors #2").contains("<mark>offsets</mark>");
    }

    @Test
    void nothingIsSaidWhereNothingWasFound() {
        assertThat(Show.search(docs, TextQuery.any("absent"), 5).text()).contains("absent: nothing was found");
        assertThat(Show.hits("", List.of()).text()).isEqualTo("nothing was found");
    }

    @Test
    void otherListsAreRefused() {
        assertThatThrownBy(() -> Show.hits("", List.of("text")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.String");
    }
}
