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
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

    /** What the blocks leave out, as a reader of a document would complete it. */
    private static final String IMPORTS = """
            import io.kohakuvault.*;
            import io.kohakuvault.arrow.*;
            import io.kohakuvault.arrow.duckdb.*;
            import io.kohakuvault.codec.*;
            import io.kohakuvault.codec.LogicalType.TimeUnit;
            import io.kohakuvault.column.*;
            import io.kohakuvault.kv.*;
            import io.kohakuvault.maintenance.*;
            import io.kohakuvault.offset.*;
            import io.kohakuvault.search.*;
            import io.kohakuvault.table.*;
            import io.kohakuvault.tabular.*;
            import io.kohakuvault.text.*;
            import io.kohakuvault.vector.*;
            import java.nio.file.*;
            import java.sql.*;
            import java.time.Duration;
            import java.time.Instant;
            import java.util.*;
            import org.apache.arrow.memory.BufferAllocator;
            import org.apache.arrow.vector.*;
            import org.duckdb.DuckDBConnection;
            """;

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
                String name = "Block" + units.size();
                String code = IMPORTS + "// " + ROOT.relativize(document) + "\n" + "class " + name
                        + " { void run(Path path, float[] vector, byte[] bytes) throws Exception {\n" + matcher.group(1)
                        + "} }";
                units.add(
                        new SimpleJavaFileObject(
                                URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                            @Override
                            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                                return code;
                            }
                        });
            }
        }
        assertThat(units).hasSizeGreaterThan(3);
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
                            : value.equals("") || value.equals(List.of()) ? "–" : "`" + value + "`");
        });
        assertThat(documented).isEqualTo(actual);
    }
}
