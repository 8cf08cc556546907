package io.kohakuvault.connect;

import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A topic is not the one that the file was filled from: it was made anew, cut back, or restored to an earlier state.
 */
final class TopicChangedException extends ConnectException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<DeliveryNote.Range> written;

    /**
     * @param message what was seen, and what to do
     * @param written the offsets of the new topic's records that are in the file by now
     */
    TopicChangedException(String message, Optional<DeliveryNote.Range> written) {
        super(message);
        this.written = written;
    }

    Optional<DeliveryNote.Range> written() {
        return written;
    }
}
