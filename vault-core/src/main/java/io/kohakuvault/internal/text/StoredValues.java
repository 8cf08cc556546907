package io.kohakuvault.internal.text;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.value.ValueCodec;
import java.util.Optional;

/** The values of a table's documents. */
record StoredValues(String file, String table, NumberGuess guess) {
    /**
     * Reads a document's value.
     *
     * @param column where the reference to it stands; its row's id and itself follow
     */
    Optional<Object> read(Rows rows, int column, long document) {
        byte[] stored = rows.getBlob(column + 2);
        if (stored != null) {
            return Optional.ofNullable(ValueCodec.decode(stored, where(document), guess));
        }
        String reference = rows.getString(column);
        if (reference == null) {
            throw damaged(document, "it refers to no value");
        }
        throw damaged(
                document,
                rows.getString(column + 1) == null
                        ? "its value is missing, row '" + reference + "' of " + table + "_values"
                        : "the value is not a BLOB");
    }

    VaultCorruptException damaged(long document, String how) {
        return new VaultCorruptException(
                where(document) + ": " + how + "; restore it from a backup, or delete the document", null);
    }

    private String where(long document) {
        return file + ": table " + table + ", document " + document;
    }
}
