package io.kohakuvault.connect;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The files of {@code vault-connect/recipes}. */
final class Recipes {
    private Recipes() {}

    static Path file(String name) {
        return Path.of(System.getProperty("vault.root"), "vault-connect", "recipes", name);
    }

    /** Settings of a file, by the name's ending properties or JSON. */
    static Map<String, String> settings(String name) throws IOException {
        if (name.endsWith(".json")) {
            return new ObjectMapper().readValue(file(name).toFile(), new TypeReference<TreeMap<String, String>>() {});
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file(name))) {
            properties.load(in);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }
}
