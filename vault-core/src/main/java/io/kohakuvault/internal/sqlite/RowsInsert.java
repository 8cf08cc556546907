package io.kohakuvault.internal.sqlite;

/**
 * An INSERT for one row, and one for many: a statement's own cost is several times that of a row's.
 *
 * @param head up to the names of the columns
 * @param columns how many
 * @param tail behind the values
 * @param one the statement for a single row
 * @param many the statement for {@link #ROWS} of them
 */
public record RowsInsert(String head, int columns, String tail, String one, String many) {
    /** With more, binding is all that is left. */
    static final int ROWS = 64;

    public RowsInsert(String head, int columns, String tail) {
        this(head, columns, tail, sql(head, columns, tail, 1), sql(head, columns, tail, ROWS));
    }

    private static String sql(String head, int columns, String tail, int rows) {
        String row = "(" + "?, ".repeat(columns - 1) + "?)";
        return head + " VALUES " + (row + ", ").repeat(rows - 1) + row + tail;
    }
}
