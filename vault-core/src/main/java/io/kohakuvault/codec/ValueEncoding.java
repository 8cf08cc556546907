package io.kohakuvault.codec;

import org.jspecify.annotations.Nullable;

/**
 * How a value's bytes are written, where that is to be chosen: KohakuVault's wrappers {@code MsgPack}, {@code Json} and
 * {@code Cbor}. Whatever takes a value takes one of these too, and reading answers what is inside.
 *
 * <pre>{@code
 * vault.kv("kv").putValue("settings", ValueEncoding.JSON.of(Map.of("theme", "dark")));
 * Optional<Object> map = vault.kv("kv").findValue("settings");
 * }</pre>
 */
public enum ValueEncoding {
    /** MessagePack, which lists and maps have by themselves; here for texts and numbers too. */
    MESSAGE_PACK,
    /** JSON (RFC 8259), which other programs and people read; no NaN and no infinities. */
    JSON,
    /** CBOR (RFC 8949). */
    CBOR;

    /**
     * A value to be written so.
     *
     * @param value String, Boolean, List, Map with String keys, null, or a number: Byte to Long, BigInteger, Float,
     *     Double
     * @return the value with its encoding
     */
    public Encoded of(@Nullable Object value) {
        return new Encoded(this, value);
    }

    /**
     * A value with its encoding; checked when it is written.
     *
     * @param encoding how it is written
     * @param value what it is
     */
    public record Encoded(ValueEncoding encoding, @Nullable Object value) {}
}
