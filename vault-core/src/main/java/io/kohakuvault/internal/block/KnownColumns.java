package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.MappedTable;
import io.kohakuvault.internal.page.StatePages;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.Payoff;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the columns of one state of the file: where their blocks stand in the mapped file, what the
 * directory says of them. A column keeps its whole directory, so that a further read is no query, once that pays.
 * Thread-safe.
 */
final class KnownColumns {
    private final Map<Long, Optional<ColumnRecord>> columns = new ConcurrentHashMap<>();
    private final Map<Long, Directory> directories = new ConcurrentHashMap<>();
    private final Map<Long, Payoff> payoffs = new ConcurrentHashMap<>();

    private volatile @Nullable MappedTable mapped;
    private volatile boolean looked;

    /** Those of a state. */
    static KnownColumns of(Hold hold) {
        return hold.memo(KnownColumns.class, KnownColumns::new);
    }

    Optional<ColumnRecord> column(long colId, ReadAccess sql) {
        Optional<ColumnRecord> known = columns.get(colId);
        if (known == null) {
            known = sql.read(session -> BlockTables.columnById(session, colId));
            columns.put(colId, known);
        }
        return known;
    }

    /** The directory, or null while a query for the range asked for is cheaper. */
    @Nullable
    Directory directory(ColumnRecord column, ReadAccess sql) {
        Directory known = directories.get(column.colId());
        if (known == null) {
            Payoff payoff = payoffs.computeIfAbsent(column.colId(), id -> Payoff.ofDirectory());
            payoff.spent(1);
            boolean pays =
                    payoff.paysDirectory(() -> sql.read(session -> BlockTables.lastBlockNo(session, column.colId())));
            return pays ? load(column, sql) : null;
        }
        return known;
    }

    /** Says how many blocks a query for a range of a column has given, while its directory is not known. */
    void queried(ColumnRecord column, int blocks) {
        Payoff payoff = payoffs.get(column.colId());
        if (payoff != null) {
            payoff.spentOnBlocks(blocks);
        }
    }

    Directory load(ColumnRecord column, ReadAccess sql) {
        Directory known = directories.get(column.colId());
        if (known == null) {
            known = sql.read(session -> Directory.load(session, column));
            directories.put(column.colId(), known);
        }
        return known;
    }

    /** The table of blocks in the mapped file; null where it cannot be followed. */
    @Nullable
    MappedTable mapped(Hold hold) {
        if (!looked) {
            hold.looking(() -> hold.read(session -> look(hold, session)));
        }
        return mapped;
    }

    private synchronized boolean look(Hold hold, Session session) {
        if (!looked) {
            Long root = session.queryLong(
                    "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'kvault_col_data'");
            StatePages pages = root == null ? null : hold.pages(session);
            mapped = root == null || pages == null ? null : MappedTable.of(pages, root);
            looked = root == null || hold.isLooked();
        }
        return looked;
    }
}
