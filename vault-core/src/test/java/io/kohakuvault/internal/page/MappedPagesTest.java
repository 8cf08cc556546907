package io.kohakuvault.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows and keys found in the mapped pages, beside what SQLite says. Small pages make deep trees of few rows. */
class MappedPagesTest {
    @TempDir
    Path folder;

    private Connection connection;
    private PageFile pages;
    private int pageSize;

    @AfterEach
    void close() throws SQLException {
        if (connection != null) {
            connection.close();
            pages.release();
        }
    }

    private void open(int bytes, String... ddl) throws SQLException {
        pageSize = bytes;
        Path file = folder.resolve("a.db");
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute("PRAGMA page_size = " + bytes, "PRAGMA journal_mode = wal", "PRAGMA wal_autocheckpoint = 0");
        execute(ddl);
        pages = PageFile.acquire(file);
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.getLong(1);
        }
    }

    private void copyBack() throws SQLException {
        execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /** Begins the read transaction that the pages are of. */
    private StatePages snapshot(boolean knownMoment) throws Exception {
        Moment moment = knownMoment ? Objects.requireNonNull(Moment.now(pages)) : null;
        execute("BEGIN", "SELECT count(*) FROM sqlite_master");
        return Objects.requireNonNull(StatePages.of(pages, pageSize, moment));
    }

    private MappedKeys keys(StatePages snapshot, int valueColumn) throws SQLException {
        return MappedKeys.of(
                snapshot,
                number("SELECT rootpage FROM sqlite_master WHERE name = 'kv'"),
                number("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'kv' AND type = 'index'"),
                valueColumn);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private TreeMap<byte[], byte[]> fill(Random random, int entries, int longestKey, int longestValue)
            throws SQLException {
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        execute("BEGIN");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO kv (key, value) VALUES (?, ?)")) {
            while (model.size() < entries) {
                byte[] key = bytes(random, random.nextInt(longestKey + 1));
                if (key.length > 10 && random.nextBoolean()) {
                    Arrays.fill(key, 0, key.length - 2, (byte) -1); // long common beginnings
                }
                byte[] value = bytes(random, random.nextInt(longestValue + 1));
                if (model.putIfAbsent(key, value) == null) {
                    insert.setBytes(1, key);
                    insert.setBytes(2, value);
                    insert.executeUpdate();
                }
            }
        }
        execute("COMMIT");
        return model;
    }

    private static void compare(MappedKeys keys, TreeMap<byte[], byte[]> model, Random random, boolean othersBefore) {
        model.forEach((key, value) ->
                assertThat(keys.find(key)).as("key %s", Arrays.toString(key)).isEqualTo(value));
        for (int i = 0; i < 300; i++) {
            byte[] key = bytes(random, random.nextInt(30));
            if (!model.containsKey(key)) {
                assertThat(keys.find(key)).isSameAs(MappedKeys.ABSENT);
            }
        }
        for (byte[] key : List.copyOf(model.keySet())) { // neighbours of what is there
            for (byte[] near :
                    List.of(Arrays.copyOf(key, key.length + 1), Arrays.copyOf(key, Math.max(0, key.length - 1)))) {
                if (!model.containsKey(near)) {
                    assertThat(keys.find(near)).isSameAs(MappedKeys.ABSENT);
                }
            }
        }
        scans(keys, model, random, othersBefore);
    }

    private static void scans(MappedKeys keys, TreeMap<byte[], byte[]> model, Random random, boolean othersBefore) {
        List<byte[]> known = new ArrayList<>(model.keySet());
        for (int i = 0; i < 60; i++) {
            byte[] low = i % 5 == 0 ? null : i % 2 == 0 ? known.get(random.nextInt(known.size())) : bytes(random, 2);
            byte[] high = i % 7 == 0 ? null : i % 3 == 0 ? known.get(random.nextInt(known.size())) : bytes(random, 2);
            if (low != null && high != null && Arrays.compareUnsigned(low, high) > 0) {
                byte[] swapped = low;
                low = high;
                high = swapped;
            }
            boolean lowInclusive = random.nextBoolean();
            boolean highInclusive = random.nextBoolean();
            boolean descending = random.nextBoolean();
            Map<byte[], byte[]> expected = range(model, low, lowInclusive, high, highInclusive, descending);
            List<byte[]> found = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            MappedKeys.End end = keys.scan(
                    new MappedKeys.Range(low, lowInclusive, high, highInclusive, descending, true), (key, value) -> {
                        found.add(key);
                        values.add(value);
                        return true;
                    });
            // Keys that are no BLOBs are nothing that a mapped scan can tell.
            assertThat(end)
                    .isEqualTo(
                            othersBefore && descending && low == null ? MappedKeys.End.UNKNOWN : MappedKeys.End.RANGE);
            assertThat(found).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected.keySet());
            assertThat(values).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected.values());
            int[] left = {expected.size() / 2};
            end = keys.scan(
                    new MappedKeys.Range(low, lowInclusive, high, highInclusive, descending, false), (key, value) -> {
                        assertThat(value).isNull();
                        return --left[0] > 0;
                    });
            assertThat(end).isEqualTo(expected.isEmpty() ? MappedKeys.End.RANGE : MappedKeys.End.VISITOR);
        }
    }

    private static Map<byte[], byte[]> range(
            TreeMap<byte[], byte[]> model,
            byte[] low,
            boolean lowInclusive,
            byte[] high,
            boolean highInclusive,
            boolean descending) {
        if (low != null && high != null && Arrays.equals(low, high) && !(lowInclusive && highInclusive)) {
            return Map.of();
        }
        var within = low == null ? model : model.tailMap(low, lowInclusive);
        within = high == null ? within : within.headMap(high, highInclusive);
        return descending ? within.descendingMap() : within;
    }

    @ParameterizedTest
    @CsvSource({"512, 20, 60", "512, 30, 2000", "1024, 100, 30", "4096, 30, 6000", "65536, 2000, 3000"})
    void keysAndScansAreThoseOfAModel(int bytes, int longestKey, int longestValue) throws Exception {
        open(bytes, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        Random random = new Random(bytes + longestKey);
        TreeMap<byte[], byte[]> model = fill(random, 700, longestKey, longestValue);
        copyBack();
        compare(keys(snapshot(true), 1), model, random, false);
    }

    /** What stands in the log is copied from there; beyond what was committed then nothing is. */
    @Test
    void pagesInTheLogAreThoseOfTheMoment() throws Exception {
        open(4096, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        Random random = new Random(3);
        TreeMap<byte[], byte[]> model = fill(random, 700, 20, 100);
        MappedKeys keys = keys(snapshot(true), 1);
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = writer.createStatement()) {
            statement.execute("UPDATE kv SET value = x'00'");
            compare(keys, model, random, false);
            statement.execute("DELETE FROM kv");
            compare(keys, model, random, false);
        }
        assertThat(keys.find(model.firstKey())).isEqualTo(model.firstEntry().getValue());
    }

    /** Without a moment only pages that have no frame are believed: here none of the table's. */
    @Test
    void pagesInTheLogAreLeftToSqliteWhereTheMomentIsNotKnown() throws Exception {
        open(4096, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        copyBack();
        TreeMap<byte[], byte[]> model = fill(new Random(4), 50, 20, 100);
        StatePages snapshot = snapshot(false);
        MappedKeys keys = keys(snapshot, 1);
        model.forEach((key, value) -> assertThat(keys.find(key)).isNull());
        assertThat(keys.find(new byte[] {1, 2, 3})).isNull();
        assertThat(keys.scan(new MappedKeys.Range(null, true, null, true, false, true), (key, value) -> true))
                .isEqualTo(MappedKeys.End.UNKNOWN);
    }

    @Test
    void rowidsOfEveryWidthAreFollowed() throws Exception {
        open(512, "CREATE TABLE kv (id INTEGER PRIMARY KEY, key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)");
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        List<Long> rowids = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE + 5));
        for (int bits = 1; bits < 63; bits++) {
            for (long near : new long[] {-2, -1, 0, 1}) {
                rowids.add((1L << bits) + near);
                rowids.add(-(1L << bits) + near);
            }
        }
        Random random = new Random(6);
        try (PreparedStatement insert = connection.prepareStatement("INSERT OR IGNORE INTO kv VALUES (?, ?, ?)")) {
            for (long rowid : rowids) {
                byte[] key = ByteBuffer.allocate(8).putLong(rowid).array();
                byte[] value = bytes(random, 20);
                insert.setLong(1, rowid);
                insert.setBytes(2, key);
                insert.setBytes(3, value);
                if (insert.executeUpdate() == 1) {
                    model.put(key, value);
                }
            }
        }
        copyBack();
        compare(keys(snapshot(true), 2), model, random, false);
    }

    /** Sizes around those where a record leaves the page, and where another overflow page begins. */
    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void valuesOfEverySizeAroundAPagesAreWhole(int bytes) throws Exception {
        open(
                bytes,
                "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)",
                "CREATE TABLE blocks (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, offsets BLOB)");
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        Random random = new Random(7);
        List<Integer> sizes = new ArrayList<>();
        for (int around : new int[] {bytes - 35, bytes, 2 * bytes, 3 * bytes}) {
            for (int d = -60; d < 30; d += 1) {
                sizes.add(around + d);
            }
        }
        execute("BEGIN");
        try (PreparedStatement kv = connection.prepareStatement("INSERT INTO kv VALUES (?, ?)");
                PreparedStatement block = connection.prepareStatement("INSERT INTO blocks VALUES (?, ?, ?)")) {
            for (int i = 0; i < sizes.size(); i++) {
                byte[] key = ByteBuffer.allocate(4).putInt(i).array();
                byte[] value = bytes(random, sizes.get(i));
                model.put(key, value);
                kv.setBytes(1, key);
                kv.setBytes(2, value);
                kv.executeUpdate();
                block.setLong(1, i + 1);
                block.setBytes(2, value);
                block.setBytes(3, i % 2 == 0 ? null : Arrays.copyOf(value, 16));
                block.executeUpdate();
            }
        }
        execute("COMMIT");
        copyBack();
        MappedKeys keys = keys(snapshot(true), 1);
        model.forEach((key, value) ->
                assertThat(keys.find(key)).as("%d bytes", value.length).isEqualTo(value));
        MappedTable table = Objects.requireNonNull(MappedTable.of(
                Objects.requireNonNull(StatePages.of(pages, pageSize, Moment.now(pages))),
                number("SELECT rootpage FROM sqlite_master WHERE name = 'blocks'")));
        int gathered = 0;
        for (int i = 0; i < sizes.size(); i++) {
            byte[] value = model.get(ByteBuffer.allocate(4).putInt(i).array());
            MappedTable.Row row = Objects.requireNonNull(table.find(i + 1));
            assertThat(content(row.payload())).isEqualTo(value);
            if (i % 2 == 0) {
                assertThat(row.offsets()).isNull();
            } else {
                assertThat(content(Objects.requireNonNull(row.offsets()))).isEqualTo(Arrays.copyOf(value, 16));
            }
            gathered += row.gathered() ? 1 : 0;
        }
        assertThat(gathered).isBetween(sizes.size() / 2, sizes.size() - 1);
        assertThat(table.find(0)).isNull();
        assertThat(table.find(sizes.size() + 1)).isNull();
        assertThat(table.find(Long.MAX_VALUE)).isNull();
    }

    /** A record whose parts are not as long as it says itself. */
    @Test
    void aRowWhoseSizesDoNotAddUpIsLeftToSqlite() throws Exception {
        open(4096, "CREATE TABLE blocks (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, offsets BLOB)");
        execute("INSERT INTO blocks VALUES (1, x'" + "ab".repeat(20) + "', NULL)");
        copyBack();
        long root = number("SELECT rootpage FROM sqlite_master WHERE name = 'blocks'");
        StatePages state = snapshot(true);
        assertThat(Objects.requireNonNull(MappedTable.of(state, root).find(1))
                        .payload()
                        .remaining())
                .isEqualTo(20);
        byte[] header = {4, 0, 12 + 2 * 20, 0, (byte) 0xAB};
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("a.db").toFile(), "rw")) {
            byte[] all = new byte[(int) file.length()];
            file.readFully(all);
            int at = 0;
            while (!Arrays.equals(all, at, at + header.length, header, 0, header.length)) {
                at++;
            }
            for (int other : new int[] {12 + 2 * 19, 12 + 2 * 21, 12 + 2 * 50}) {
                file.seek(at + 2);
                file.write(other);
                assertThat(MappedTable.of(state, root).find(1)).isNull();
            }
        }
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /**
     * Of a table whose rows another transaction changes, deletes and moves, only rows on unchanged pages are found, and
     * those are right.
     */
    @Test
    void rowsThatOthersChangeAreLeftToSqlite() throws Exception {
        open(512, "CREATE TABLE blocks (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, offsets BLOB)");
        Random random = new Random(8);
        int rows = 2_000;
        List<byte[]> payloads = new ArrayList<>();
        execute("BEGIN");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO blocks VALUES (?, ?, NULL)")) {
            for (int i = 0; i < rows; i++) {
                payloads.add(bytes(random, i % 50 == 0 ? 1_200 : random.nextInt(60)));
                insert.setLong(1, 3L * i);
                insert.setBytes(2, payloads.get(i));
                insert.executeUpdate();
            }
        }
        execute("COMMIT");
        copyBack();
        long root = number("SELECT rootpage FROM sqlite_master WHERE name = 'blocks'");
        execute("BEGIN", "SELECT count(*) FROM blocks");
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = writer.createStatement()) {
            statement.execute("UPDATE blocks SET payload = x'77' WHERE id BETWEEN 300 AND 330");
            statement.execute("DELETE FROM blocks WHERE id BETWEEN 3000 AND 3300");
            statement.execute(
                    "INSERT INTO blocks SELECT id + 1, zeroblob(40), NULL FROM blocks WHERE id BETWEEN 900 AND 960");
            MappedTable table = Objects.requireNonNull(
                    MappedTable.of(Objects.requireNonNull(StatePages.of(pages, 512, null)), root));
            int found = 0;
            for (int i = 0; i < rows; i++) {
                MappedTable.Row row = table.find(3L * i);
                if (row != null) {
                    assertThat(content(row.payload())).as("row %d", 3 * i).isEqualTo(payloads.get(i));
                    found++;
                }
            }
            assertThat(found).isBetween(rows / 2, rows - 100);
            for (int i : new int[] {100, 105, 110, 1_010, 1_050, 1_090}) {
                assertThat(table.find(3L * i)).as("row %d", 3 * i).isNull();
            }
        }
    }

    /** Keys that are no BLOBs come before all that are; looking for a BLOB passes them by. */
    @Test
    void keysOfOtherTypesStandBeforeBlobs() throws Exception {
        open(512, "CREATE TABLE kv (key PRIMARY KEY NOT NULL, value)");
        execute("BEGIN");
        for (int i = 0; i < 150; i++) {
            execute("INSERT INTO kv VALUES (" + i + ", 'number'), ('text " + i + "', 'text'), (" + i + ".5, 1.5)");
        }
        execute("COMMIT");
        Random random = new Random(9);
        TreeMap<byte[], byte[]> model = fill(random, 300, 20, 20);
        copyBack();
        MappedKeys keys = keys(snapshot(true), 1);
        compare(keys, model, random, true);
    }

    /** The value is found behind columns of any type; one that is no BLOB is left to SQLite. */
    @Test
    void columnsBeforeTheValueAreSkippedByTheirTypes() throws Exception {
        open(512, "CREATE TABLE kv (a, b, c, key BLOB UNIQUE NOT NULL, value)");
        List<String> others = List.of(
                "NULL",
                "0",
                "1",
                "2",
                "-200",
                "40000",
                "-9000000",
                "3000000000",
                "1e300",
                "'text'",
                "zeroblob(20)",
                "9e18");
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        Random random = new Random(10);
        int n = 0;
        execute("BEGIN");
        for (String a : others) {
            for (String b : others) {
                byte[] key = ByteBuffer.allocate(4).putInt(n++).array();
                byte[] value = bytes(random, random.nextInt(30));
                model.put(key, value);
                try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO kv VALUES (" + a + ", " + b + ", " + a + ", ?, ?)")) {
                    insert.setBytes(1, key);
                    insert.setBytes(2, value);
                    insert.executeUpdate();
                }
            }
        }
        execute(
                "INSERT INTO kv VALUES (1, 2, 3, x'FF01', 'text'), (1, 2, 3, x'FF02', 7), (1, 2, 3, x'FF03', NULL)",
                "COMMIT");
        copyBack();
        MappedKeys keys = keys(snapshot(true), 4);
        model.forEach((key, value) -> assertThat(keys.find(key)).isEqualTo(value));
        for (int i = 1; i <= 3; i++) {
            assertThat(keys.find(new byte[] {(byte) 0xFF, (byte) i})).isNull();
        }
    }

    /** Of a key that goes on on other pages only its beginning is seen: that decides, or SQLite does. */
    @ParameterizedTest
    @CsvSource({"512, 101, 110", "512, 90, 600", "1024, 200, 1500", "4096, 900, 6000"})
    void longKeysAreNeverTakenForOthers(int bytes, int shortest, int longest) throws Exception {
        open(bytes, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        Random random = new Random(longest);
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        byte[] alike = bytes(random, longest);
        execute("BEGIN");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO kv VALUES (?, ?)")) {
            for (int i = 0; i < 300; i++) {
                byte[] key = i % 3 == 0
                        ? bytes(random, 1 + random.nextInt(8))
                        : Arrays.copyOf(alike, shortest + random.nextInt(longest - shortest));
                if (i % 3 == 1) {
                    key[random.nextInt(key.length)]++;
                }
                byte[] value = bytes(random, 5);
                if (model.putIfAbsent(key, value) == null) {
                    insert.setBytes(1, key);
                    insert.setBytes(2, value);
                    insert.executeUpdate();
                }
            }
        }
        execute("COMMIT");
        copyBack();
        MappedKeys keys = keys(snapshot(true), 1);
        int found = 0;
        for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
            byte[] value = keys.find(entry.getKey());
            if (value != null) {
                assertThat(value).isEqualTo(entry.getValue());
                found++;
            }
            byte[] missing = Arrays.copyOf(entry.getKey(), entry.getKey().length + 1);
            byte[] none = model.containsKey(missing) ? null : keys.find(missing);
            assertThat(none == null || none == MappedKeys.ABSENT).isTrue();
        }
        assertThat(found).isGreaterThan(30);
        List<byte[]> expected = new ArrayList<>(model.keySet());
        List<byte[]> scanned = new ArrayList<>();
        keys.scan(new MappedKeys.Range(null, true, null, true, false, true), (key, value) -> {
            assertThat(value).isEqualTo(model.get(key));
            return scanned.add(key);
        });
        assertThat(scanned)
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(expected.subList(0, scanned.size()));
    }

    /** The log is looked at when others have committed already: their frames follow those of the moment. */
    @Test
    void framesBehindTheMomentAreNotRead() throws Exception {
        open(4096, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        TreeMap<byte[], byte[]> model = fill(new Random(11), 20, 20, 20);
        Moment moment = Objects.requireNonNull(Moment.now(pages));
        execute("BEGIN", "SELECT count(*) FROM sqlite_master");
        try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = writer.createStatement()) {
            statement.execute("UPDATE kv SET value = x'00'"); // one frame, the first behind the moment
            StatePages snapshot = Objects.requireNonNull(StatePages.of(pages, pageSize, moment));
            compare(keys(snapshot, 1), model, new Random(12), false);
            assertThat(moment.isNewest()).isFalse();
            assertThat(snapshot.page(moment.pages())).isNotNull();
            assertThat(snapshot.page(moment.pages() + 1)).isNull();
            assertThat(snapshot.page(0)).isNull();
        }
    }

    /** Two keys of a page exchanged: SQLite would find neither, a scan must not go back. */
    @Test
    void keysThatStandInNoOrderEndAScan() throws Exception {
        open(4096, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        fill(new Random(13), 40, 20, 5);
        copyBack();
        long root = number("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'kv' AND type = 'index'");
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("a.db").toFile(), "rw")) {
            long pointer = (root - 1) * 4096 + 8 + 2 * 20;
            file.seek(pointer);
            int two = file.readInt();
            file.seek(pointer);
            file.writeInt(Integer.rotateLeft(two, 16));
        }
        for (boolean descending : new boolean[] {false, true}) {
            List<byte[]> scanned = new ArrayList<>();
            assertThat(keys(snapshot(true), 1)
                            .scan(
                                    new MappedKeys.Range(null, true, null, true, descending, false),
                                    (key, value) -> scanned.add(key)))
                    .isEqualTo(MappedKeys.End.DISORDER);
            assertThat(scanned)
                    .isSortedAccordingTo(descending ? (a, b) -> Arrays.compareUnsigned(b, a) : Arrays::compareUnsigned);
            execute("COMMIT");
        }
    }

    @Test
    void anEmptyTableHasNoKeys() throws Exception {
        open(512, "CREATE TABLE kv (key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)");
        copyBack();
        MappedKeys keys = keys(snapshot(true), 1);
        assertThat(keys.find(new byte[0])).isSameAs(MappedKeys.ABSENT);
        for (boolean descending : new boolean[] {false, true}) {
            assertThat(keys.scan(new MappedKeys.Range(null, true, null, true, descending, true), (key, value) -> false))
                    .isEqualTo(MappedKeys.End.RANGE);
        }
    }
}
