package io.kohakuvault.codec;

import java.util.Arrays;

/**
 * A value that this library hands out as bytes because it does not interpret them: a Python pickle is never unpickled,
 * and MessagePack extensions have no meaning of their own.
 */
public final class OpaqueValue {
    private final String encoding;
    private final byte[] bytes;

    /**
     * Made by reading.
     *
     * @param encoding what the bytes are
     * @param bytes the payload
     */
    public OpaqueValue(String encoding, byte[] bytes) {
        this.encoding = encoding;
        this.bytes = bytes.clone();
    }

    /**
     * What the bytes are.
     *
     * @return {@code pickle}, {@code msgpack-ext:N} or {@code cbor-…}
     */
    public String encoding() {
        return encoding;
    }

    /**
     * The payload.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpaqueValue o && encoding.equals(o.encoding) && Arrays.equals(bytes, o.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * encoding.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return encoding + "[" + bytes.length + " bytes]";
    }
}
