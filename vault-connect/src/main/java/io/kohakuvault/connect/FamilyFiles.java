package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of families that take turns, and which partitions their ledgers know. What finished files know is
 * remembered while they do not change, for there may be thousands. Used by one thread.
 */
final class FamilyFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyFiles.class);

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private final FileNames names;
    private final String databasePath;
    private final Map<Path, Remembered> remembered = new HashMap<>();
    private final Set<Path> databases = new HashSet<>();
    private final Set<Path> foreign = new HashSet<>();

    /** A partition of a connector's. */
    record Key(String source, String topic, int partition) {}

    /**
     * What a file knows.
     *
     * @param known the partitions that were claimed in it
     * @param delivered those of them that have brought something
     */
    record Ledger(Set<Key> known, Set<Key> delivered) {}

    /** What a file knew when it had this size and was written last at this time. */
    private record Remembered(long size, long modified, Ledger ledger) {}

    FamilyFiles(FileNames names, String databasePath) {
        this.names = names;
        this.databasePath = databasePath;
    }

    /** The databases of a family, the newest first. Others that have such a name are left alone. */
    List<FileNames.Found> existing(String family) {
        try {
            List<FileNames.Found> files = new ArrayList<>();
            for (FileNames.Found file : names.existing(family)) {
                if (databases.contains(file.path()) || (Files.isRegularFile(file.path()) && isDatabase(file.path()))) {
                    files.add(file);
                    databases.add(file.path());
                } else if (foreign.add(file.path())) {
                    LOG.info("{} is no database, or an empty one, and is left alone", file.path());
                }
            }
            return files;
        } catch (IOException e) {
            throw new VaultIoException("the folder of " + databasePath + " cannot be read: " + e, e);
        }
    }

    /** A file of no bytes is one whose maker was killed before it wrote anything. */
    static boolean isDatabase(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /**
     * What a file knows of partitions.
     *
     * @param isFinished whether nobody writes it any more but to finish what has begun
     */
    Ledger ledger(Path file, boolean isFinished) {
        try {
            long size = Files.size(file);
            long modified = Files.getLastModifiedTime(file).toMillis();
            Path log = Path.of(file.toRealPath() + "-wal"); // where SQLite has it, also behind a link
            boolean still = isFinished && (!Files.exists(log) || Files.size(log) == 0);
            Remembered before = remembered.get(file);
            if (still && before != null && before.size == size && before.modified == modified) {
                return before.ledger;
            }
            Ledger ledger = read(file);
            if (still) {
                remembered.put(file, new Remembered(size, modified, ledger));
            }
            return ledger;
        } catch (IOException e) {
            throw new VaultIoException(file + " cannot be looked at: " + e, e);
        }
    }

    private static Ledger read(Path file) {
        Ledger ledger = new Ledger(new HashSet<>(), new HashSet<>());
        try (Vault vault = Vault.openReadOnly(file)) {
            for (String source : vault.offsets().sources()) {
                for (Claim claim : vault.offsets().claims(source)) {
                    Key key = new Key(source, claim.topic(), claim.partition());
                    ledger.known.add(key);
                    if (claim.nextOffset() >= 0) {
                        ledger.delivered.add(key);
                    }
                }
            }
        }
        return ledger;
    }

    void forget(Path file) {
        remembered.remove(file);
        databases.remove(file);
    }
}
