package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that take turns. A partition belongs to the newest file that knows its offset. It is handed over to the next
 * one in three steps, each a transaction: it is claimed in the old file, which fences whoever writes there, with a note
 * that it is on its way; the new file gets its offset; the old file notes that it is gone. A task that finds the first
 * step alone takes the others; one that finds the third without the new file knows that the new file was lost. Used by
 * the task's thread alone.
 */
final class Rotation {
    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    private static final String MOVING = "moving";
    private static final String MOVED = "moved";

    private final FileNames names;
    private final SinkConfig config;
    private final VaultOptions options;
    private final Clock clock;

    Rotation(SinkConfig config, VaultOptions options, Clock clock) {
        this.names = config.files();
        this.config = config;
        this.options = options;
        this.clock = clock;
    }

    /** The file that knows a partition, and what it knows. */
    private record Holding(FileNames.Found file, Claim claim) {}

    /**
     * The newest file that knows a partition.
     *
     * @throws VaultIoException when the folder cannot be read
     */
    Optional<Path> holder(TopicPartition partition) {
        return holding(partition).map(held -> held.file.path());
    }

    private Optional<Holding> holding(TopicPartition partition) {
        for (FileNames.Found file : existing(partition)) {
            if (isEmpty(file.path())) {
                continue; // whoever made it was killed before it wrote anything
            }
            try (Vault vault = Vault.openReadOnly(file.path())) {
                Claim claim = VaultFile.stored(vault, config).get(partition);
                if (claim != null) {
                    return Optional.of(new Holding(file, claim));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            throw new VaultIoException(file + ": its size cannot be read: " + e, e);
        }
    }

    private List<FileNames.Found> existing(TopicPartition partition) {
        try {
            return names.existing(names.family(partition.topic(), partition.partition()));
        } catch (IOException e) {
            throw new VaultIoException("the folder of " + config.databasePath() + " cannot be read: " + e, e);
        }
    }

    /**
     * The file whose turn it is for a partition; the partition is handed over to it.
     *
     * @throws ConnectException when the file that it was handed over to is gone
     */
    Path turn(TopicPartition partition) {
        String family = names.family(partition.topic(), partition.partition());
        FileNames.Part part = names.at(clock.instant());
        Optional<Holding> held = holding(partition);
        if (held.isPresent() && held.get().file.part().compareTo(part) > 0) {
            part = held.get().file.part(); // never back, whatever the clock says
        }
        while (isFull(names.path(family, part))) {
            part = part.next();
        }
        Path next = names.path(family, part);
        if (held.isPresent() && !held.get().file.part().equals(part)) {
            handOver(partition, held.get(), next, part);
        }
        return next;
    }

    private boolean isFull(Path file) {
        try {
            return names.isNumbered() && Files.exists(file) && Files.size(file) >= config.rotateBytes();
        } catch (IOException e) {
            throw new VaultIoException(file + ": its size cannot be read: " + e, e);
        }
    }

    /** Whether a file's turn has ended: its time is over, or it is full of what was written since it was opened. */
    boolean isDue(VaultFile file) {
        Optional<TopicPartition> any =
                file.partitions().stream().map(PartitionProgress::partition).findFirst();
        if (any.isEmpty()) {
            return false;
        }
        FileNames.Part now = names.at(clock.instant());
        String family = names.family(any.get().topic(), any.get().partition());
        return (file.partitions().stream().anyMatch(PartitionProgress::hasWritten) && isFull(file.path()))
                || names.part(family, file.path())
                        .filter(part -> new FileNames.Part(part.date(), part.hour(), now.sequence()).compareTo(now) < 0)
                        .isPresent();
    }

    private void handOver(TopicPartition partition, Holding held, Path next, FileNames.Part part) {
        String note = held.claim.note().orElse("");
        Optional<String> lost = word(note, MOVED);
        if (lost.isPresent() && config.policy().missingOffsets() == DeliveryPolicy.OnMissingOffsets.FAIL) {
            throw new ConnectException(partition + " was handed over from " + held.file.path()
                    + " to the next file, which is not there any more (" + lost.get()
                    + "); what was acknowledged to Kafka is in it. Put it back, or set "
                    + SinkSettings.ON_MISSING_OFFSETS + " to restart to go on from offset " + held.claim.nextOffset()
                    + ", where the older file ends");
        }
        String own = without(note);
        try (Vault from = Vault.open(held.file.path(), options);
                Vault to = Vault.open(next, options)) {
            Claim last = from.compute(() -> {
                Claim claim = from.offsets().claim(config.connector(), partition.topic(), partition.partition());
                from.offsets().advance(claim, claim.nextOffset(), own + " " + MOVING + "=" + part);
                return claim;
            });
            to.transact(() -> {
                Claim claim = to.offsets().claim(config.connector(), partition.topic(), partition.partition());
                to.offsets().advance(claim, last.nextOffset(), own);
            });
            from.transact(() -> from.offsets().advance(last, last.nextOffset(), own + " " + MOVED + "=" + part));
        }
        LOG.info("{}: goes on in {} from {}", partition, next, held.claim.nextOffset());
    }

    private static Optional<String> word(String note, String key) {
        for (String word : note.split(" ", -1)) {
            if (word.startsWith(key + "=")) {
                return Optional.of(word.substring(key.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static String without(String note) {
        StringBuilder rest = new StringBuilder();
        for (String word : note.split(" ", -1)) {
            if (!word.startsWith(MOVING + "=") && !word.startsWith(MOVED + "=")) {
                rest.append(rest.isEmpty() ? "" : " ").append(word);
            }
        }
        return rest.toString();
    }

    /**
     * Deletes files whose turn has ended so long ago that they are not to be kept, once all partitions that they know
     * are known to a newer one.
     */
    void deleteOld(TopicPartition partition) {
        long keep = config.rotateRetentionMs();
        if (keep < 0) {
            return;
        }
        Set<String> known = new HashSet<>();
        boolean newest = true;
        for (FileNames.Found file : existing(partition)) {
            Set<String> here = new HashSet<>();
            if (isEmpty(file.path())) {
                continue;
            }
            try (Vault vault = Vault.openReadOnly(file.path())) {
                vault.offsets()
                        .sources()
                        .forEach(source -> vault.offsets()
                                .claims(source)
                                .forEach(c -> here.add(source + " " + c.topic() + " " + c.partition())));
            }
            try {
                long age =
                        clock.millis() - Files.getLastModifiedTime(file.path()).toMillis();
                if (!newest && known.containsAll(here) && age >= keep) {
                    delete(file.path());
                }
            } catch (IOException e) {
                LOG.warn("{} was to be deleted and cannot be: {}", file.path(), e.toString());
            }
            known.addAll(here);
            newest = false;
        }
    }

    private static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        LOG.info("{} was deleted, since {} is over", file, SinkSettings.ROTATE_RETENTION_MS);
    }
}
