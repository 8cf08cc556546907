package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The recipes as far as they can be looked at without what they are for. */
class RecipesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"events.properties", "events.json"})
    void theConnectorsHaveSoundSettings(String name) throws IOException {
        Map<String, String> settings = Recipes.settings(name);
        assertThat(settings)
                .containsEntry("name", "events")
                .containsEntry("connector.class", VaultSinkConnector.class.getName());
        String database = settings.get("database.path");
        settings.put("database.path", folder.resolve("events.db").toString());
        List<ConfigValue> wrong = new VaultSinkConnector()
                .validate(settings).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .toList();
        assertThat(wrong).isEmpty();
        // The folder is the one that the unit or the container gives the worker for that.
        String user = Files.readString(Recipes.file(name.endsWith("json") ? "compose.yaml" : "vault-connect.service"));
        assertThat(user).contains(name.endsWith("json") ? "data:/data" : "ReadWritePaths=/srv/vault");
        assertThat(database).isEqualTo(name.endsWith("json") ? "/data/events.db" : "/srv/vault/events.db");
    }

    @Test
    @SuppressWarnings("unchecked")
    void theFilesThatTheComposeFileNamesAreThere() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose;
        try (Reader in = Files.newBufferedReader(Recipes.file("compose.yaml"))) {
            compose = new Yaml().load(in);
        }
        Map<String, Map<String, Object>> services = compose.get("services");
        assertThat(services).containsOnlyKeys("broker", "topic", "connect", "connector");
        Map<String, String> build =
                (Map<String, String>) services.get("connect").get("build");
        Path context = Recipes.file(".").resolve(build.get("context"));
        assertThat(context.resolve(build.get("dockerfile"))).exists();
        List<String> mounts = new ArrayList<>();
        for (Map<String, Object> service : services.values()) {
            mounts.addAll((List<String>) service.getOrDefault("volumes", List.of()));
            Map<String, ?> needed = (Map<String, ?>) service.getOrDefault("depends_on", Map.of());
            assertThat(services.keySet()).containsAll(needed.keySet());
        }
        for (String mount : mounts) {
            String source = mount.substring(0, mount.indexOf(':'));
            if (source.startsWith(".")) {
                assertThat(Recipes.file(source)).exists();
            } else {
                assertThat(compose.get("volumes")).containsKey(source);
            }
        }
        // What the container copies, but for what the build makes, is there too.
        try (Stream<String> lines = Files.lines(Recipes.file("Containerfile"))) {
            assertThat(lines.filter(line -> line.startsWith("COPY vault-connect/recipes/"))
                            .map(line -> line.split(" ", -1)[1]))
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(context.resolve(source)).exists());
        }
    }

    @Test
    void systemdUnderstandsTheUnit() throws Exception {
        assumeTrue(isThere("systemd-analyze"), "there is no systemd-analyze, which looks at units");
        // It looks for the program as well, which is not there.
        String unit = Files.readString(Recipes.file("vault-connect.service"))
                .replaceFirst("(?m)^ExecStart=/opt/kafka/\\S+", "ExecStart=/bin/true");
        Path file = Files.writeString(folder.resolve("vault-connect.service"), unit);
        Process process = new ProcessBuilder("systemd-analyze", "verify", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).doesNotContain("vault-connect.service:");
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }
}
