package io.kohakuvault.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.codec.OpaqueValue;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.util.Float16;
import org.jspecify.annotations.Nullable;

/** Self-describing values as JSON: bytes in Base64, arrays as lists, NaN and infinities as texts. */
final class JsonValue {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonValue() {}

    /** A value as JSON text; null for none and for what JSON does not say (a pickle). */
    static byte @Nullable [] of(Optional<Object> value) {
        if (value.isEmpty() || value.get() instanceof OpaqueValue) {
            return null;
        }
        try {
            Object said = value.get() instanceof NumericArray array ? list(array) : value.get();
            return JSON.writeValueAsBytes(said);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Object list(NumericArray array) {
        ByteBuffer data = array.data().order(ByteOrder.LITTLE_ENDIAN);
        return list(array.element(), data, array.shape());
    }

    private static Object list(ElementType element, ByteBuffer data, List<Integer> shape) {
        if (shape.isEmpty()) {
            return number(element, data);
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < shape.get(0); i++) {
            items.add(list(element, data, shape.subList(1, shape.size())));
        }
        return items;
    }

    private static Object number(ElementType element, ByteBuffer data) {
        return switch (element) {
            case BOOL -> data.get() != 0;
            case I8 -> data.get();
            case U8 -> data.get() & 0xFF;
            case I16 -> data.getShort();
            case U16 -> data.getShort() & 0xFFFF;
            case F16 -> Float16.toFloat(data.getShort());
            case I32 -> data.getInt();
            case U32 -> data.getInt() & 0xFFFF_FFFFL;
            case I64 -> data.getLong();
            case U64 -> new BigInteger(Long.toUnsignedString(data.getLong()));
            case F32 -> data.getFloat();
            case F64 -> data.getDouble();
        };
    }
}
