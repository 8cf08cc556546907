package io.kohakuvault.internal.block.edit;

import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.sqlite.Session;
import java.util.Objects;

/** Changes anywhere in a column. The column's tail must have been settled. Used with the write lock held. */
public final class BlockEditor {
    private BlockEditor() {}

    /**
     * Replaces the rows [from, to), which may be none, by the elements given, which may be none too.
     *
     * @param column as of this transaction
     * @param nullable whether some of its rows may be null, and the elements given
     * @throws IndexOutOfBoundsException when the range is not within the column
     */
    public static void splice(
            Session session, ColumnRecord column, boolean nullable, long from, long to, Elements with) {
        if (from < 0 || from > to || to > column.length()) {
            throw new IndexOutOfBoundsException(session.file() + ": " + column.describe() + " has " + column.length()
                    + " elements, but [" + from + ", " + to + ") was to be replaced");
        }
        if (from == column.length()) {
            throw new IllegalArgumentException("what comes after the last element is appended");
        }
        BlockUpkeep upkeep = BlockUpkeep.of(session, column, nullable);
        if (!column.isFixed()) {
            Long pageSize = Objects.requireNonNull(session.queryLong("PRAGMA page_size"));
            new VariableEditor(session, column, pageSize.intValue(), upkeep).splice(from, to, with);
        } else if (to - from == with.rows()) {
            new FixedEditor(session, column, upkeep).overwrite(from, with);
        } else {
            FixedEditor editor = new FixedEditor(session, column, upkeep);
            if (with.rows() > 0 || !editor.removeBlocks(from, to)) {
                editor.splice(from, to, with);
            }
        }
        long more = with.rows() - (to - from);
        if (more != 0) {
            session.update("UPDATE kvault_col_columns SET length = length + ? WHERE col_id = ?", more, column.colId());
        }
    }
}
