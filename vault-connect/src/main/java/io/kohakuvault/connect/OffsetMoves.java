package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.offset.Claim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the offsets that files hold when an operator moves those of the connector. All files are looked at before the
 * first one is changed; each is changed in one transaction.
 */
final class OffsetMoves {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetMoves.class);

    private OffsetMoves() {}

    /**
     * Moves them.
     *
     * @param offsets the offset to go on from for each partition, null for none: as if nothing had been delivered
     * @throws ConnectException when a file cannot be changed; says what has been
     */
    static void move(SinkConfig config, VaultOptions options, Map<TopicPartition, @Nullable Long> offsets) {
        Map<Path, Map<TopicPartition, @Nullable Long>> files = new LinkedHashMap<>();
        Rotation rotation = new Rotation(config, options, Clock.systemUTC());
        offsets.forEach((partition, offset) -> {
            if (offset != null && !config.reads(partition.topic())) { // it may have read it once, to be forgotten
                throw new ConnectException("the connector does not read topic '" + partition.topic()
                        + "'; no offset of this request was moved");
            }
            if (offset != null && offset < 0) {
                throw new ConnectException("offset " + offset + " of " + partition + " is below 0");
            }
            files.computeIfAbsent(file(config, rotation, partition), p -> new LinkedHashMap<>())
                    .put(partition, offset);
        });
        files.forEach((file, moves) -> check(config, file, moves));
        files.forEach((file, moves) -> {
            if (!Files.exists(file) && !sets(moves)) {
                LOG.warn("{} is not here: there are no offsets to forget", file);
                return;
            }
            try (Vault vault = Vault.open(file, options)) {
                vault.transact(() -> moves.forEach((partition, offset) -> move(vault, config, partition, offset)));
            } catch (VaultException e) {
                throw new ConnectException(
                        "the offsets in " + file + " could not be moved, those of the files before it are: "
                                + e.getMessage(),
                        e);
            }
        });
    }

    /** Where files take turns, the newest one that knows the partition. */
    private static Path file(SinkConfig config, Rotation rotation, TopicPartition partition) {
        return config.files().rotates()
                ? rotation.holder(partition).orElseGet(() -> rotation.turn(partition))
                : Path.of(config.files().family(partition.topic(), partition.partition()));
    }

    /**
     * Nothing was delivered of the partition. Connect moves the group's offset after the file's and may refuse it, for
     * a partition that is not there: so the group alone says where it begins.
     */
    private static void believeConsumer(Vault vault, SinkConfig config, TopicPartition partition) {
        vault.offsets().set(config.connector(), partition.topic(), partition.partition(), -1);
        Claim claim = vault.offsets().claim(config.connector(), partition.topic(), partition.partition());
        vault.offsets().advance(claim, -1, DeliveryNote.FROM_CONSUMER);
    }

    private static boolean sets(Map<TopicPartition, @Nullable Long> moves) {
        return moves.values().stream().anyMatch(java.util.Objects::nonNull);
    }

    /**
     * A file that is on another host, or on a disk that is not mounted, must not be believed to be empty. Of a file
     * that is not there nothing is to be forgotten, if the folder that all files share is.
     */
    private static void check(SinkConfig config, Path file, Map<TopicPartition, @Nullable Long> moves) {
        Path folder = sets(moves)
                ? file.toAbsolutePath().getParent()
                : FileNames.folder(config.databasePath()).orElse(null);
        if (!Files.exists(file) && (folder == null || !Files.isDirectory(folder))) {
            throw new ConnectException(
                    "the offsets in " + file + " cannot be moved: neither it nor its folder " + folder
                            + " is on this worker; mount it, ask another worker or, where the file is gone for good, make the folder");
        }
    }

    private static void move(Vault vault, SinkConfig config, TopicPartition partition, @Nullable Long offset) {
        Claim before = VaultFile.stored(vault, config).get(partition);
        if (before == null && offset == null) {
            return;
        }
        boolean unknown = before == null || before.nextOffset() < 0;
        if (offset != null && unknown) {
            believeConsumer(vault, config, partition);
        } else {
            vault.offsets()
                    .set(config.connector(), partition.topic(), partition.partition(), offset == null ? -1 : offset);
        }
        LOG.info(
                "{}: {} goes on from {} instead of {}",
                vault.path(),
                partition,
                offset == null ? "the beginning" : offset,
                before == null ? "nothing" : before.nextOffset());
    }
}
