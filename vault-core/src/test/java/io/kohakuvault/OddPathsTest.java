package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and folders whose names mean something to a driver, to a URI or to SQL. */
class OddPathsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a?.db",
                "?mode=memory",
                "a?cache=shared",
                "a?b=c&d#e",
                "100%.db",
                "%3F%00",
                "file:a",
                "it's \"so\"",
                "a;b",
                "日本 é",
                "a\\b"
            })
    void aVaultMayBeCalledSo(String name) throws Exception {
        assumeFalse(
                OS.WINDOWS.isCurrentOs() && name.matches(".*[?:\"\\\\].*"), "no file can have such a name on Windows");
        Path inside = Files.createDirectory(folder.resolve(name));
        Path file = inside.resolve(name);
        try (Vault vault = Vault.open(file)) {
            vault.kv("kv").put("k", new byte[] {1});
            vault.columns().ensure("c", DType.I64).append(5);
            try (Snapshot snapshot = vault.snapshot()) {
                assertThat(snapshot.columns().longs("c").get(0)).isEqualTo(5);
            }
            vault.maintenance().backup(inside.resolve("copy" + name), Progress.none());
            vault.maintenance().compact(8192, Progress.none());
            assertThat(vault.maintenance().verify(Progress.none()).isSound()).isTrue();
        }
        assertThat(names(inside)).containsExactlyInAnyOrder(name, "copy" + name);
        BulkLoad.create(inside.resolve("loaded" + name), vault -> vault.kv("kv").put("k", new byte[] {2}));
        for (String there : List.of("", "copy", "loaded")) {
            try (Vault vault = Vault.openReadOnly(inside.resolve(there + name))) {
                assertThat(vault.kv("kv").get("k")).containsExactly(there.equals("loaded") ? 2 : 1);
            }
        }
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(inside);
        }
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }
}
