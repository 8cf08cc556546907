package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.VaultIoException;
import io.kohakuvault.VaultMovedException;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.table.SchemaColumn;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/**
 * Prints the rows of a table, or the elements of a column, as they are committed, by whomever. No snapshot is open
 * while it waits or prints, so that the writers' log can start over.
 */
final class Follower {
    private static final long LOOK_MILLIS = 100;

    /** Rows that are read from one snapshot. */
    private static final int MOST_ROWS = 1000;

    private final FileCommand command;
    private final Vault vault;
    private final Content.Kind kind;
    private final FollowedRows.Selection selection;
    private final boolean vertical;

    private FollowedPlace place;
    private List<SchemaColumn> marked;
    private List<ShownRows.Heading> headings;
    private ShownRows shown;
    private boolean isBehind;

    Follower(FileCommand command, Vault vault, Content.Kind kind, FollowedRows.Selection selection, boolean vertical) {
        this.command = command;
        this.vault = vault;
        this.kind = kind;
        this.selection = selection;
        this.vertical = vertical;
    }

    /**
     * Goes on until it is interrupted.
     *
     * @param last how many of the rows that are there it begins with, the last ones
     */
    void run(int last) throws IOException {
        try {
            Snapshot seen = begin(last);
            while (true) {
                Interruption.check();
                if (!isBehind && seen.isNewest()) {
                    Thread.sleep(LOOK_MILLIS);
                } else {
                    seen = goOn();
                }
            }
        } catch (InterruptedException | VaultInterruptedException | CancellationException e) {
            if (!Interruption.isRequested()) {
                throw new CancellationException("interrupted");
            }
            // This is how it ends. Nothing was under way that could be undone.
        } catch (VaultMovedException e) {
            throw new VaultIoException(
                    command.file + ": was deleted, renamed or replaced while it was followed; begin again with the"
                            + " file that is meant",
                    e);
        }
    }

    private Snapshot begin(int last) throws IOException {
        Snapshot now = vault.snapshot();
        try (now) {
            FollowedRows rows = FollowedRows.of(now, kind, selection);
            long end = rows.length();
            marked = rows.marked();
            place = new FollowedPlace(end, rows);
            use(rows);
            lastOf(rows, end, last);
        }
        print();
        return now;
    }

    /** Looked for from the end on, since conditions may leave out any of them. */
    private void lastOf(FollowedRows rows, long end, int last) throws IOException {
        Deque<Runnable> found = new ArrayDeque<>();
        for (long to = end; to > 0 && found.size() < last; to -= MOST_ROWS) {
            List<Runnable> part = new ArrayList<>();
            rows.read(
                    Math.max(0, to - MOST_ROWS),
                    to,
                    (index, cells) -> part.add(() -> shown.add(rows.place() + index, cells)));
            for (int i = part.size() - 1; i >= 0 && found.size() < last; i--) {
                found.addFirst(part.get(i));
            }
        }
        found.forEach(Runnable::run);
    }

    private Snapshot goOn() throws IOException {
        Snapshot now = vault.snapshot();
        try (now) {
            FollowedRows rows = open(now);
            long length = rows.length();
            if (rows.markBy(marked)) {
                tell(place.find(rows), length);
            } else { // what it was known by is gone
                marked = rows.marked();
                place.moveTo(Math.min(place.next(), length), rows);
            }
            if (!rows.headings().equals(headings)) {
                command.note(name() + " has other columns now");
                use(rows);
            }
            long to = Math.min(length, place.next() + MOST_ROWS);
            rows.read(place.next(), to, (index, cells) -> shown.add(rows.place() + index, cells));
            if (to > place.next()) {
                place.moveTo(to, rows);
            }
            isBehind = to < length;
        }
        print(); // whoever reads it may take his time: the snapshot is closed
        return now;
    }

    private FollowedRows open(Snapshot snapshot) {
        try {
            return FollowedRows.of(snapshot, kind, selection);
        } catch (NoSuchElementException e) {
            throw new VaultException(
                    command.file + ": " + name() + " is not there any more; it was dropped or renamed", e);
        }
    }

    private void use(FollowedRows rows) {
        headings = rows.headings();
        shown = new ShownRows(vertical, headings);
        if (!vertical) {
            shown.lines().forEach(command.out()::println);
        }
    }

    private void print() {
        if (shown.size() > 0) {
            shown.lines().forEach(command.out()::println);
        }
        command.out().flush();
    }

    private void tell(FollowedPlace.Change change, long length) {
        String now = String.format(Locale.ROOT, "%s has %,d %s now", name(), length, length == 1 ? "row" : "rows");
        switch (change) {
            case NONE -> {}
            case MOVED -> command.note("rows that were shown were removed, moved or corrected; " + now);
            case ANEW -> command.note("all rows shown were removed; " + now + ", and this goes on from its first");
            case LOST ->
                command.note(String.format(
                        Locale.ROOT,
                        "many rows were removed or corrected; %s, and this goes on from row %d",
                        now,
                        place.next()));
        }
    }

    private String name() {
        return (kind == Content.Kind.TABLE ? "table '" : "column '") + selection.name() + "'";
    }
}
