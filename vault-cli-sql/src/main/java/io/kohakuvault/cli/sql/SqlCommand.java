package io.kohakuvault.cli.sql;

import io.kohakuvault.Vault;
import io.kohakuvault.cli.FileCommand;
import io.kohakuvault.cli.Interruption;
import io.kohakuvault.cli.terminal.Terminal;
import io.kohakuvault.sql.VaultSql;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** SQL over a file. */
@Command(
        name = "sql",
        description = {
            "Answers SQL over the file, by DuckDB. Every table is a view, and so are columns, key-values, documents and vectors; the file is only read.",
            "Without a statement it asks for some: on a terminal with completion and history (.help says what else), else from standard input."
        },
        footer = {
            "",
            "vault sql events.db \"SELECT user, count(*) FROM events GROUP BY ALL ORDER BY 2 DESC LIMIT 10\"",
            "vault sql events.db \"SELECT * FROM events WHERE ts >= '2026-01-01'\" --out january.parquet",
            "vault sql events.db --from january.parquet --into january",
            "vault sql events.db \"SELECT * FROM read_csv('users.csv')\" --into users"
        })
public final class SqlCommand extends FileCommand {
    private static final Pattern UNKNOWN_TABLE = Pattern.compile(
            "(Table with name .* does not exist!)[;\\s]*Did you mean \"(pg_|duckdb_|sqlite_|pragma_)[^\"]*\"\\?");

    private static final int SHOWN_NAMES = 20;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STATEMENT",
            description = "SQL, several statements between ;")
    @Nullable
    String sql;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "how rows are printed: ${COMPLETION-CANDIDATES}; when not given, table on a terminal, else csv")
    @Nullable
    ResultFormat format;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "writes the rows of one query to this file: .parquet, .arrow, .csv or .jsonl")
    @Nullable
    Path target;

    @Option(
            names = "--into",
            paramLabel = "TABLE",
            description =
                    "appends the rows of one query, or of --from, to this table of the file, which is made where it is missing")
    @Nullable
    String table;

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "the rows of this file, for --into: .parquet, .arrow, .csv or .jsonl")
    @Nullable
    Path source;

    @Override
    protected int run() throws Exception {
        if (table != null && target != null) {
            throw wrong("--into and --out: the rows go to one of them");
        } else if (source != null && table == null) {
            throw wrong("--from is for --into, which names a table");
        } else if (source != null && sql != null) {
            throw wrong("--from and a statement: the rows come from one of them");
        } else if ((target != null || (table != null && source == null)) && sql == null) {
            throw wrong("STATEMENT is missing: the query whose rows are written");
        }
        if (target != null) {
            checkTarget(target);
            ResultFile.of(target);
        }
        if (source != null) {
            ResultFile.of(source);
            if (Files.exists(source) && Files.exists(file) && Files.isSameFile(source, file)) {
                throw wrong("--from " + source + " is the vault itself");
            }
        }
        try (Vault vault = table != null ? write(true) : read();
                VaultSql engine = VaultSql.open(vault)) {
            try {
                return run(vault, engine);
            } catch (SQLException e) {
                throw new IOException(withNames(said(e), engine.views()), e);
            }
        } catch (SQLException e) {
            throw new IOException(said(e), e);
        }
    }

    /** What DuckDB says of an unknown table, with those that are there where it guesses one of its own. */
    static String withNames(String message, List<String> views) {
        Matcher unknown = UNKNOWN_TABLE.matcher(message);
        if (!unknown.find()) {
            return message;
        }
        String names = views.isEmpty()
                ? "the file has nothing"
                : "there are " + views.stream().limit(SHOWN_NAMES).collect(Collectors.joining(", "))
                        + (views.size() > SHOWN_NAMES ? " and " + (views.size() - SHOWN_NAMES) + " more" : "");
        return unknown.replaceFirst(Matcher.quoteReplacement(unknown.group(1) + " " + names));
    }

    /** DuckDB's message without its picture of the place, which wants a line of its own. */
    static String said(SQLException e) {
        return VaultSql.message(e);
    }

    private int run(Vault vault, VaultSql engine) throws SQLException, IOException {
        Interruption.whenRequested(engine::cancel);
        Interruption.check();
        if (table != null) {
            long rows = source != null
                    ? ResultFile.of(source).read(engine, source, vault, table)
                    : engine.insertInto(java.util.Objects.requireNonNull(sql), vault, table);
            note(rows + " rows appended to " + table);
            return 0;
        } else if (target != null) {
            long rows = ResultFile.of(target).write(engine, java.util.Objects.requireNonNull(sql), target);
            note(rows + " rows written to " + target);
            return 0;
        }
        ResultFormat how = format != null ? format : Terminal.isOutput() ? ResultFormat.table : ResultFormat.csv;
        try (Connection connection = engine.connection()) {
            streamResults(connection);
            ResultPrinter printer = new ResultPrinter(connection, out(), err(), Terminal.width());
            if (sql != null) {
                print(printer, sql, how);
            } else if (Terminal.isInput() && Terminal.isOutput()) {
                return new SqlPrompt(file, engine, connection, printer, how).run();
            } else {
                print(printer, standardInput(), how);
            }
        }
        return 0;
    }

    /** Rows are printed as they are computed: a result may be larger than the memory. */
    static void streamResults(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION jdbc_stream_results = true");
        }
    }

    private static void print(ResultPrinter printer, String text, ResultFormat how) throws SQLException {
        List<String> statements = VaultSql.statements(text);
        for (String statement : statements) {
            printer.print(statement, how);
        }
    }

    private static String standardInput() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            return in.lines().collect(Collectors.joining("\n"));
        }
    }
}
