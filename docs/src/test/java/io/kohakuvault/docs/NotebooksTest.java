package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Notebooks are kept as they are written, not as they were run, and lead where they say. */
class NotebooksTest {
    private static final Path FOLDER = Path.of(System.getProperty("vault.root"), "notebooks");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s:]+)\\)");
    private static final Pattern STAR = Pattern.compile("(?m)^import .*\\*;$");

    /** A cell's type and source, and whether it has been run. */
    private record Cell(String type, String source, boolean hasRun) {}

    private static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<Path> found =
                    files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
            assertThat(found).hasSize(5);
            return found;
        }
    }

    private static List<Cell> cells(Path notebook) throws IOException {
        List<Cell> cells = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(notebook.toFile())) {
            while (!"cells".equals(json.nextFieldName())) {
                assertThat(json.currentToken()).as("a notebook has cells").isNotNull();
            }
            json.nextToken();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                cells.add(cell(json));
            }
        }
        return cells;
    }

    private static Cell cell(JsonParser json) throws IOException {
        String type = "";
        StringBuilder source = new StringBuilder();
        boolean hasRun = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "cell_type" -> type = json.getText();
                case "source" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        source.append(json.getText());
                    }
                }
                case "execution_count" -> hasRun |= value != JsonToken.VALUE_NULL;
                case "outputs" -> {
                    hasRun |= json.nextToken() != JsonToken.END_ARRAY;
                    while (hasRun && json.currentToken() != JsonToken.END_ARRAY) {
                        json.skipChildren();
                        json.nextToken();
                    }
                }
                default -> json.skipChildren();
            }
        }
        return new Cell(type, source.toString(), hasRun);
    }

    @Test
    void theyHaveNoOutputs() throws IOException {
        for (Path notebook : notebooks()) {
            assertThat(cells(notebook)).as(notebook.toString()).isNotEmpty().noneMatch(Cell::hasRun);
        }
    }

    @Test
    void theyBeginWithATitleAndTheirFirstCodeHasAResult() throws IOException {
        for (Path notebook : notebooks()) {
            List<Cell> cells = cells(notebook);
            assertThat(cells.get(0).source()).as(notebook.toString()).startsWith("# ");
            Cell first = cells.stream()
                    .filter(cell -> cell.type().equals("code"))
                    .findFirst()
                    .orElseThrow();
            assertThat(first.source().strip())
                    .as("the first code of " + notebook)
                    .doesNotEndWith(";");
        }
    }

    /** IJava loses variables when a cell after the first imports so. */
    @Test
    void onlyTheFirstCodeImportsWithAStar() throws IOException {
        for (Path notebook : notebooks()) {
            List<Cell> code = cells(notebook).stream()
                    .filter(cell -> cell.type().equals("code"))
                    .toList();
            assertThat(code.subList(1, code.size()))
                    .as(notebook.toString())
                    .noneMatch(cell -> STAR.matcher(cell.source()).find());
        }
    }

    @Test
    void theirLinksLeadSomewhere() throws IOException {
        for (Path notebook : notebooks()) {
            for (Cell cell : cells(notebook)) {
                Matcher links = LINK.matcher(cell.type().equals("markdown") ? cell.source() : "");
                while (links.find()) {
                    assertThat(FOLDER.resolve(links.group(1)))
                            .as("link in " + notebook)
                            .exists();
                }
            }
        }
    }
}
