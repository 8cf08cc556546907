package io.kohakuvault.internal.vec0;

/** What the elements of a vector column are. */
public enum ElementType {
    FLOAT32("float"),
    INT8("int8"),
    BIT("bit");

    private final String token;

    ElementType(String token) {
        this.token = token;
    }

    /** sqlite-vec's name for it. */
    public String token() {
        return token;
    }

    /** How many bytes a vector takes in a chunk. */
    int bytes(int dimensions) {
        return switch (this) {
            case FLOAT32 -> 4 * dimensions;
            case INT8 -> dimensions;
            case BIT -> dimensions / 8;
        };
    }
}
