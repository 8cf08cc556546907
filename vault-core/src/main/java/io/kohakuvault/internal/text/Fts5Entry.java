package io.kohakuvault.internal.text;

import io.kohakuvault.internal.sqlite.Session;
import java.util.List;

/**
 * A table of documents in a file's schema, also one that cannot be read.
 *
 * @param name its name as the schema spells it
 * @param columns its columns of text; empty where its declaration is not understood
 * @param reference which of all its columns names the value; −1 where its declaration is not understood
 * @param state whether it can be read
 * @param keepsTexts whether FTS5 keeps the documents of this table, in one beside it that is sound
 * @param hasValues whether the table of values is there
 * @param isTaken whether all that is wrong is that others have names that its index of words needs
 * @param isMixed whether others have names of tables that FTS5 drops with this one
 * @param unread what keeps this library from reading it; empty where nothing does
 * @param missing the ends of the names of the tables that {@link #mend} makes
 */
public record Fts5Entry(
        String name,
        List<String> columns,
        int reference,
        State state,
        boolean keepsTexts,
        boolean hasValues,
        boolean isTaken,
        boolean isMixed,
        String unread,
        List<String> missing) {
    /** Whether a table can be read. */
    public enum State {
        /** It can. */
        READ,
        /** Tables of its index of words are gone, which can be made anew from the documents. */
        MENDABLE,
        /** Something is gone that nothing can be made anew of. */
        LOST,
        /** Another program keeps it in another way: nothing says that something is wrong with it. */
        FOREIGN
    }

    /** Copies the lists. */
    public Fts5Entry {
        columns = List.copyOf(columns);
        missing = List.copyOf(missing);
    }

    /** Whether this library reads it. */
    public boolean isRead() {
        return state == State.READ;
    }

    /** What to do about a table that is not read. */
    public String remedy() {
        return switch (state) {
            case READ -> "";
            case MENDABLE -> Fts5Tables.MEND;
            case LOST -> isTaken ? Fts5Tables.RENAME : "restore the file from a backup";
            case FOREIGN -> "use the program that made it";
        };
    }

    /** Makes the tables of a {@link State#MENDABLE} one that are missing, and its index anew. */
    public void mend(Session session) {
        Fts5Tables.mend(session, name, missing);
    }
}
