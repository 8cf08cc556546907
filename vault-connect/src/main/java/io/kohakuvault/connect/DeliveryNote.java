package io.kohakuvault.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the file notes beside a partition's offset, as text of the form {@code key=value key=value}.
 *
 * @param mark the last record that was delivered
 * @param topicId Kafka's id of the topic, where it could be asked
 * @param written offsets that are in the file already although they stand behind the offset to go on from
 * @param holder who wrote it: host and process
 * @param fromConsumer whether the consumer group is believed where nothing was delivered yet: an operator has set it
 */
record DeliveryNote(
        Optional<RecordMark> mark,
        Optional<String> topicId,
        Optional<Range> written,
        String holder,
        boolean fromConsumer) {
    /** The text of a partition of which nothing was delivered, and whose beginning the consumer group says. */
    static final String FROM_CONSUMER = "from=consumer";

    /** Offsets from {@code from} to before {@code to}. */
    record Range(long from, long to) {
        boolean holds(long offset) {
            return offset >= from && offset < to;
        }
    }

    String text() {
        StringBuilder text = new StringBuilder("by=").append(holder);
        mark.ifPresent(m -> text.append(" offset=")
                .append(m.offset())
                .append(" timestamp=")
                .append(m.timestamp())
                .append(" checksum=")
                .append(m.checksum())
                .append(" settings=")
                .append(m.settings()));
        if (fromConsumer) {
            text.append(' ').append(FROM_CONSUMER);
        }
        topicId.ifPresent(id -> text.append(" topic=").append(id));
        written.ifPresent(
                r -> text.append(" written=").append(r.from()).append('-').append(r.to()));
        return text.toString();
    }

    /** Reads what {@link #text} wrote; what this release does not understand counts as not there. */
    static DeliveryNote parse(Optional<String> text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.orElse("").split(" ", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        Optional<RecordMark> mark = Optional.empty();
        Optional<Range> written = Optional.empty();
        try {
            if (parts.containsKey("offset")) {
                mark = Optional.of(new RecordMark(
                        Long.parseLong(parts.get("offset")),
                        Long.parseLong(parts.getOrDefault("timestamp", "")),
                        Integer.parseInt(parts.getOrDefault("checksum", "")),
                        Integer.parseInt(parts.getOrDefault("settings", ""))));
            }
            String range = parts.getOrDefault("written", "");
            int dash = range.indexOf('-');
            if (dash > 0) {
                written = Optional.of(
                        new Range(Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1))));
            }
        } catch (NumberFormatException e) {
            mark = Optional.empty(); // somebody else's note
        }
        return new DeliveryNote(
                mark,
                Optional.ofNullable(parts.get("topic")),
                written,
                parts.getOrDefault("by", "somebody unknown"),
                "consumer".equals(parts.get("from")));
    }
}
