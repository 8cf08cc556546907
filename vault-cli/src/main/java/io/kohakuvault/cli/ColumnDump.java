package io.kohakuvault.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.kohakuvault.Snapshot;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.NumericArray;
import io.kohakuvault.column.BytesReader;
import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.maintenance.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** One column as JSON: integers as text, floats by their bits, bytes in hexadecimal digits. */
final class ColumnDump {
    private static final HexFormat HEX = HexFormat.of();
    private static final int BATCH = 1024;
    private static final long BATCH_BYTES = 4L << 20;

    private final Content content;
    private final ColumnCatalog columns;
    private final BytesReader bytes;
    private final DType dtype;

    ColumnDump(Snapshot snapshot, Content content) {
        this.content = content;
        this.columns = snapshot.columns();
        this.bytes = columns.bytes(content.name());
        this.dtype = bytes.dtype();
    }

    /**
     * Over the elements' bytes, one after the other; of a variable size each behind its length as a little-endian u32.
     * The type byte that the older layout has in front of vectors of one shape is not among them, so that a column has
     * the same before and after it is migrated.
     */
    String sha256() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
        for (List<byte[]> batch : bytes.batches(BATCH, BATCH_BYTES)) {
            Interruption.check();
            for (byte[] element : batch) {
                if (!dtype.isFixedSize()) {
                    digest.update(ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(element.length)
                            .flip());
                }
                digest.update(element);
            }
        }
        return HEX.formatHex(digest.digest());
    }

    void describe(JsonGenerator out, String sha256) throws IOException {
        out.writeStringField("kind", "column");
        out.writeStringField("name", content.name());
        out.writeStringField("dtype", content.type());
        out.writeNumberField("length", bytes.length());
        out.writeStringField("sha256", sha256);
    }

    /** Reads every value, so that one that cannot be decoded is known before a line is begun. */
    void check() {
        if (dtype instanceof DType.PackedType) {
            columns.values(content.name()).batches(BATCH, BATCH_BYTES).forEach(batch -> Interruption.check());
        } else if (dtype instanceof DType.VectorType) {
            columns.arrays(content.name()).batches(BATCH, BATCH_BYTES).forEach(batch -> Interruption.check());
        }
    }

    void values(JsonGenerator out) throws IOException {
        String name = content.name();
        if (dtype instanceof DType.IntegerType type) {
            for (long[] batch : columns.longs(name).batches(BATCH)) {
                Interruption.check();
                for (long value : batch) {
                    out.writeString(type.equals(DType.U64) ? Long.toUnsignedString(value) : Long.toString(value));
                }
            }
        } else if (dtype instanceof DType.BooleanType) {
            for (boolean[] batch : columns.booleans(name).batches(BATCH)) {
                Interruption.check();
                for (boolean value : batch) {
                    out.writeBoolean(value);
                }
            }
        } else if (dtype instanceof DType.StringType) {
            for (List<String> batch : columns.strings(name).batches(BATCH, BATCH_BYTES)) {
                Interruption.check();
                for (String value : batch) {
                    out.writeString(value);
                }
            }
        } else if (dtype instanceof DType.VectorType) {
            for (List<NumericArray> batch : columns.arrays(name).batches(BATCH, BATCH_BYTES)) {
                Interruption.check();
                for (NumericArray value : batch) {
                    TaggedJson.writeArray(out, value);
                }
            }
        } else if (dtype instanceof DType.PackedType) {
            for (List<Object> batch : columns.values(name).batches(BATCH, BATCH_BYTES)) {
                Interruption.check();
                for (Object value : batch) {
                    TaggedJson.writePlain(out, value);
                }
            }
        } else {
            boolean number = dtype instanceof DType.FloatingType;
            for (List<byte[]> batch : bytes.batches(BATCH, BATCH_BYTES)) {
                Interruption.check();
                for (byte[] value : batch) {
                    out.writeString(HEX.formatHex(number ? reversed(value) : value));
                }
            }
        }
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }
}
