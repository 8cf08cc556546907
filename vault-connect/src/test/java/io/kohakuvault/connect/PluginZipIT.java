package io.kohakuvault.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.testkit.Zip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip as those who install plugins expect it. */
class PluginZipIT {
    @TempDir
    Path folder;

    @Test
    void nameFolderAndManifestSayTheSame() throws IOException {
        Path zip = Path.of(System.getProperty("vault.plugin.zip"));
        Zip.unpack(zip, folder);
        String component = zip.getFileName().toString().replaceFirst("\\.zip$", "");
        assertThat(names(folder)).containsExactly(component);
        Path top = folder.resolve(component);
        assertThat(names(top)).containsExactly("doc", "etc", "lib", "manifest.json");

        JsonNode manifest =
                new ObjectMapper().readTree(top.resolve("manifest.json").toFile());
        assertThat(manifest.path("owner").path("username").asText() + "-"
                        + manifest.path("name").asText() + "-"
                        + manifest.path("version").asText())
                .isEqualTo(component);
        assertThat(manifest.path("version").asText()).isEqualTo(new VaultSinkConnector().version());
        assertThat(manifest.path("component_types").toString()).isEqualTo("[\"sink\"]");

        assertThat(names(top.resolve("doc"))).containsExactly("LICENSE", "README.md");
        assertThat(top.resolve("doc/README.md"))
                .content()
                .contains(manifest.path("version").asText());
        assertThat(top.resolve("etc/events.properties")).hasSameTextualContentAs(Recipes.file("events.properties"));
        assertThat(names(top.resolve("lib")))
                .allMatch(name -> name.endsWith(".jar"))
                .noneMatch(name -> name.matches("(kafka|connect|slf4j|testcontainers).*"))
                .anyMatch(name -> name.startsWith("vault-connect-"))
                .anyMatch(name -> name.startsWith("sqlite-jdbc-"));
    }

    /** SQLite's libraries are most of the zip: those of the machines that workers run on are there, and no others. */
    @Test
    void nativeLibrariesAreThoseThatTheDocumentsName() throws IOException {
        Path zip = Path.of(System.getProperty("vault.plugin.zip"));
        assertThat(zip).satisfies(file -> assertThat(Files.size(file)).isLessThan(8 << 20));
        Zip.unpack(zip, folder);
        List<String> libraries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            Path jar = files.filter(file -> file.getFileName().toString().startsWith("sqlite-jdbc-"))
                    .findFirst()
                    .orElseThrow();
            try (ZipFile driver = new ZipFile(jar.toFile())) {
                driver.stream()
                        .filter(entry -> !entry.isDirectory())
                        .map(ZipEntry::getName)
                        .filter(name -> name.matches("org/sqlite/native/.*"))
                        .map(name -> name.split("/", -1)[3] + " " + name.split("/", -1)[4])
                        .forEach(libraries::add);
            }
        }
        assertThat(libraries)
                .containsExactlyInAnyOrder(
                        "Linux x86_64",
                        "Linux aarch64",
                        "Linux-Musl x86_64",
                        "Linux-Musl aarch64",
                        "Mac x86_64",
                        "Mac aarch64",
                        "Windows x86_64",
                        "Windows aarch64");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
