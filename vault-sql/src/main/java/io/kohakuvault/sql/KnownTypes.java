package io.kohakuvault.sql;

import io.kohakuvault.arrow.duckdb.ParquetTypes;
import io.kohakuvault.table.SchemaColumn;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** What columns of a result were in a table, where that is certain: DuckDB knows less of them. */
final class KnownTypes {
    private KnownTypes() {}

    /** A query's plan, asked for before it is executed; null where nothing is certain. */
    static @Nullable QueryPlan plan(SqlConnection connection, String query) throws SQLException {
        QueryPlan plan = connection.vault().known().plan(query);
        return plan != null && connection.meansViews(plan) ? plan : null;
    }

    /**
     * The columns whose types are known.
     *
     * @param names all the result's columns
     */
    static List<SchemaColumn> of(@Nullable QueryPlan plan, List<String> names) {
        if (plan == null || plan.origins().size() != names.size() || !areDistinct(names)) {
            return List.of();
        }
        List<SchemaColumn> known = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Field field = plan.origins().get(i);
            if (field != null) {
                ParquetTypes.column(names.get(i), field).ifPresent(known::add);
            }
        }
        return known;
    }

    /** Whether no two have one name, of which DuckDB would change one. */
    private static boolean areDistinct(List<String> names) {
        Set<String> keys = new HashSet<>();
        return names.stream().allMatch(name -> keys.add(SqlText.key(name)));
    }

    /** The names of a result's columns. */
    static List<String> names(ResultSetMetaData columns) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        return names;
    }

    /** Columns of which DuckDB tells something, and of those that are known what they are; all take nulls. */
    static List<SchemaColumn> more(List<SchemaColumn> told, List<SchemaColumn> known) {
        Map<String, SchemaColumn> all = new LinkedHashMap<>();
        told.forEach(column -> all.put(column.name(), column));
        known.forEach(column ->
                all.put(column.name(), new SchemaColumn(column.name(), column.dtype(), column.logicalType(), true)));
        return List.copyOf(all.values());
    }
}
