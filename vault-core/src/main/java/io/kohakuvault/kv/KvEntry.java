package io.kohakuvault.kv;

import java.nio.charset.StandardCharsets;

/**
 * A key and its value. The arrays belong to the caller.
 *
 * @param key the key's bytes
 * @param value the value's bytes: those that were put, or with header as stored for self-describing values
 */
@SuppressWarnings("ArrayRecordComponent") // a holder on its way to the caller, never compared
public record KvEntry(byte[] key, byte[] value) {
    /**
     * The key as text.
     *
     * @return the key decoded as UTF-8
     */
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }
}
