package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script and the jar as they are built, with each Java that is there. */
@EnabledOnOs(OS.LINUX)
@Timeout(600)
class LauncherIT {
    private static final Path BUILT = Path.of(System.getProperty("vault.root"), "vault-cli", "target");

    @TempDir
    Path folder;

    private Path home;
    private Path cache;

    private record Result(int exit, String out, String err) {}

    @BeforeEach
    void setUp() throws IOException {
        home = Files.createDirectory(folder.resolve("with space"));
        cache = folder.resolve("cache");
        Files.copy(BUILT.resolve("vault.jar"), home.resolve("vault.jar"));
        Files.copy(BUILT.resolve("vault"), home.resolve("vault"));
        Files.setPosixFilePermissions(home.resolve("vault"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The Java that runs this, and a newer one beside it. */
    private static List<Path> javas() throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        List<Path> javas = new ArrayList<>(List.of(own));
        Path real = own.toRealPath();
        try (Stream<Path> beside = Files.list(real.getParent())) {
            beside.filter(path -> path.getFileName().toString().matches(".*(jdk|java).*25.*|.*25.*(jdk|java).*"))
                    .filter(path -> Files.isExecutable(path.resolve("bin/java")))
                    .filter(path -> !path.equals(real)) // which may be that one itself
                    .findFirst()
                    .ifPresent(javas::add);
        }
        return javas;
    }

    private Result run(Map<String, String> environment, Object... args) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        for (Object arg : args) {
            line.add(String.valueOf(arg));
        }
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("LC_") || key.startsWith("VAULT_") || key.equals("LANG"));
        builder.environment().put("VAULT_CACHE", cache.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        int exit = process.waitFor();
        return new Result(
                exit, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private Result vault(Object... args) throws IOException, InterruptedException {
        List<Object> line = new ArrayList<>(List.of(home.resolve("vault")));
        line.addAll(List.of(args));
        return run(Map.of(), line.toArray());
    }

    private List<String> made() throws IOException {
        if (!Files.exists(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theFirstRunMakesWhatLaterOnesStartFasterWith() throws Exception {
        for (Path java : javas()) {
            Map<String, String> with = Map.of("JAVA_HOME", java.toString());
            Path file = folder.resolve("a.db");
            for (int i = 0; i < 2; i++) {
                Result put = run(with, home.resolve("vault"), "put", file, "k", "zoë");
                assertThat(put).as(java.toString()).isEqualTo(new Result(0, "", ""));
                Result get = run(with, home.resolve("vault"), "get", file, "k");
                assertThat(get).as(java.toString()).isEqualTo(new Result(0, "zoë\n", ""));
            }
            Result used = run(
                    new TreeMap<>(Map.of("JAVA_HOME", java.toString(), "VAULT_JAVA_OPTS", "-Xshare:on")),
                    home.resolve("vault"),
                    "--version");
            assertThat(used.exit())
                    .as("the archive is one that this Java takes: " + used.err())
                    .isZero();
        }
        assertThat(made()).filteredOn("classes.jsa"::equals).hasSize(javas().size());
        assertThat(made()).filteredOn("libsqlitejdbc.so"::equals).hasSize(javas().size());
    }

    @Test
    void withoutAStandardInputThereIsNothingToRead() throws Exception {
        for (Path java : javas()) {
            Result run = run(
                    Map.of("JAVA_HOME", java.toString()),
                    "sh",
                    "-c",
                    "exec \"$0\" import a.db t - --format csv <&-",
                    home.resolve("vault"));
            assertThat(run.err()).contains("standard input").doesNotContain("UTF-8");
            assertThat(run.exit()).isEqualTo(1);
            assertThat(folder.resolve("a.db")).doesNotExist();
        }
    }

    @Test
    void theJarByItselfHasNothingToSayThatIsNotItsOwn() throws Exception {
        Path lists = Files.writeString(folder.resolve("l.jsonl"), "{\"l\":[1,\"é\"]}\n");
        for (Path java : javas()) {
            Path file = folder.resolve(javas().indexOf(java) + ".db");
            for (List<String> args : List.of(
                    List.of("import", file.toString(), "t", lists.toString()),
                    List.of("export", file.toString(), "t", "--out", "l.jsonl.zst"),
                    List.of("import", file.toString(), "u", "l.jsonl.zst"),
                    List.of("put", file.toString(), "k", "--json", "{\"a\":[1]}"),
                    List.of("get", file.toString(), "k"))) {
                List<Object> line =
                        new ArrayList<>(List.of(java.resolve("bin/java"), "-jar", home.resolve("vault.jar")));
                line.addAll(args);
                Result run = run(Map.of("LC_ALL", "POSIX"), line.toArray());
                assertThat(run.err()).as(java + " " + args).isEmpty();
                assertThat(run.exit()).isZero();
            }
        }
    }

    @Test
    void whereNothingCanBeWrittenItStartsAllTheSame() throws Exception {
        Files.writeString(cache, "no folder");
        assertThat(vault("put", "a.db", "k", "v")).isEqualTo(new Result(0, "", ""));
        assertThat(vault("get", "a.db", "k")).isEqualTo(new Result(0, "v\n", ""));
        Files.delete(cache);
        assertThat(run(Map.of("VAULT_CACHE", "none"), home.resolve("vault"), "get", "a.db", "k")
                        .out())
                .isEqualTo("v\n");
        assertThat(made()).isEmpty();
        // What is there and no archive is left alone.
        assertThat(vault("get", "a.db", "k").out()).isEqualTo("v\n");
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path path : files.filter(p -> p.endsWith("classes.jsa")).toList()) {
                Files.delete(path);
                Files.writeString(path, "no archive");
            }
        }
        assertThat(vault("get", "a.db", "k")).isEqualTo(new Result(0, "v\n", ""));
    }

    @Test
    void argumentsReachItInThePosixLocale() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.resolve("vault"));
        for (String locale : List.of("POSIX", "C", "")) {
            Map<String, String> environment = new TreeMap<>(Map.of("LC_ALL", locale));
            assertThat(run(environment, link, "put", "zoë.db", "é" + locale, "ü x  y"))
                    .isEqualTo(new Result(0, "", ""));
            assertThat(run(environment, link, "get", "zoë.db", "é" + locale).out())
                    .isEqualTo("ü x  y\n");
        }
        assertThat(vault("info", "none.db").exit()).isEqualTo(1);
        assertThat(vault("heda").exit()).isEqualTo(2);
        assertThat(run(Map.of("JAVA_HOME", "/nowhere"), link, "info", "x").err())
                .contains("there is no Java in /nowhere");
    }

    /** Another user's files beside a vault, and a folder of another user's. */
    @Test
    void filesOfAnotherUserAreNamedWithWhatHelps() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can be another user");
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path jar = Files.copy(BUILT.resolve("vault.jar"), shared.resolve("v.jar"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path file = shared.resolve("a.db");
        assertThat(as("daemon", java, jar, "put", file, "k", "v")).isEqualTo(new Result(0, "", ""));
        Path log = Files.createFile(Path.of(file + "-wal"));
        Path index = Files.createFile(Path.of(file + "-shm"));
        for (Path beside : List.of(log, index)) {
            Files.setOwner(
                    beside,
                    beside.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Result locked = as("daemon", java, jar, "put", file, "k", "w");
        assertThat(locked.exit()).isEqualTo(1);
        assertThat(locked.err().lines())
                .singleElement()
                .asString()
                .contains("a.db-shm", "'nobody'", "rm ", "chown daemon")
                .doesNotContain("SQLITE");
        Files.delete(log);
        Files.delete(index);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Result read = as("nobody", java, jar, "put", file, "k", "w");
        assertThat(read.exit()).isEqualTo(1);
        assertThat(read.err().lines())
                .singleElement()
                .asString()
                .contains("a.db", "may not be written by this user", "'daemon'")
                .doesNotContain("SQLITE");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(as("nobody", java, jar, "info", file).err()).contains("may not be read by this user", "'daemon'");
        assertThat(as("nobody", java, jar, "put", "/proc/a.db", "k", "v").err().lines())
                .singleElement()
                .asString()
                .doesNotContain("SQLITE", "Exception");
    }

    private Result as(String user, String java, Path jar, Object... args) throws Exception {
        List<Object> line = new ArrayList<>(
                List.of("setpriv", "--reuid=" + user, "--regid=nogroup", "--clear-groups", java, "-jar", jar));
        line.addAll(List.of(args));
        return run(Map.of("LC_ALL", "C.UTF-8"), line.toArray());
    }
}
