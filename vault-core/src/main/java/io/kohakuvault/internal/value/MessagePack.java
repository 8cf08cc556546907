package io.kohakuvault.internal.value;

import io.kohakuvault.codec.OpaqueValue;
import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageInsufficientBufferException;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * MessagePack as KohakuVault writes it (string keys, sorted; shortest integers; 64-bit floats), and all of it for
 * reading. Integers read as Long, or BigInteger beyond its range; arrays as List, maps as Map, timestamps as Instant.
 */
public final class MessagePack {
    private static final org.msgpack.core.MessagePack.UnpackerConfig STRICT =
            new org.msgpack.core.MessagePack.UnpackerConfig()
                    .withActionOnMalformedString(CodingErrorAction.REPORT)
                    .withActionOnUnmappableString(CodingErrorAction.REPORT);

    private static final byte[] NOTHING = {};

    private MessagePack() {}

    public static byte[] encode(@Nullable Object value) {
        return MessagePackWriter.once().write(NOTHING, value);
    }

    public static @Nullable Object decode(byte[] payload) throws IOException {
        try (MessageUnpacker unpacker = STRICT.newUnpacker(payload)) {
            return unpack(unpacker, payload.length, 0);
        } catch (MessagePackException | DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    /** Bytes that say what cannot be. */
    private static IOException unreadable(RuntimeException e) {
        String why = e instanceof MessageInsufficientBufferException || e.getMessage() == null
                ? "it ends too early"
                : e.getMessage();
        return new IOException(why, e);
    }

    /**
     * Reads a value that is all of the bytes.
     *
     * @param padded whether zeros may follow
     */
    public static @Nullable Object decodeWhole(byte[] payload, boolean padded) throws IOException {
        try (MessageUnpacker unpacker = STRICT.newUnpacker(payload)) {
            Object value = unpack(unpacker, payload.length, 0);
            ValueCodec.checkEnd(payload, (int) unpacker.getTotalReadBytes(), padded);
            return value;
        } catch (MessagePackException | DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private static @Nullable Object unpack(MessageUnpacker in, int limit, int depth) throws IOException {
        if (depth > ValueModel.MAX_DEPTH) {
            throw new IOException("nested deeper than " + ValueModel.MAX_DEPTH);
        }
        return switch (in.getNextFormat().getValueType()) {
            case NIL -> {
                in.unpackNil();
                yield null;
            }
            case BOOLEAN -> in.unpackBoolean();
            case INTEGER -> NumberLimits.integer(in.unpackBigInteger());
            case FLOAT -> in.unpackDouble();
            case STRING -> in.unpackString();
            case BINARY -> in.readPayload(checkSize(in.unpackBinaryHeader(), limit));
            case ARRAY -> {
                int items = checkSize(in.unpackArrayHeader(), limit);
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = 0; i < items; i++) {
                    list.add(unpack(in, limit, depth + 1));
                }
                yield list;
            }
            case MAP -> {
                int entries = checkSize(in.unpackMapHeader(), limit);
                Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < entries; i++) {
                    Object key = unpack(in, limit, depth + 1);
                    map.put(key, unpack(in, limit, depth + 1));
                }
                yield map;
            }
            default -> {
                ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
                if (header.isTimestampType()) {
                    yield in.unpackTimestamp(header);
                }
                yield new OpaqueValue(
                        "msgpack-ext:" + header.getType(), in.readPayload(checkSize(header.getLength(), limit)));
            }
        };
    }

    /** No count can exceed the bytes there are: a damaged one must not make us allocate. */
    private static int checkSize(int count, int limit) throws IOException {
        if (count < 0 || count > limit) {
            throw new IOException("a count of " + count + " in " + limit + " bytes");
        }
        return count;
    }
}
