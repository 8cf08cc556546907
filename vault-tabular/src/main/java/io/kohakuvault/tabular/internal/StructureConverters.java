package io.kohakuvault.tabular.internal;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.LogicalType;
import io.kohakuvault.table.RowWriter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists, maps, MessagePack, CBOR and vectors, which CSV holds as JSON. */
final class StructureConverters {
    private StructureConverters() {}

    /** What a cell says as JSON. */
    static @Nullable Object tree(Cell cell) {
        return switch (cell.kind()) {
            case NULL -> null;
            case FIELD -> JsonTree.tree(cell.text(), JsonFaults.OF_ROWS);
            case STRING -> cell.text();
            case BOOLEAN -> cell.text().equals("true");
            case NUMBER -> new JsonTree.Digits(cell.text());
            case STRUCTURE -> cell.structure();
        };
    }

    /** The bytes of an element that {@link CellFormat} wrote as they are stored; null when it is none. */
    private static byte @Nullable [] stored(DType type, @Nullable Object tree) {
        if (tree instanceof Map<?, ?> map
                && map.size() == 1
                && map.get(CellFormat.storedKey(type)) instanceof String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new RecordException("what stands under " + CellFormat.storedKey(type) + " is no Base64");
            }
        }
        return null;
    }

    /** MessagePack and CBOR. */
    static final class Packed implements CellConverter {
        private final String column;
        private final DType.PackedType type;
        private final @Nullable LogicalType logical;
        private final boolean storedToo;

        /** @param storedToo whether elements may be given as they are stored */
        Packed(String column, DType.PackedType type, @Nullable LogicalType logical, boolean storedToo) {
            this.column = column;
            this.type = type;
            this.logical = logical;
            this.storedToo = storedToo;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            Object tree = tree(cell);
            byte[] stored = storedToo ? stored(type, tree) : null;
            if (stored != null) {
                row.set(column, stored);
            } else if (logical instanceof LogicalType.ListOf && !(tree instanceof List)) {
                throw new RecordException("it is no list");
            } else if (logical instanceof LogicalType.MapOf && !(tree instanceof Map)) {
                throw new RecordException("it is no object");
            } else if (tree == null) {
                // An element that says null, which is not the same as no element.
                row.set(column, new byte[] {(byte) (type.format() == DType.PackedType.Format.MSGPACK ? 0xC0 : 0xF6)});
            } else {
                row.setObject(column, JsonTree.values(tree, false));
            }
        }
    }

    /** Vectors: lists of numbers, within lists where they have more than one dimension. */
    static final class Vectors implements CellConverter {
        private final String column;
        private final DType.VectorType type;

        Vectors(String column, DType.VectorType type) {
            this.column = column;
            this.type = type;
        }

        @Override
        public void put(Cell cell, RowWriter row) {
            Object tree = tree(cell);
            byte[] stored = stored(type, tree);
            if (stored != null) {
                row.set(column, stored);
            } else if (tree instanceof List<?> list) {
                row.setObject(column, VectorText.parse(type, list));
            } else {
                throw new RecordException("it is no list of numbers");
            }
        }
    }
}
