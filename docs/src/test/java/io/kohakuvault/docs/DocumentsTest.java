package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.connect.VaultSinkConnector;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents match the code: their Java compiles, their links lead somewhere, their tables name what there is. */
class DocumentsTest {
    private static final Path ROOT = Path.of(System.getProperty("vault.root"));
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    /** What an example of the Javadoc may take for given. */
    private static final List<String> HANDLES = List.of("Vault vault", "Snapshot snapshot", "Table flights");

    private static final Pattern EXAMPLE =
            Pattern.compile("<pre>\\{@code\\n(.*?)^ *\\* *\\}</pre>", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

    /** What the blocks leave out, as a reader of a document would complete it. */
    private static final String IMPORTS = """
            import io.kohakuvault.*;
            import io.kohakuvault.arrow.*;
            import io.kohakuvault.arrow.duckdb.*;
            import io.kohakuvault.codec.*;
            import io.kohakuvault.codec.LogicalType.TimeUnit;
            import io.kohakuvault.column.*;
            import io.kohakuvault.container.*;
            import io.kohakuvault.kv.*;
            import io.kohakuvault.maintenance.*;
            import io.kohakuvault.notebook.*;
            import io.kohakuvault.offset.*;
            import io.kohakuvault.search.*;
            import io.kohakuvault.sql.*;
            import io.kohakuvault.table.*;
            import io.kohakuvault.tabular.*;
            import io.kohakuvault.text.*;
            import io.kohakuvault.vector.*;
            import io.kohakuvault.spi.*;
            import java.io.InputStream;
            import java.nio.file.*;
            import java.sql.*;
            import java.time.Duration;
            import java.time.Instant;
            import java.util.*;
            import org.apache.arrow.memory.BufferAllocator;
            import org.apache.arrow.vector.*;
            import org.apache.arrow.vector.ipc.*;
            import org.apache.arrow.vector.types.pojo.ArrowType;
            import org.apache.arrow.vector.types.pojo.Field;
            import org.apache.arrow.vector.types.pojo.FieldType;
            import org.duckdb.*;
            """;

    /** The same for blocks about LangChain4j, some of whose names are those of others here. */
    private static final String LANGCHAIN4J = """
            import dev.langchain4j.data.document.Metadata;
            import dev.langchain4j.data.embedding.Embedding;
            import dev.langchain4j.data.segment.TextSegment;
            import dev.langchain4j.model.chat.ChatModel;
            import dev.langchain4j.model.embedding.EmbeddingModel;
            import dev.langchain4j.model.embedding.request.EmbeddingInputType;
            import dev.langchain4j.rag.content.Content;
            import dev.langchain4j.rag.content.ContentMetadata;
            import dev.langchain4j.rag.content.retriever.ContentRetriever;
            import dev.langchain4j.rag.query.Query;
            import dev.langchain4j.store.embedding.*;
            import dev.langchain4j.store.embedding.filter.Filter;
            import io.kohakuvault.langchain4j.*;
            import java.util.stream.Stream;
            import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
            """;

    /** The same for blocks about Spark. */
    private static final String SPARK = """
            import org.apache.spark.sql.Dataset;
            import org.apache.spark.sql.Row;
            import org.apache.spark.sql.SparkSession;
            """;

    private static final List<String> MODELS =
            List.of("Vault vault", "EmbeddingModel model", "ChatModel chat", "VaultEmbeddingStore store");

    @TempDir
    Path classes;

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("docs/decisions"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(p -> p.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    @Test
    void javaBlocksCompile() throws IOException {
        List<JavaFileObject> units = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = JAVA.matcher(Files.readString(document));
            while (matcher.find()) {
                units.add(unit("Block" + units.size(), document, matcher.group(1), List.of()));
            }
        }
        assertThat(units).hasSizeGreaterThan(3);
        compile(units);
    }

    /** Each package page has an example, and the types that are used most have one. */
    @Test
    void examplesInTheJavadocCompile() throws IOException {
        List<JavaFileObject> units = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (String module : List.of(
                "vault-core",
                "vault-arrow",
                "vault-sql",
                "vault-tabular",
                "vault-langchain4j",
                "vault-spark",
                "notebooks/vault-notebook")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                for (Path source : files.filter(p ->
                                p.toString().endsWith(".java") && !p.toString().contains("internal"))
                        .toList()) {
                    Matcher matcher = EXAMPLE.matcher(Files.readString(source));
                    int found = 0;
                    while (matcher.find()) {
                        String code = matcher.group(1).replaceAll("(?m)^ *\\* ?", "");
                        units.add(unit("Example" + units.size(), source, code, HANDLES));
                        found++;
                    }
                    if (found == 0 && source.endsWith("package-info.java")) {
                        without.add(ROOT.relativize(source).toString());
                    }
                }
            }
        }
        assertThat(without).as("packages without an example").isEmpty();
        assertThat(units).hasSizeGreaterThan(20);
        compile(units);
    }

    private static JavaFileObject unit(String name, Path source, String block, List<String> others) {
        boolean isLangChain4j = source.toString().contains("langchain4j");
        boolean isSpark = source.endsWith("spark.md") || source.startsWith(ROOT.resolve("vault-spark"));
        List<String> handles = isLangChain4j ? MODELS : others;
        StringBuilder given = new StringBuilder("Path path, float[] vector, byte[] bytes");
        for (String handle : handles) {
            String variable = handle.substring(handle.indexOf(' ') + 1);
            if (!block.contains(handle + " =") && !block.contains(variable + " ->")) {
                given.append(", ").append(handle);
            }
        }
        String code =
                IMPORTS + (isLangChain4j ? LANGCHAIN4J : "") + (isSpark ? SPARK : "") + "// " + ROOT.relativize(source)
                        + "\n" + "class " + name + " { void run(" + given + ") throws Exception {\n" + block + "} }";
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }

    private void compile(List<JavaFileObject> units) {
        StringWriter errors = new StringWriter();
        Boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        errors,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")),
                        null,
                        units)
                .call();
        assertThat(compiled).as(errors.toString()).isTrue();
    }

    @Test
    void linksLeadSomewhere() throws IOException {
        for (Path document : documents()) {
            Matcher matcher = LINK.matcher(Files.readString(document));
            while (matcher.find()) {
                String target = matcher.group(1);
                if (!target.contains("://")) {
                    assertThat(document.getParent().resolve(target))
                            .as("link in " + document)
                            .exists();
                }
            }
        }
    }

    @Test
    void everySettingOfTheSinkIsInItsTable() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/connect.md"));
        TreeMap<String, String> documented = new TreeMap<>();
        Matcher rows = Pattern.compile("\\| `([a-z.]+)` \\| ([^|]*) \\|").matcher(document);
        while (rows.find()) {
            documented.put(rows.group(1), rows.group(2).strip());
        }
        TreeMap<String, String> actual = new TreeMap<>();
        new VaultSinkConnector().config().configKeys().forEach((name, key) -> {
            Object value = key.defaultValue;
            actual.put(
                    name,
                    !key.hasDefault()
                            ? "required"
                            : value.equals("") || value.equals(List.of())
                                    ? "–"
                                    : "`" + value.toString().replaceAll("[\\[\\]]", "") + "`");
        });
        assertThat(documented).isEqualTo(actual);
    }
}
