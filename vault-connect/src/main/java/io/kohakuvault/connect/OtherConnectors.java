package io.kohakuvault.connect;

import io.kohakuvault.Vault;
import io.kohakuvault.offset.Claim;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;

/** Connectors of other names that have delivered the same partition into a file: its records would be there twice. */
final class OtherConnectors {
    private OtherConnectors() {}

    /** @throws ConnectException when there is one; names it, and who ran it last */
    static void check(Vault vault, String connector, TopicPartition partition) {
        for (String source : vault.offsets().sources()) {
            if (!source.equals(connector)) {
                for (Claim claim : vault.offsets().claims(source)) {
                    if (claim.topic().equals(partition.topic())
                            && claim.partition() == partition.partition()
                            && claim.nextOffset() >= 0) {
                        throw found(vault, connector, partition, claim);
                    }
                }
            }
        }
    }

    private static ConnectException found(Vault vault, String connector, TopicPartition partition, Claim claim) {
        return new ConnectException(partition + " has been delivered into " + vault.path() + " by the connector '"
                + claim.source() + "' up to offset " + claim.nextOffset() + " (last by "
                + DeliveryNote.parse(claim.note()).holder() + "); connector '" + connector
                + "' would write its records a second time. Give it another " + SinkSettings.DATABASE_PATH
                + "; or, where the other one is gone and was renamed, its name; or set "
                + SinkSettings.ON_OTHER_CONNECTORS + " to ignore where both write different tables");
    }
}
