package io.kohakuvault.sql;

import io.kohakuvault.Snapshot;
import io.kohakuvault.VaultException;
import io.kohakuvault.maintenance.Content;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The views of a vault's contents in DuckDB's schema {@code main}. Thread-safe. */
final class Views implements AutoCloseable {
    private static final int MOST_PLANS = 100;

    /** Longer statements hold data, and come once. */
    private static final int LONGEST_PLANNED = 10_000;

    private final VaultSql vault;
    private final DuckDBConnection connection;

    /** By names in lower case: in SQL case does not count. */
    private volatile Map<String, View> views = Map.of();

    /** What there is no view of, and why. */
    private volatile Map<String, String> withoutView = Map.of();

    /** Plans of the statements that came last: to parse one takes as long as to read a hundred thousand rows. */
    private final Map<String, Optional<QueryPlan>> plans = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<QueryPlan>> eldest) {
            return size() > MOST_PLANS;
        }
    };

    /** The views that the plans are of. */
    private Map<String, View> planned = Map.of();

    /** Where DuckDB parses queries, apart from the transactions of its users. */
    private final DuckDBConnection parser;

    Views(VaultSql vault, DuckDBConnection root) throws SQLException {
        this.vault = vault;
        this.connection = root;
        this.parser = root.duplicate();
    }

    /** A view, with the fields that it was made of. */
    record View(String name, ViewSource source, List<Field> fields) {
        /** Whether columns differ by case alone, which in SQL does not count. */
        boolean isRenamed() {
            return fields.stream()
                            .map(field -> SqlText.key(field.getName()))
                            .distinct()
                            .count()
                    < fields.size();
        }

        /** The names of the columns in SQL, of which no two are the same. */
        List<String> columns() {
            Set<String> taken = new HashSet<>();
            List<String> names = new ArrayList<>();
            for (Field field : fields) {
                String name = field.getName();
                for (int i = 1; !taken.add(SqlText.key(name)); i++) {
                    name = field.getName() + "_" + i;
                }
                names.add(name);
            }
            return names;
        }
    }

    ViewSource source(String view) {
        View found = views.get(SqlText.key(view));
        if (found == null) {
            throw new NoSuchElementException(vault.file() + " has nothing called '" + view + "'");
        }
        return found.source();
    }

    /** DuckDB's error, with the reason where it is of something that there is no view of. */
    SQLException explained(SQLException e) {
        for (Map.Entry<String, String> refused : withoutView.entrySet()) {
            if (String.valueOf(e.getMessage()).contains("with name " + refused.getKey() + " does not exist")) {
                return new SQLException(
                        "'" + refused.getKey() + "' cannot be read by SQL: " + refused.getValue(), e.getSQLState(), e);
            }
        }
        return e;
    }

    /** The views by names in lower case. */
    Map<String, View> all() {
        return views;
    }

    List<String> names() {
        return List.copyOf(views.values().stream().map(View::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The plan of a statement over the views that there are; null where it names none or cannot be told. */
    @Nullable
    QueryPlan plan(String sql) throws SQLException {
        Map<String, View> now = views;
        synchronized (plans) {
            if (planned != now) {
                plans.clear();
                planned = now;
            }
            Optional<QueryPlan> known = plans.get(sql);
            if (known != null) {
                return known.orElse(null);
            }
        }
        QueryPlan plan = QueryPlan.of(sql, now, this::syntaxTree);
        synchronized (plans) {
            if (planned == now && sql.length() <= LONGEST_PLANNED) {
                plans.put(sql, Optional.ofNullable(plan));
            }
        }
        return plan;
    }

    /** A query's syntax tree as JSON, or DuckDB's word on why there is none. */
    private synchronized String syntaxTree(String query) throws SQLException {
        try (var statement = parser.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, query);
            try (ResultSet tree = statement.executeQuery()) {
                tree.next();
                return tree.getString(1);
            }
        }
    }

    synchronized boolean refresh() throws SQLException {
        Execution execution = new Execution();
        try (VaultSql.Use use = vault.use(null)) {
            execution.read(use.snapshot());
            Map<String, View> now = new LinkedHashMap<>();
            Map<String, String> refused = new TreeMap<>();
            for (ViewSource source : sources(use.snapshot())) {
                String name = free(source, now);
                try {
                    List<Field> fields = source.fields(use.snapshot(), vault.allocator());
                    now.put(SqlText.key(name), new View(name, source, fields));
                } catch (VaultException | IllegalArgumentException | NoSuchElementException e) {
                    refused.put(name, String.valueOf(e.getMessage())); // one that is damaged must not hide the others
                }
            }
            Map<String, View> before = views;
            views = Map.copyOf(now);
            boolean changed = false;
            Map<String, Boolean> there = now.equals(before) ? Map.of() : there();
            for (View view : List.copyOf(now.values())) {
                if (!view.equals(before.get(SqlText.key(view.name())))) {
                    if (there.getOrDefault(SqlText.key(view.name()), true)) {
                        changed |= created(view, execution, now, refused);
                    } else {
                        now.remove(SqlText.key(view.name()));
                        refused.put(view.name(), "DuckDB has a view of that name, which was made by a statement");
                    }
                }
            }
            withoutView = Map.copyOf(refused);
            views = Map.copyOf(now);
            for (View view : before.values()) {
                if (!now.containsKey(SqlText.key(view.name()))) {
                    changed = true;
                    if (there.getOrDefault(SqlText.key(view.name()), false)) {
                        execute("DROP VIEW IF EXISTS main." + SqlText.quoted(view.name()), execution);
                    }
                }
            }
            return changed;
        }
    }

    /** The views in DuckDB by names in lower case, and whether they are of the vault: others are their makers'. */
    private Map<String, Boolean> there() throws SQLException {
        Map<String, Boolean> there = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT view_name, contains(sql, '" + ViewFunction.NAME + "(')"
                        + " FROM duckdb_views() WHERE database_name = 'memory' AND schema_name = 'main'"
                        + " AND NOT internal")) {
            while (found.next()) {
                there.put(SqlText.key(found.getString(1)), found.getBoolean(2));
            }
        }
        return there;
    }

    /** A name that no view before it has; also a long one may be taken, by what is called so itself. */
    private static String free(ViewSource source, Map<String, View> taken) {
        String name = taken.containsKey(SqlText.key(source.name())) ? source.longName() : source.name();
        for (int i = 2; taken.containsKey(SqlText.key(name)); i++) {
            name = source.longName() + "_" + i;
        }
        return name;
    }

    /** Makes a view; one that DuckDB refuses, for a table of that name of its own, must not hide the others. */
    private boolean created(View view, Execution execution, Map<String, View> now, Map<String, String> refused) {
        try {
            create(view, execution);
            return true;
        } catch (SQLException e) {
            now.remove(SqlText.key(view.name()));
            refused.put(view.name(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void create(View view, Execution execution) throws SQLException {
        List<String> names = view.columns();
        List<Field> ordered = ViewFunction.ordered(view.fields());
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            Field field = view.fields().get(i);
            String given = ViewFunction.COLUMN + ordered.indexOf(field);
            columns.append(i == 0 ? "" : ", ")
                    .append(Transport.of(field).expression(field, given))
                    .append(" AS ")
                    .append(SqlText.quoted(names.get(i)));
        }
        execute(
                "CREATE OR REPLACE VIEW main." + SqlText.quoted(view.name()) + " AS SELECT " + columns + " FROM "
                        + ViewFunction.NAME + "(" + SqlText.literal(view.name()) + ", "
                        + SqlText.literal(fingerprint(view.fields())) + ")",
                execution);
    }

    /** Tells columns of other names, types or order: a view is bound by places. */
    static String fingerprint(List<Field> fields) {
        return UUID.nameUUIDFromBytes(fields.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private void execute(String sql, Execution execution) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            execution.call(() -> statement.execute(sql));
        } catch (SQLException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new SQLException(e);
        }
    }

    private static List<ViewSource> sources(Snapshot snapshot) {
        List<ViewSource> sources = new ArrayList<>();
        Map<String, Boolean> tables = new HashMap<>();
        for (String table : snapshot.tables().list()) {
            tables.put(table, true);
            sources.add(new BlockViewSource(table, true));
        }
        snapshot.columns().list().stream()
                .filter(column -> !column.legacy())
                .map(column -> column.name())
                .filter(name -> !isPart(name, tables))
                .forEach(name -> sources.add(new BlockViewSource(name, false)));
        snapshot.contents()
                .names(Content.Kind.KEY_VALUES)
                .forEach(name -> sources.add(new RowViewSources.KeyValues(name)));
        snapshot.contents()
                .names(Content.Kind.DOCUMENTS)
                .forEach(name -> sources.add(new RowViewSources.Documents(name)));
        snapshot.contents().names(Content.Kind.VECTORS).forEach(name -> sources.add(new RowViewSources.Vectors(name)));
        return sources;
    }

    private static boolean isPart(String column, Map<String, Boolean> tables) {
        for (int dot = column.indexOf('.'); dot >= 0; dot = column.indexOf('.', dot + 1)) {
            if (tables.containsKey(column.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws SQLException {
        parser.close();
    }
}
