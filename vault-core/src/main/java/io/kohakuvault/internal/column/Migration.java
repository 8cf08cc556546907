package io.kohakuvault.internal.column;

import io.kohakuvault.codec.DType;
import io.kohakuvault.internal.block.BlockTables;
import io.kohakuvault.internal.block.ColumnRecord;
import io.kohakuvault.internal.block.Elements;
import io.kohakuvault.internal.block.edit.OpenBlocks;
import io.kohakuvault.internal.legacy.LegacyColumn;
import io.kohakuvault.internal.legacy.LegacyReader;
import io.kohakuvault.internal.legacy.LegacyTables;
import io.kohakuvault.internal.sqlite.Session;
import java.util.List;

/** Takes columns of KohakuVault 0.x over into the newer layout. */
final class Migration {
    private Migration() {}

    /** The names that stand in both layouts: nothing may be migrated while there is one. */
    static List<String> conflicts(Session session) {
        return LegacyTables.columns(session).stream()
                .map(LegacyColumn::name)
                .filter(name -> BlockTables.columnByName(session, name).isPresent())
                .toList();
    }

    /** Migrates every column and removes the older tables. The caller is in a transaction. */
    static int run(Session session, OpenBlocks tails) {
        List<LegacyColumn> columns = LegacyTables.columns(session);
        if (columns.isEmpty()) {
            return 0;
        }
        BlockTables.createColumnTables(session);
        for (LegacyColumn column : columns) {
            LegacyTables.check(session, column);
            DType dtype = column.type();
            // The dtype's string stays as it stands, also where there is a shorter one of the same meaning.
            ColumnRecord record =
                    ColumnDirectory.create(session, column.name(), column.dtype(), dtype, column.elementSizeBytes());
            LegacyReader reader = new LegacyReader(session, column);
            for (long row = 0; row < column.length(); ) {
                LegacyReader.Run run = reader.run(row, column.length());
                Elements elements = new Elements(column.elementSizeBytes(), run.rows());
                elements.addBlock(LegacyEngine.block(run), 0, run.rows());
                tails.append(session, record.colId(), false, elements);
                row += run.rows();
            }
        }
        LegacyTables.remove(session, columns);
        return columns.size();
    }
}
