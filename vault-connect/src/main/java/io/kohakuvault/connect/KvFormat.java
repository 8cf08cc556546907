package io.kohakuvault.connect;

import io.kohakuvault.codec.Utf8;
import io.kohakuvault.kv.KvBatch;
import java.util.Objects;

/** How a record's value is stored under its key. */
enum KvFormat {
    /** As a value that says itself what it is; bytes as they are. */
    AUTO,
    /** As JSON text in UTF-8. */
    JSON,
    /** Bytes or text, as they are. */
    RAW;

    /**
     * Adds an entry.
     *
     * @param value what a converter has delivered, not null
     * @throws UnfitException when it cannot be stored so
     */
    void put(KvBatch batch, byte[] key, Object value) {
        Object plain = plain(value);
        if (this == RAW && plain instanceof String text) {
            plain = Utf8.encode(text);
        } else if (this == RAW && !(plain instanceof byte[])) {
            throw new UnfitException("its value is " + UnfitException.kindOf(value) + ", and " + TopicSettings.KV_FORMAT
                    + " raw takes bytes and text");
        }
        try {
            if (plain instanceof byte[] bytes) {
                batch.put(key, bytes);
            } else {
                batch.putValue(key, plain);
            }
        } catch (IllegalArgumentException e) {
            throw new UnfitException(
                    "its value cannot be stored under its key: it is too large, too deep, or holds half a surrogate pair");
        }
    }

    private Object plain(Object value) {
        try {
            return Objects.requireNonNull(this == JSON ? Utf8.encode(JsonText.of(value)) : Plain.value(value));
        } catch (UnfitException e) {
            throw new UnfitException("its value: " + e.getMessage());
        }
    }
}
