package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.LogicalType;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** Texts, truth values, bytes and UUIDs. */
final class TextConverters {
    private TextConverters() {}

    /** Texts as they are, their spaces too; numbers and truth values of JSON as they are written. */
    static CellConverter texts(String column) {
        return (cell, row) -> {
            if (cell.kind() == Cell.Kind.STRUCTURE) {
                throw new RecordException("it is a list or an object; the type json keeps it as JSON text");
            }
            row.set(column, cell.text());
        };
    }

    static CellConverter booleans(String column) {
        return (cell, row) -> {
            cell.trim();
            int length = cell.to() - cell.from();
            byte first = length == 0 ? 0 : cell.bytes()[cell.from()];
            if (length == 1 && (first == '0' || first == '1')) {
                row.set(column, first == '1');
            } else if (length == 4 && cell.text().equalsIgnoreCase("true")) {
                row.set(column, true);
            } else if (length == 5 && cell.text().equalsIgnoreCase("false")) {
                row.set(column, false);
            } else {
                throw new RecordException("it is neither true nor false, 1 nor 0");
            }
        };
    }

    /** Base64. */
    static CellConverter bytes(String column) {
        return (cell, row) -> {
            if (cell.kind() == Cell.Kind.NUMBER || cell.kind() == Cell.Kind.BOOLEAN) {
                throw new RecordException("bytes are a text in Base64");
            }
            cell.trim();
            row.set(column, decode(cell));
        };
    }

    private static byte[] decode(Cell base64) {
        try {
            ByteBuffer decoded = Base64.getDecoder()
                    .decode(ByteBuffer.wrap(base64.bytes(), base64.from(), base64.to() - base64.from()));
            byte[] bytes = new byte[decoded.remaining()];
            decoded.get(bytes);
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new RecordException("it is no Base64");
        }
    }

    static CellConverter uuids(String column) {
        return (cell, row) -> {
            cell.trim();
            UUID uuid;
            try {
                uuid = LogicalType.Uuid.parse(cell.text());
            } catch (IllegalArgumentException e) {
                throw new RecordException("it is no UUID, as 123e4567-e89b-12d3-a456-426614174000 is");
            }
            row.setObject(column, uuid);
        };
    }
}
