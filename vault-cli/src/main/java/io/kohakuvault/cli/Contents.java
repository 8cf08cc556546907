package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.ElementType;
import io.kohakuvault.column.ColumnCatalog;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.Row;
import io.kohakuvault.table.Schema;
import io.kohakuvault.table.SchemaColumn;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Finding what a name means, and reading columns whatever their type. */
final class Contents {
    private Contents() {}

    /** What is called so; a table before a column, a column before key-values. */
    static Content find(Vault vault, String name) {
        List<Content> all = vault.maintenance().contents().stream()
                .filter(content -> content.name().equals(name) && content.kind() != Content.Kind.OFFSETS)
                .toList();
        for (Content.Kind kind : List.of(
                Content.Kind.TABLE,
                Content.Kind.COLUMN,
                Content.Kind.LEGACY_COLUMN,
                Content.Kind.KEY_VALUES,
                Content.Kind.DOCUMENTS,
                Content.Kind.VECTORS)) {
            for (Content content : all) {
                if (content.kind() == kind) {
                    return content;
                }
            }
        }
        throw new NoSuchElementException(vault.path() + ": there is nothing called '" + name + "'; see 'vault ls'");
    }

    /** Elements of a column as objects. */
    static List<Object> slice(Snapshot snapshot, String name, long from, long to) {
        ColumnCatalog columns = snapshot.columns();
        DType dtype = columns.bytes(name).dtype();
        List<Object> values = new ArrayList<>();
        if (dtype instanceof DType.IntegerType) {
            boolean unsigned = dtype.equals(DType.U64);
            for (long value : columns.longs(name).slice(from, to)) {
                values.add(
                        unsigned && value < 0
                                ? new java.math.BigInteger(Long.toUnsignedString(value))
                                : (Object) value);
            }
        } else if (dtype instanceof DType.FloatingType) {
            for (double value : columns.doubles(name).slice(from, to)) {
                values.add(value);
            }
        } else if (dtype instanceof DType.BooleanType) {
            for (boolean value : columns.booleans(name).slice(from, to)) {
                values.add(value);
            }
        } else if (dtype instanceof DType.StringType) {
            values.addAll(columns.strings(name).slice(from, to));
        } else if (dtype instanceof DType.VectorType vector) {
            values.addAll(
                    vector.element() == ElementType.F32 && vector.isFixedSize()
                            ? columns.floatVectors(name).slice(from, to)
                            : columns.arrays(name).slice(from, to));
        } else if (dtype instanceof DType.PackedType) {
            values.addAll(columns.values(name).slice(from, to));
        } else {
            values.addAll(columns.bytes(name).slice(from, to));
        }
        return values;
    }

    /** A row's values, with u64 as what it says. */
    static Map<String, Object> values(Schema schema, Row row) {
        Map<String, Object> values = new LinkedHashMap<>(row.values());
        for (SchemaColumn column : schema.columns()) {
            if (column.dtype().equals(DType.U64) && values.get(column.name()) instanceof Long bits) {
                values.put(column.name(), new BigInteger(Long.toUnsignedString(bits)));
            }
        }
        return values;
    }
}
