package io.kohakuvault.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kohakuvault.connect.VaultSinkConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every configuration of the sink that a document shows is one that the sink takes. */
class SinkRecipesTest {
    private static final Path ROOT = Path.of(System.getProperty("vault.root"));
    private static final Pattern JSON = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    /** The texts of an object and of the objects in it. */
    private static Map<String, String> texts(String json) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    texts.put(parser.currentName(), parser.getText());
                }
            }
        }
        return texts;
    }

    @Test
    void configurationsInDocumentsAreSound() throws IOException {
        int found = 0;
        for (String document : List.of("README.md", "docs/connect.md", "docs/connect-operations.md")) {
            Matcher matcher = JSON.matcher(Files.readString(ROOT.resolve(document)));
            while (matcher.find()) {
                Map<String, String> settings = texts(matcher.group(1));
                if (settings.containsKey("connector.class")) {
                    settings.putIfAbsent("name", "recipe");
                    settings.computeIfPresent("database.path", (key, path) -> path.replace("/data", folder.toString()));
                    List<String> errors = new ArrayList<>();
                    new VaultSinkConnector()
                            .validate(settings)
                            .configValues()
                            .forEach(value -> value.errorMessages()
                                    .forEach(message -> errors.add(value.name() + ": " + message)));
                    assertThat(errors).as(document + ": " + settings).isEmpty();
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(8);
    }
}
