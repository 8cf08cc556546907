package io.kohakuvault.internal.value;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** CBOR (RFC 8949) as KohakuVault writes it (string keys, sorted), and all that Jackson reads of it. */
public final class Cbor {
    private static final ObjectMapper MAPPER = new CBORMapper(
            CBORFactory.builder().streamReadConstraints(ValueModel.READ_LIMITS).build());

    private Cbor() {}

    public static byte[] encode(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(ValueModel.checked(value));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the value cannot be written as CBOR: " + e.getOriginalMessage(), e);
        }
    }

    public static @Nullable Object decode(byte[] payload) throws IOException {
        try {
            return ValueModel.widened(MAPPER.readValue(payload, Object.class));
        } catch (RuntimeException e) {
            throw new IOException(e.toString(), e); // bytes that say what cannot be
        }
    }
}
