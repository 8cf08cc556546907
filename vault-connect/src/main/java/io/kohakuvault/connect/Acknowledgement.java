package io.kohakuvault.connect;

import io.kohakuvault.VaultException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is acknowledged to Kafka: what the files hold. Where the framework has moved past records that it did not
 * deliver, the files follow; while nothing of a partition was delivered, what was moved past is acknowledged alone,
 * unless the partition's beginning is looked at again when its first record comes.
 *
 * @param positions where the framework stands
 * @param rewound partitions whose position says nothing, since they are sent elsewhere
 * @param sound whether the last records were taken: else the positions are not believed
 */
record Acknowledgement(Map<TopicPartition, OffsetAndMetadata> positions, Set<TopicPartition> rewound, boolean sound) {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgement.class);

    /** The offsets to commit. */
    Map<TopicPartition, OffsetAndMetadata> answer(Collection<Pipeline> pipelines) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Pipeline pipeline : pipelines) {
            try {
                pipeline.flush();
            } catch (RuntimeException e) {
                // It stays in the pipeline: the next batch meets the same trouble, and tells it.
                LOG.debug("not written before offsets are committed", e);
            }
            try {
                pipeline.file().committed().forEach((partition, next) -> {
                    OffsetAndMetadata position = positions.get(partition);
                    if (position == null || position.offset() >= next) { // else it is being read again
                        offsets.put(partition, new OffsetAndMetadata(next));
                    }
                });
                if (pipeline.isEmpty() && sound) {
                    follow(pipeline.file(), offsets);
                }
            } catch (VaultException e) {
                // An exception would make the framework seek back to what it committed last.
                LOG.warn("offsets cannot be read or moved just now: {}", e.getMessage());
            }
        }
        return offsets;
    }

    private void follow(VaultFile file, Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<PartitionProgress, Long> moves = new HashMap<>();
        for (PartitionProgress progress : file.partitions()) {
            TopicPartition partition = progress.partition();
            OffsetAndMetadata position = positions.get(partition);
            if (position != null && !rewound.contains(partition)) {
                if (progress.isUntouched()) {
                    // Alone: a file that follows would not ask whether it was lost when the first record comes.
                    offsets.put(partition, new OffsetAndMetadata(position.offset()));
                } else if (progress.mayFollow()
                        && offsets.containsKey(partition)
                        && position.offset() > progress.committed()) {
                    moves.put(progress, position.offset());
                }
            }
        }
        if (!moves.isEmpty()) {
            file.move(moves);
            moves.forEach((progress, next) -> offsets.put(progress.partition(), new OffsetAndMetadata(next)));
        }
    }
}
