package io.kohakuvault.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.table.Filter;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrow IPC out of vaults, read by Arrow and by {@link ArrowImport}. */
class ArrowExportTest {
    @TempDir
    Path folder;

    private BufferAllocator allocator;
    private Vault vault;
    private Snapshot snapshot;

    @BeforeEach
    void open() {
        allocator = VaultArrow.allocator();
        vault = Vault.open(folder.resolve("v.db"));
        EveryType.make(vault, 3_000, 7);
        snapshot = vault.snapshot();
    }

    @AfterEach
    void nothingLeaksAndNoPartIsLeft() throws IOException {
        snapshot.close();
        vault.close();
        allocator.close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
        }
    }

    private ArrowScan scan() {
        return VaultArrow.scan(snapshot, "t");
    }

    private ArrowExport export() {
        return ArrowExport.of(scan(), allocator);
    }

    private List<List<Object>> rows(ArrowReader reader) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        while (reader.loadNextBatch()) {
            EveryType.add(reader.getVectorSchemaRoot(), rows);
        }
        return rows;
    }

    private ArrowFileReader file(Path path) throws IOException {
        return new ArrowFileReader(FileChannel.open(path, StandardOpenOption.READ), allocator);
    }

    /** Fields and values of every type, and the same table again, in both forms and however compressed. */
    @ParameterizedTest
    @EnumSource(IpcCompression.class)
    void everyTypeComesBack(IpcCompression compression) throws Exception {
        List<List<Object>> expected = EveryType.read(scan(), allocator);
        Schema schema;
        try (ArrowReader reader = scan().open(allocator)) {
            schema = reader.getVectorSchemaRoot().getSchema();
        }
        ArrowExport export = export().withCompression(compression).withBatchRows(1_000);
        Path path = folder.resolve("t.arrow");
        assertThat(export.to(path)).isEqualTo(3_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(export.withFormat(IpcFormat.STREAM).to(bytes)).isEqualTo(3_000);
        try (ArrowFileReader reader = file(path)) {
            assertThat(reader.getRecordBlocks()).hasSize(3);
            assertThat(reader.getVectorSchemaRoot().getSchema()).isEqualTo(schema);
            assertThat(rows(reader)).isEqualTo(expected);
        }
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(reader.getVectorSchemaRoot().getSchema()).isEqualTo(schema);
            assertThat(rows(reader)).isEqualTo(expected);
        }
        try (Vault again = Vault.open(folder.resolve("again.db"));
                ArrowReader reader = file(path)) {
            ArrowImport.of(reader).into(again, "t");
            Table table = again.tables().get("t");
            assertThat(table.schema()).isEqualTo(vault.tables().get("t").schema());
            Iterator<Row> rows = vault.tables().get("t").scan().iterator();
            for (Row row : table.scan()) {
                assertThat(row).isEqualTo(rows.next());
            }
            assertThat(rows).isExhausted();
        }
    }

    @Test
    void compressionSavesRoom() throws Exception {
        long plain = size(IpcCompression.NONE);
        assertThat(size(IpcCompression.ZSTD)).isLessThan(plain * 3 / 4);
        assertThat(size(IpcCompression.LZ4)).isLessThan(plain * 3 / 4);
    }

    /** More than one block of LZ4, of which one cannot be made smaller. */
    @Test
    void buffersOfManyBlocks() throws Exception {
        byte[] random = new byte[5 << 20];
        new java.util.Random(3).nextBytes(random);
        byte[] zeros = new byte[6 << 20];
        vault.columns().ensure("large", DType.BYTES).appendAll(List.of(random, zeros));
        Path path = folder.resolve("large.arrow");
        try (Snapshot state = vault.snapshot()) {
            ArrowExport.of(VaultArrow.scanColumns(state, "large"), allocator)
                    .withCompression(IpcCompression.LZ4)
                    .to(path);
        }
        assertThat(Files.size(path)).isBetween(5L << 20, (5L << 20) + 200_000);
        try (ArrowReader reader = file(path)) {
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(reader.getVectorSchemaRoot().getVector(0).getObject(0)).isEqualTo(random);
            assertThat(reader.getVectorSchemaRoot().getVector(0).getObject(1)).isEqualTo(zeros);
        }
    }

    private long size(IpcCompression compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        export().withCompression(compression).to(bytes);
        return bytes.size();
    }

    /** One batch of what a scan by blocks has many of; a stream, a channel and a file hold the same bytes. */
    @Test
    void batchesAreLarge() throws Exception {
        vault.columns()
                .ensure("numbers", DType.I64)
                .appendAll(java.util.stream.LongStream.range(0, 150_000).toArray());
        try (Snapshot state = vault.snapshot()) {
            ArrowExport export = ArrowExport.of(VaultArrow.scanColumns(state, "numbers"), allocator);
            Path path = folder.resolve("numbers.arrow");
            assertThat(export.to(path)).isEqualTo(150_000);
            try (ArrowFileReader reader = file(path)) {
                List<Integer> sizes = new ArrayList<>();
                while (reader.loadNextBatch()) {
                    sizes.add(reader.getVectorSchemaRoot().getRowCount());
                }
                assertThat(sizes).containsExactly(65_536, 65_536, 18_928);
            }
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            export.to(stream);
            assertThat(stream.toByteArray()).isEqualTo(Files.readAllBytes(path));
            ByteArrayOutputStream channel = new ByteArrayOutputStream();
            export.to(Channels.newChannel(channel));
            assertThat(channel.toByteArray()).isEqualTo(stream.toByteArray());
        }
    }

    @Test
    void filtersColumnsAndProfilesAreTheScans() throws Exception {
        ArrowScan scan =
                scan().columns("n", "f16").where(Filter.where("n", 100, 200)).profile(ArrowProfile.duckDb());
        Path path = folder.resolve("some.arrow");
        assertThat(ArrowExport.of(scan, allocator).to(path)).isEqualTo(100);
        try (ArrowReader reader = file(path)) {
            assertThat(rows(reader)).isEqualTo(EveryType.read(scan, allocator));
        }
        assertThat(ArrowExport.of(scan().rows(0, 0), allocator).to(folder.resolve("none.arrow")))
                .isZero();
        try (ArrowReader reader = file(folder.resolve("none.arrow"))) {
            assertThat(reader.getVectorSchemaRoot().getSchema().getFields()).hasSize(32);
            assertThat(reader.loadNextBatch()).isFalse();
        }
        ArrowScan refused = scan().profile(ArrowProfile.spark());
        assertThatThrownBy(() -> ArrowExport.of(refused, allocator).to(folder.resolve("refused.arrow")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("clock");
        assertThat(folder.resolve("refused.arrow")).doesNotExist();
    }

    @Test
    void aReadersBatchesAsTheyCome() throws Exception {
        Path path = folder.resolve("t.arrow");
        long batches;
        try (VaultArrowReader reader = scan().batchRows(1, 500).open(allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            int first = reader.getVectorSchemaRoot().getRowCount();
            assertThat(ArrowExport.of(reader).to(path)).isEqualTo(3_000 - first);
            batches = reader.stats().batches() - 1;
            assertThatThrownBy(() -> ArrowExport.of(reader).withBatchRows(5))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("as they come");
        }
        try (ArrowFileReader reader = file(path)) {
            assertThat(reader.getRecordBlocks()).hasSize((int) batches);
        }
    }

    @Test
    void dictionariesOfAReaderStay() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, null);
        try (VarCharVector words = new VarCharVector("words", allocator);
                VarCharVector values = new VarCharVector("word", allocator)) {
            words.allocateNew();
            words.setSafe(0, "b".getBytes());
            words.setSafe(1, "a".getBytes());
            words.setValueCount(2);
            values.allocateNew();
            for (int i = 0; i < 4; i++) {
                values.setSafe(i, (i % 3 == 0 ? "a" : "b").getBytes());
            }
            values.setValueCount(4);
            Dictionary dictionary = new Dictionary(words, encoding);
            try (VectorSchemaRoot root = VectorSchemaRoot.of(
                            (org.apache.arrow.vector.FieldVector) DictionaryEncoder.encode(values, dictionary));
                    ArrowStreamWriter writer = new ArrowStreamWriter(
                            root, new DictionaryProvider.MapDictionaryProvider(dictionary), bytes)) {
                writer.writeBatch();
            }
        }
        Path path = folder.resolve("words.arrow");
        try (ArrowReader reader = new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
            assertThat(ArrowExport.of(reader)
                            .withCompression(IpcCompression.ZSTD)
                            .to(path))
                    .isEqualTo(4);
        }
        try (ArrowReader reader = file(path)) {
            ArrowImport.of(reader).into(vault, "words");
        }
        assertThat(vault.tables().get("words").scan())
                .extracting(row -> row.getString("word"))
                .containsExactly("a", "b", "b", "a");
    }

    /** While it is written, and when that fails, there is nothing at the target but what was there before. */
    @Test
    void aTargetIsThereWholeOrNotAtAll() throws Exception {
        Path path = folder.resolve("t.arrow");
        for (boolean there : new boolean[] {false, true}) {
            if (there) {
                Files.writeString(path, "before");
            }
            try (Failing failing = new Failing(2, () -> {
                try (Stream<Path> files = Files.list(folder)) {
                    assertThat(files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.startsWith("t.arrow"))
                                    .collect(Collectors.toList()))
                            .hasSize(there ? 2 : 1)
                            .anyMatch(name -> name.endsWith(".part"));
                }
                throw new IOException("the second batch is lost");
            })) {
                assertThatThrownBy(
                                () -> ArrowExport.of(failing).withOverwriting().to(path))
                        .hasMessage("the second batch is lost");
            }
            if (there) {
                assertThat(path).hasContent("before");
            } else {
                assertThat(path).doesNotExist();
            }
        }
        assertThat(export().withOverwriting().to(path)).isEqualTo(3_000);
        try (ArrowReader reader = file(path)) {
            assertThat(rows(reader)).hasSize(3_000);
        }
    }

    /** Its end would say that it is whole. */
    @Test
    void aStreamThatFailsHasNoEnd() throws Exception {
        for (IpcFormat format : IpcFormat.values()) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            export().withFormat(format).to(whole);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (Failing failing = new Failing(2, () -> {
                throw new IOException("lost");
            })) {
                ArrowExport export = ArrowExport.of(failing).withFormat(format);
                assertThatThrownBy(() -> export.to(bytes)).hasMessage("lost");
            }
            byte[] end = Arrays.copyOfRange(whole.toByteArray(), whole.size() - 8, whole.size());
            assertThat(bytes.toByteArray()).isNotEmpty();
            assertThat(Arrays.copyOfRange(bytes.toByteArray(), bytes.size() - 8, bytes.size()))
                    .isNotEqualTo(end);
        }
        for (IpcCompression compression : IpcCompression.values()) {
            OutputStream full = new OutputStream() {
                private long left = 100_000;

                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int size) throws IOException {
                    left -= size;
                    if (left < 0) {
                        throw new IOException("no space left");
                    }
                }

                @Override
                public void close() {
                    throw new AssertionError("it is the caller's to close");
                }
            };
            assertThatThrownBy(() -> export().withCompression(compression).to(full))
                    .hasMessage("no space left");
        }
    }

    @Test
    void anInterruptLeavesNothing() {
        Path path = folder.resolve("t.arrow");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> export().to(path)).isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatIsThereIsRefused() throws Exception {
        Path path = Files.writeString(folder.resolve("t.arrow"), "before");
        assertThatThrownBy(() -> export().to(path))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("t.arrow")
                .hasMessageContaining("withOverwriting");
        assertThat(path).hasContent("before");
        assertThatThrownBy(() -> export().to(folder.resolve("none").resolve("t.arrow")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("none");
        Path directory = Files.createDirectory(folder.resolve("d.arrow"));
        assertThatThrownBy(() -> export().withOverwriting().to(directory))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no file");
        Path made = folder.resolve("made.arrow");
        try (Failing late = new Failing(2, () -> Files.writeString(made, "somebody else's"))) {
            assertThatThrownBy(() -> ArrowExport.of(late).to(made)).isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(made).hasContent("somebody else's");
    }

    @Test
    void theVaultIsNotWrittenOver() throws Exception {
        vault.tables()
                .get("t")
                .append(row -> row.set("n", -1)
                        .set("ts", java.time.Instant.EPOCH)
                        .set("random", 1)
                        .set("f64", 1)
                        .set("yes", true)
                        .set("code", ""));
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Path own = Path.of(vault.path() + suffix);
            assertThat(Files.exists(own)).isEqualTo(!suffix.equals("-journal"));
            assertThatThrownBy(() -> export().withOverwriting().to(own))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the vault itself");
            try (VaultArrowReader reader = scan().open(allocator)) {
                assertThatThrownBy(
                                () -> ArrowExport.of(reader).withOverwriting().to(own))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(vault.tables().get("t").length()).isEqualTo(3_001);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "sets POSIX permissions, and makes links")
    void linksLeadToTheFileAndItsRightsStay() throws Exception {
        Path real = Files.writeString(folder.resolve("real.arrow"), "before");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link.arrow"), real);
        assertThatThrownBy(() -> export().to(link)).isInstanceOf(FileAlreadyExistsException.class);
        export().withOverwriting().to(link);
        assertThat(link).isSymbolicLink();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-------");
        try (ArrowReader reader = file(real)) {
            assertThat(rows(reader)).hasSize(3_000);
        }
        Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere.arrow"), folder.resolve("not there"));
        assertThatThrownBy(() -> export().to(nowhere)).isInstanceOf(FileAlreadyExistsException.class);
        export().withOverwriting().to(nowhere);
        assertThat(nowhere).isSymbolicLink();
        assertThat(folder.resolve("not there")).isRegularFile();
        Path log = Files.createSymbolicLink(folder.resolve("log.arrow"), Path.of(vault.path() + "-journal"));
        assertThatThrownBy(() -> export().withOverwriting().to(log)).hasMessageContaining("is the vault itself");
    }

    @Test
    void whatIsClosedSaysSo() throws Exception {
        Path path = folder.resolve("t.arrow");
        VaultArrowReader reader = scan().open(allocator);
        reader.close();
        assertThatThrownBy(() -> ArrowExport.of(reader).to(path))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this reader is closed");
        ArrowExport export = export();
        snapshot.close();
        assertThatThrownBy(() -> export.to(path)).isInstanceOf(IllegalStateException.class);
        assertThat(path).doesNotExist();
    }

    /** In a JVM without the library, which the class path of tests has. */
    @Test
    void compressionNamesTheLibraryItNeeds() throws Exception {
        String without = Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("arrow-compression") && !entry.contains("lz4-java"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(System.getProperty("vault.jvm.flags").split(" ")));
        command.addAll(List.of("-cp", without, Uncompressed.class.getName(), folder.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains("ZSTD needs org.apache.arrow:arrow-compression")
                .contains("1 row");
    }

    static final class Uncompressed {
        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            try (BufferAllocator allocator = VaultArrow.allocator();
                    Vault vault = Vault.open(folder.resolve("child.db"))) {
                vault.columns().ensure("n", DType.I64).append(1);
                try (Snapshot snapshot = vault.snapshot()) {
                    ArrowExport export = ArrowExport.of(VaultArrow.scanColumns(snapshot, "n"), allocator);
                    System.out.println(export.to(folder.resolve("child.arrow")) + " row");
                    for (IpcCompression compression : List.of(IpcCompression.ZSTD, IpcCompression.LZ4)) {
                        assertThatThrownBy(() -> export.withCompression(compression))
                                .isInstanceOf(IllegalStateException.class)
                                .satisfies(e -> System.out.println(e.getMessage()));
                    }
                }
            }
        }
    }

    /** Batches of one table, before one of which something happens. */
    private final class Failing extends ArrowReader {
        @FunctionalInterface
        interface Event {
            void happen() throws IOException;
        }

        private final VaultArrowReader source = scan().copied(500).open(ArrowExportTest.this.allocator);
        private final int at;
        private final Event event;
        private int batches;

        Failing(int at, Event event) {
            super(ArrowExportTest.this.allocator);
            this.at = at;
            this.event = event;
        }

        @Override
        public VectorSchemaRoot getVectorSchemaRoot() throws IOException {
            return source.getVectorSchemaRoot();
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (++batches == at) {
                event.happen();
            }
            return source.loadNextBatch();
        }

        @Override
        public long bytesRead() {
            return source.bytesRead();
        }

        @Override
        protected void closeReadSource() throws IOException {
            source.close();
        }

        @Override
        protected Schema readSchema() throws IOException {
            return source.getVectorSchemaRoot().getSchema();
        }
    }
}
