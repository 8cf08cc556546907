package io.kohakuvault.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Fts5DeclarationTest {
    @Test
    void columnsAndOptionsAreReadAsFts5ReadsThem() {
        Fts5Declaration found = Fts5Declaration.of(List.of(
                "title",
                "\"a \"\"b\"\"\"",
                "[value_ref]unindexed",
                "x   UNINDEXED",
                "Prefix = '2 3'",
                "c=''",
                "columns=0"));
        assertThat(found.columns())
                .containsExactly(
                        new Fts5Declaration.Column("title", true),
                        new Fts5Declaration.Column("a \"b\"", true),
                        new Fts5Declaration.Column("value_ref", false),
                        new Fts5Declaration.Column("x", false));
        assertThat(found.options()).isEqualTo(Map.of("prefix", "2 3", "content", "", "columnsize", "0"));
        assertThat(found.tokenizer()).containsExactly("unicode61");
    }

    @Test
    void theTokenizersWordsAreTakenOutOfTheirQuotes() {
        assertThat(Fts5Declaration.of(List.of("a", "tok = \"porter  unicode61 tokenchars '-''_' separators ''\""))
                        .tokenizer())
                .containsExactly("porter", "unicode61", "tokenchars", "-'_", "separators", "");
        assertThat(Fts5Declaration.of(List.of("tokenize=trigram")).tokenizer()).containsExactly("trigram");
    }

    @Test
    void whatIsUnknownIsNamed() {
        assertThatThrownBy(() -> Fts5Declaration.of(List.of("a", "zipped=1"))).hasMessageContaining("zipped");
        assertThatThrownBy(() -> Fts5Declaration.of(List.of("a sorted"))).hasMessageContaining("a sorted");
        assertThatThrownBy(() -> Fts5Declaration.of(List.of("a unindexed b"))).hasMessageContaining("a unindexed b");
        assertThatThrownBy(() -> Fts5Declaration.of(List.of(""))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TextTokenizer.of(List.of("porter", "Icu"))).hasMessageContaining("icu");
    }

    @Test
    void tokenizersThatDoTheSameAreEqual() {
        TextTokenizer porter = TextTokenizer.of(List.of("porter", "unicode61"));
        assertThat(TextTokenizer.of(List.of("PORTER"))).isEqualTo(porter).hasToString("porter unicode61");
        assertThat(TextTokenizer.of(List.of("porter", "Unicode61", "REMOVE_DIACRITICS", "1")))
                .isEqualTo(porter);
        assertThat(TextTokenizer.of(List.of("unicode61"))).isNotEqualTo(porter);
        assertThat(TextTokenizer.of(List.of("unicode61", "tokenchars", "-")))
                .isNotEqualTo(TextTokenizer.of(List.of("unicode61")))
                .hasToString("unicode61 tokenchars '-'");
        TextTokenizer trigram = TextTokenizer.of(List.of("trigram", "case_sensitive", "0"));
        assertThat(trigram).isEqualTo(TextTokenizer.of(List.of("trigram")));
        assertThat(trigram.isCaseSensitive()).isFalse();
        assertThat(TextTokenizer.of(List.of("trigram", "case_sensitive", "1")).isCaseSensitive())
                .isTrue();
        assertThat(TextTokenizer.of(List.of("porter", "trigram")).isTrigram()).isTrue();
    }
}
