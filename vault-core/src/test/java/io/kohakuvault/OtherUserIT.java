package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kohakuvault.codec.DType;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vault that one user owns and another reads. Needs root, to be both; skipped elsewhere with that reason. */
class OtherUserIT {
    private static final String OWNER = "65533";
    private static final String READER = "65534";

    @TempDir
    Path folder;

    private Path data;
    private String classPath;

    /** Puts or gets as the user that runs it. Arguments: put or get, the file, key, value. */
    public static final class Client {
        private Client() {}

        public static void main(String[] args) {
            try {
                if (args[0].equals("put")) {
                    try (Vault vault = Vault.open(Path.of(args[1]))) {
                        vault.kv("kv").put(args[2], args[3].getBytes(StandardCharsets.UTF_8));
                        vault.columns().ensure("n", DType.I64).append(1);
                        if (args.length > 4) {
                            Runtime.getRuntime().halt(0); // with a log that nobody has copied back
                        }
                    }
                } else {
                    try (Vault vault = Vault.openReadOnly(Path.of(args[1]));
                            Snapshot snapshot = vault.snapshot()) {
                        System.out.println("value " + new String(vault.kv("kv").get(args[2]), StandardCharsets.UTF_8)
                                + ", rows " + snapshot.columns().longs("n").length());
                    }
                }
            } catch (VaultException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
                System.exit(1);
            }
        }
    }

    @BeforeEach
    void copyWhatTheyRun() throws Exception {
        assumeTrue(
                "root".equals(System.getProperty("user.name")) && runs("setpriv", "--version"),
                "needs root and setpriv, to run processes of two users");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path libraries = Files.createDirectory(folder.resolve("lib"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            if (Files.exists(from) && !entry.contains("guava") && !entry.contains("duckdb")) {
                Path to = libraries.resolve(entries.size() + "-" + from.getFileName());
                copy(from, to);
                entries.add(to.toString());
            }
        }
        classPath = String.join(File.pathSeparator, entries);
        data = Files.createDirectory(folder.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.copy(path, target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String as(String user, String... args) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+IgnoreUnrecognizedVMOptions", "-Duser.home=" + data));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, Client.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines().filter(line -> !line.contains("SLF4J")).toList().toString();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> found = Files.list(data)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aReaderLeavesNothingThatLocksTheOwnerOut() throws Exception {
        String file = data.resolve("a.db").toString();
        assertThat(as(OWNER, "put", file, "k", "v1")).isEqualTo("[]");
        assertThat(as(READER, "get", file, "k")).contains("value v1, rows 1");
        assertThat(files()).containsExactly("a.db");
        assertThat(as(OWNER, "put", file, "k", "v2")).isEqualTo("[]");
        assertThat(as(READER, "get", file, "k")).contains("value v2, rows 2");
    }

    @Test
    void aVaultInAFolderThatMayNotBeWrittenIsRead() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(as(READER, "get", file, "k")).contains("value v1, rows 1");
        assertThat(as(READER, "put", file, "k", "v2"))
                .contains("VaultIoException")
                .contains("may not be written");
    }

    @Test
    void aFileThatIsReadOnlyIsNamedAndNothingIsMadeBesideIt() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1");
        Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("r--r--r--"));
        assertThat(as(OWNER, "put", file, "k", "v2"))
                .contains(file + ": is read-only")
                .contains("chmod u+w");
        assertThat(as(READER, "put", file, "k", "v2"))
                .contains(file + ": is read-only")
                .contains("open it read-only");
        Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(as(READER, "put", file, "k", "v2"))
                .contains(file + ": may not be written by this user")
                .contains("open it read-only");
        Files.setPosixFilePermissions(Path.of(file), PosixFilePermissions.fromString("r--r--r--"));
        assertThat(files()).containsExactly("a.db");
        assertThat(as(OWNER, "get", file, "k")).contains("value v1, rows 1");
        assertThat(files()).containsExactly("a.db");
    }

    /** The log stands beside the file, and not beside a link to it. */
    @Test
    void throughALinkTheLogIsSeenToo() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1", "halt");
        assertThat(Files.size(Path.of(file + "-wal"))).isPositive();
        Path link = Files.createSymbolicLink(data.resolve("link.db"), Path.of(file));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(as(READER, "get", link.toString(), "k"))
                .satisfiesAnyOf(
                        said -> assertThat(said).contains("value v1, rows 1"),
                        said -> assertThat(said).contains("VaultIoException").contains("a.db-wal"));
    }

    @Test
    void aJournalThatWasLeftIsNotPassedOver() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1");
        byte[] journal = new byte[4096];
        System.arraycopy(
                new byte[] {(byte) 0xd9, (byte) 0xd5, 5, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7},
                0,
                journal,
                0,
                8);
        Files.write(Path.of(file + "-journal"), journal);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(as(READER, "get", file, "k")).contains("VaultIoException");
    }

    @Test
    void aLogThatWasLeftIsNamedWithItsRemedy() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1", "halt");
        Files.delete(Path.of(file + "-shm")); // as after a crash of the machine
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(as(READER, "get", file, "k")).contains("VaultIoException").contains("-wal");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(as(OWNER, "put", file, "l", "v2")).isEqualTo("[]");
        assertThat(as(READER, "get", file, "k")).contains("value v1, rows 2");
    }

    @Test
    void whatAnotherUserHasLeftIsNamed() throws Exception {
        String file = data.resolve("a.db").toString();
        as(OWNER, "put", file, "k", "v1");
        Path shm = Files.createFile(Path.of(file + "-shm"));
        Files.setPosixFilePermissions(shm, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(as(OWNER, "put", file, "k", "v2")).contains("a.db-shm").contains("root");
    }
}
