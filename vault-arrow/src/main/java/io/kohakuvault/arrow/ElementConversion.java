package io.kohakuvault.arrow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Elements that become bytes of another kind, one by one. */
@FunctionalInterface
interface ElementConversion {
    ObjectMapper JSON = new ObjectMapper();

    /**
     * Converts an element.
     *
     * @throws IllegalArgumentException when it is none of its column's dtype
     */
    byte[] convert(byte[] element);

    /** Text of one size or in another encoding, as UTF-8. */
    static ElementConversion utf8(DType dtype) {
        DataPacker packer = DataPacker.ofColumn(dtype);
        return element -> {
            Object text = packer.unpack(element);
            return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Lists and maps, which are MessagePack, as JSON text; bytes in them as Base64, NaN and infinities as texts. */
    static ElementConversion json(DType dtype) {
        DataPacker packer = DataPacker.ofColumn(dtype);
        return element -> json(packer.unpack(element));
    }

    private static byte[] json(@Nullable Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a value cannot be said in JSON: " + e.getOriginalMessage(), e);
        }
    }
}
