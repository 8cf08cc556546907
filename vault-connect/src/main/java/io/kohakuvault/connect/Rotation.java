package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
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
    private final FamilyFiles files;
    private final FileRetention retention;

    Rotation(SinkConfig config, VaultOptions options, Clock clock) {
        this.names = config.files();
        this.config = config;
        // What stands in one file must not outlive a loss of power that the other one's records do not.
        this.options = options.withSynchronous(VaultOptions.Synchronous.FULL);
        this.clock = clock;
        this.files = new FamilyFiles(names, config.databasePath());
        this.retention = new FileRetention(files, config.connector(), config.rotateRetentionMs());
    }

    /** The file that knows a partition, and what it knows. */
    record Holding(FileNames.Found file, Claim claim) {}

    private String family(TopicPartition partition) {
        return names.family(partition.topic(), partition.partition());
    }

    /**
     * The newest file that knows a partition.
     *
     * @throws VaultIoException when the folder cannot be read
     */
    Optional<Path> holder(TopicPartition partition) {
        return holding(partition, files.existing(family(partition)), 0).map(held -> held.file.path());
    }

    /** @param from how many of the files, which are the newest, are passed over */
    Optional<Holding> holding(TopicPartition partition, List<FileNames.Found> all, int from) {
        FamilyFiles.Key key = new FamilyFiles.Key(config.connector(), partition.topic(), partition.partition());
        for (int i = from; i < all.size(); i++) {
            FileNames.Found file = all.get(i);
            if (i > 0 && !files.ledger(file.path(), true).known().contains(key)) {
                continue;
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

    /**
     * The file whose turn it is for a partition; the partition is handed over to it.
     *
     * @throws ConnectException when the file that it was handed over to is gone
     * @throws ReadAgainException when another task does the same just now
     */
    Path turn(TopicPartition partition) {
        String family = family(partition);
        List<FileNames.Found> all = files.existing(family);
        Optional<Holding> held = holding(partition, all, 0);
        if (held.isEmpty() && !config.ignoresOtherConnectors()) {
            checkOthers(partition, all);
        }
        FileNames.Part part = names.at(clock.instant());
        // Never back, whatever the clock says, and whatever was deleted.
        FileNames.Part newest = held.map(h -> h.file.part()).orElseGet(() -> newestOwn(all));
        if (newest != null && newest.compareTo(part) > 0) {
            part = newest;
        }
        while (isFull(names.path(family, part))) {
            part = part.next();
        }
        Path next = names.path(family, part);
        if (held.isPresent() && !held.get().file.part().equals(part)) {
            handOver(partition, held.get(), next, part);
        } else if (held.isPresent()) {
            finish(partition, all, held.get());
        }
        return next;
    }

    private FileNames.@Nullable Part newestOwn(List<FileNames.Found> all) {
        for (int i = 0; i < all.size(); i++) {
            if (files.ledger(all.get(i).path(), i > 0).known().stream()
                    .anyMatch(key -> key.source().equals(config.connector()))) {
                return all.get(i).part();
            }
        }
        return null;
    }

    private void checkOthers(TopicPartition partition, List<FileNames.Found> all) {
        for (int i = 0; i < all.size(); i++) {
            boolean known = files.ledger(all.get(i).path(), i > 0).delivered().stream()
                    .anyMatch(key -> key.topic().equals(partition.topic()) && key.partition() == partition.partition());
            if (known) {
                try (Vault vault = Vault.openReadOnly(all.get(i).path())) {
                    OtherConnectors.check(vault, config.connector(), partition);
                }
            }
        }
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
        return (file.partitions().stream().anyMatch(PartitionProgress::hasWritten) && isFull(file.path()))
                || names.part(family(any.get()), file.path())
                        .filter(part -> new FileNames.Part(part.date(), part.hour(), now.sequence()).compareTo(now) < 0)
                        .isPresent();
    }

    void handOver(TopicPartition partition, Holding held, Path next, FileNames.Part part) {
        boolean lost = word(held.claim.note().orElse(""), MOVED).isPresent();
        if (lost && config.policy().missingOffsets() == DeliveryPolicy.OnMissingOffsets.FAIL) {
            throw new ConnectException(partition + " was handed over from " + held.file.path()
                    + " to the next file, which is not there any more ("
                    + word(held.claim.note().orElse(""), MOVED).orElse("")
                    + "); what was acknowledged to Kafka is in it. Put it back, or set "
                    + SinkSettings.ON_MISSING_OFFSETS + " to restart to go on from offset " + held.claim.nextOffset()
                    + ", where the older file ends, or to continue to go on from where the consumer stands");
        }
        boolean anew = lost && config.policy().missingOffsets() == DeliveryPolicy.OnMissingOffsets.CONTINUE;
        try (Vault from = Vault.open(held.file.path(), options);
                Vault to = Vault.open(next, options)) {
            Claim last = from.compute(() -> {
                Claim claim = from.offsets().claim(config.connector(), partition.topic(), partition.partition());
                if (claim.epoch() != held.claim.epoch() + 1) {
                    throw new ReadAgainException(
                            partition + " was claimed by another task while it was handed over to " + next);
                }
                from.offsets().advance(claim, claim.nextOffset(), without(claim) + " " + MOVING + "=" + part);
                return claim;
            });
            to.transact(() -> {
                if (VaultFile.stored(to, config).get(partition) == null) { // else another task has done it
                    Claim claim = to.offsets().claim(config.connector(), partition.topic(), partition.partition());
                    to.offsets().advance(claim, anew ? -1 : last.nextOffset(), anew ? "" : without(last));
                }
            });
            from.transact(
                    () -> from.offsets().advance(last, last.nextOffset(), without(last) + " " + MOVED + "=" + part));
        }
        retention.soon();
        LOG.info("{}: goes on in {} from {}", partition, next, held.claim.nextOffset());
    }

    /** Whoever handed a partition over was killed before the third step. */
    private void finish(TopicPartition partition, List<FileNames.Found> all, Holding held) {
        Optional<Holding> older = holding(partition, all, all.indexOf(held.file) + 1);
        if (older.isPresent()
                && word(older.get().claim.note().orElse(""), MOVING).isPresent()) {
            Claim last = older.get().claim;
            try (Vault from = Vault.open(older.get().file.path(), options)) {
                from.transact(() -> from.offsets()
                        .advance(last, last.nextOffset(), without(last) + " " + MOVED + "=" + held.file.part()));
            }
        }
    }

    private static Optional<String> word(String note, String key) {
        for (String word : note.split(" ", -1)) {
            if (word.startsWith(key + "=")) {
                return Optional.of(word.substring(key.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** A claim's note without what this class has added. */
    private static String without(Claim claim) {
        StringBuilder rest = new StringBuilder();
        for (String word : claim.note().orElse("").split(" ", -1)) {
            if (!word.startsWith(MOVING + "=") && !word.startsWith(MOVED + "=")) {
                rest.append(rest.isEmpty() ? "" : " ").append(word);
            }
        }
        return rest.toString();
    }

    /** Deletes files that are too old, of the families of some partitions. */
    void deleteOld(Set<TopicPartition> partitions) {
        retention.look(partitions.stream().map(this::family).collect(Collectors.toSet()), clock.millis());
    }
}
