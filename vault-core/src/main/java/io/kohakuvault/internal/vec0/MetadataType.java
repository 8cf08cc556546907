package io.kohakuvault.internal.vec0;

/** What a metadata column holds, and how vec0 lays its values out in a chunk. */
public enum MetadataType {
    /** A bit for each slot. */
    BOOLEAN(0),
    /** A 64-bit integer for each slot. */
    INTEGER(8),
    /** A double for each slot. */
    FLOAT(8),
    /**
     * For each slot the text's length in bytes as an i32 and its first 12 bytes; a longer text is also in a table of
     * its own.
     */
    TEXT(16);

    /** A text with more bytes than this has a row in a table of its own. */
    public static final int SHORT_TEXT_BYTES = 12;

    private final int slotBytes;

    MetadataType(int slotBytes) {
        this.slotBytes = slotBytes;
    }

    /** How many bytes a slot takes; 0 when it is less than one. */
    public int slotBytes() {
        return slotBytes;
    }

    /** How many bytes a chunk takes. */
    public int bytes(int slots) {
        return this == BOOLEAN ? slots / 8 : slots * slotBytes;
    }
}
