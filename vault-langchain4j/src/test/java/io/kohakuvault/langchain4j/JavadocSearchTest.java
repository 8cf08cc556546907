package io.kohakuvault.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.kohakuvault.Vault;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/langchain4j.md: the Javadoc of Kafka's consumer, asked in one's own words. */
class JavadocSearchTest {
    private static final String SOURCE = "/org/apache/kafka/clients/consumer/KafkaConsumer.java";
    private static final Pattern COMMENT =
            Pattern.compile("/\\*\\*(.*?)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*([^{;]*)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("(?:class (\\w+))|(\\w+)\\s*\\(");

    @TempDir
    static Path folder;

    private static Vault vault;
    private static EmbeddingModel model;
    private static VaultEmbeddingStore store;

    @BeforeAll
    static void embedTheComments() throws Exception {
        List<TextSegment> paragraphs = paragraphs();
        model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        vault = Vault.open(folder.resolve("javadoc.db"));
        store = VaultEmbeddingStore.builder()
                .vault(vault)
                .name("consumer")
                .dimension(model.dimension())
                .text()
                .build();
        store.addAll(model.embedAll(paragraphs).content(), paragraphs);
    }

    @AfterAll
    static void close() {
        vault.close();
    }

    /** Each paragraph of each public comment, behind the name of what it is about. */
    private static List<TextSegment> paragraphs() throws Exception {
        String source;
        try (InputStream in = Objects.requireNonNull(JavadocSearchTest.class.getResourceAsStream(SOURCE))) {
            source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<TextSegment> paragraphs = new ArrayList<>();
        Matcher comments = COMMENT.matcher(source);
        while (comments.find()) {
            Matcher name = NAME.matcher(comments.group(2));
            if (!comments.group(2).contains("public") || !name.find()) {
                continue;
            }
            String about = name.group(1) == null ? name.group(2) : name.group(1);
            String text = comments.group(1).replaceAll("(?m)^\\s*\\* ?", "");
            for (String paragraph : text.split("(?i)<p>|</p>|\\n\\s*\\n|<h[1-6]>|(?=\\n@)")) {
                String plain = paragraph
                        .replaceAll("\\{@\\w+\\s+([^}]*)\\}", "$1")
                        .replaceAll("<[^>]*>", " ")
                        .replaceAll("\\s+", " ")
                        .strip();
                if (plain.length() > 40 && !plain.startsWith("@")) {
                    paragraphs.add(TextSegment.from(about + ": " + plain, Metadata.from("about", about)));
                }
            }
        }
        return paragraphs;
    }

    private static List<Content> ask(HybridContentRetriever.Builder how, String question) {
        List<Content> found =
                how.store(store).embeddingModel(model).maxResults(5).build().retrieve(Query.from(question));
        return found;
    }

    private static List<String> about(List<Content> found) {
        return found.stream()
                .map(content -> content.textSegment().metadata().getString("about"))
                .toList();
    }

    @Test
    void aQuestionIsAnsweredByWhatIsMeant() {
        assertThat(about(ask(HybridContentRetriever.builder(), "end the consumer cleanly")))
                .first()
                .isEqualTo("close");
        assertThat(about(ask(HybridContentRetriever.builder(), "stop reading for a while")))
                .contains("pause");
        assertThat(about(ask(HybridContentRetriever.builder(), "how do I shut it down from another thread?")))
                .contains("wakeup");
    }

    @Test
    void aSettingIsFoundByItsName() {
        assertThat(ask(HybridContentRetriever.builder(), "max.poll.interval.ms")
                        .get(0)
                        .textSegment()
                        .text())
                .contains("max.poll.interval.ms");
    }

    @Test
    void aFilterKeepsToOneMethod() {
        assertThat(about(ask(
                        HybridContentRetriever.builder()
                                .filter(metadataKey("about").isEqualTo("seek")),
                        "end the consumer cleanly")))
                .isNotEmpty()
                .containsOnly("seek");
    }
}
