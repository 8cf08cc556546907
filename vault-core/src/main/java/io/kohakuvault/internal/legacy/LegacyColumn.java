package io.kohakuvault.internal.legacy;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.DType;

/**
 * A column of KohakuVault 0.x.
 *
 * @param dtype the string that stands in the file
 * @param length elements
 * @param data where the bytes of the elements are
 * @param index where it says which bytes are which element's; the same as {@code data} for a fixed size
 */
public record LegacyColumn(String name, String dtype, long length, Chunks data, Chunks index) {
    /**
     * A row of col_meta.
     *
     * @param elemSize bytes of an element as it is stored
     * @param chunkBytes size of every chunk but the last
     */
    public record Chunks(long colId, int elemSize, long chunkBytes) {}

    public boolean isFixed() {
        return data.colId() == index.colId();
    }

    /** Fixed vectors have a type byte in front of each element, which the newer layout has not. */
    public boolean hasTypeByte() {
        return isFixed() && (dtype.startsWith("vec:") || dtype.startsWith("vector:"));
    }

    /** Bytes of an element as the newer layout stores it, 0 for a variable size. */
    public int elementSizeBytes() {
        return isFixed() ? data.elemSize() - (hasTypeByte() ? 1 : 0) : 0;
    }

    /** What its elements are; an unknown dtype makes this column unreadable and no other. */
    public DType type() {
        DType type;
        try {
            type = DType.parse(dtype);
        } catch (IllegalArgumentException e) {
            throw new VaultFormatException(describe() + " cannot be read: " + e.getMessage(), e);
        }
        if (type.elementSizeBytes() != elementSizeBytes()) {
            throw new VaultCorruptException(
                    describe() + " has elements of " + elementSizeBytes() + " bytes, its dtype takes "
                            + type.elementSizeBytes(),
                    null);
        }
        return type;
    }

    /** How to name it in messages. */
    public String describe() {
        return "column '" + name + "' (" + dtype + ", in the layout of KohakuVault 0.x)";
    }
}
