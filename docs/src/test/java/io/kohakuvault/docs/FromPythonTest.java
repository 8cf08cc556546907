package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/from-python.md names each call of the Python package, and Java methods that there are. */
class FromPythonTest {
    private static final Path ROOT = Path.of(System.getProperty("vault.root"));
    private static final Pattern ROW = Pattern.compile("\\| `([^`]*)` \\| (.*?) \\| (.*?) ?\\|");
    private static final Pattern METHOD = Pattern.compile("(\\w+)\\.(\\w+)(?=\\()");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/from-python.md"));
    }

    @Test
    void everyCallOfPythonIsThere() throws IOException {
        List<String> found = new ArrayList<>();
        String title = "";
        for (String line : lines()) {
            Matcher row = ROW.matcher(line);
            if (line.startsWith("## ")) {
                title = line.substring(3);
            } else if (row.matches()) {
                found.add(title + ": " + row.group(1));
            }
        }
        try (InputStream calls =
                Objects.requireNonNull(FromPythonTest.class.getResourceAsStream("/python-calls.txt"))) {
            assertThat(found)
                    .containsExactlyElementsOf(new String(calls.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .toList());
        }
    }

    @Test
    void everyMethodOfJavaIsThere() throws IOException {
        TreeSet<String> methods = new TreeSet<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/api"))) {
            for (Path file : files.toList()) {
                Matcher matcher = Pattern.compile("\\.(\\w+)\\(").matcher(Files.readString(file));
                while (matcher.find()) {
                    methods.add(matcher.group(1));
                }
            }
        }
        int named = 0;
        for (String line : lines()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Matcher method = METHOD.matcher(row.group(2));
                while (method.find()) {
                    assertThat(methods).as(line).contains(method.group(2));
                    named++;
                }
                assertThat(row.group(2).equals("–") && row.group(3).isEmpty())
                        .as("no Java and no word why: %s", line)
                        .isFalse();
            }
        }
        assertThat(named).isGreaterThan(80);
    }
}
