package io.kohakuvault.cli.sql;

import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.sql.VaultSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** Asks for statements on a terminal: with history, completion, and commands that begin with a dot. */
final class SqlPrompt {
    private static final List<String> WORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP BY",
            "ORDER BY",
            "LIMIT",
            "JOIN",
            "LEFT JOIN",
            "USING",
            "HAVING",
            "WITH",
            "AS",
            "DESC",
            "BETWEEN",
            "LIKE",
            "IS NULL",
            "IS NOT NULL",
            "AND",
            "OR",
            "NOT",
            "IN",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "COUNT(*)",
            "SUM(",
            "AVG(",
            "MIN(",
            "MAX(",
            "COPY",
            "DESCRIBE",
            "SUMMARIZE",
            "CREATE TABLE",
            "EXPLAIN");
    private static final String HELP = """
            A statement ends with ; and may have several lines. Ctrl-C ends the one that runs.
            .tables          what there is
            .schema [NAME]   columns and their types
            .mode MODE       how rows are printed: table, csv, jsonl
            .quit            ends, as Ctrl-D does""";

    private final Path file;
    private final VaultSql engine;
    private final Connection connection;
    private final ResultPrinter printer;
    private ResultFormat format;

    /**
     * @param file what the prompt is called
     * @param engine has the views
     * @param connection asks about them
     * @param printer executes and prints
     * @param format how rows are printed at first
     */
    SqlPrompt(Path file, VaultSql engine, Connection connection, ResultPrinter printer, ResultFormat format) {
        this.file = file;
        this.engine = engine;
        this.connection = connection;
        this.printer = printer;
        this.format = format;
    }

    /** Reads and answers until the end; answers the exit code. */
    int run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            return run(terminal, history());
        }
    }

    /**
     * @param terminal asked and answered on; stays open
     * @param history where what was typed is kept; null for nowhere
     */
    int run(Terminal terminal, @Nullable Path history) {
        DefaultParser parser = new DefaultParser();
        parser.setEscapeChars(null); // a backslash is one
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(parser)
                .completer((reader, line, candidates) -> complete(line.word(), isQuoted(line), candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        if (history != null) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return answer(builder.build(), terminal);
    }

    private int answer(LineReader reader, Terminal terminal) {
        terminal.writer().println("SQL over " + file + ", read-only. .help says what else; Ctrl-D ends.");
        StringBuilder text = new StringBuilder();
        while (true) {
            String line;
            try {
                line = reader.readLine(text.isEmpty() ? "vault> " : "  ...> ");
            } catch (UserInterruptException e) {
                text.setLength(0); // the statement that was begun
                continue;
            } catch (EndOfFileException e) {
                return 0;
            }
            if (text.isEmpty() && line.strip().startsWith(".")) {
                if (line.strip().matches("\\.(quit|exit)\\b.*")) {
                    return 0;
                }
                terminal.writer().println(command(line.strip()));
            } else {
                text.append(line).append('\n');
                if (VaultSql.endsStatement(text.toString())) {
                    execute(text.toString(), terminal);
                    text.setLength(0);
                }
            }
            terminal.flush();
        }
    }

    /** Ctrl-C ends the statement that runs, and not the prompt. */
    private void execute(String text, Terminal terminal) {
        printer.start();
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> {
            printer.stop();
            engine.cancel();
        });
        try {
            for (String statement : VaultSql.statements(text)) {
                printer.print(statement, format);
            }
        } catch (SQLException | RuntimeException e) {
            terminal.writer().println(printer.isStopped() ? "stopped" : said(e));
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
        }
    }

    private String said(Exception e) {
        return e.getMessage() == null ? e.toString() : SqlCommand.withNames(e.getMessage(), engine.views());
    }

    /** What a command with a dot answers. */
    String command(String line) {
        String[] words = line.split("\\s+", 2);
        try {
            return switch (words[0]) {
                case ".tables" -> {
                    engine.refresh();
                    yield String.join("\n", engine.views());
                }
                case ".schema" -> schema(words.length > 1 ? words[1].strip() : null);
                case ".mode" -> {
                    if (words.length < 2) {
                        yield format.name();
                    }
                    format = ResultFormat.valueOf(words[1].strip());
                    yield "";
                }
                case ".help" -> HELP;
                default -> words[0] + ": no such command; .help names them";
            };
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        } catch (IllegalArgumentException e) {
            return words[1] + ": table, csv or jsonl";
        }
    }

    private String schema(@Nullable String name) throws SQLException {
        StringBuilder text = new StringBuilder();
        columns().forEach((view, columns) -> {
            if (name == null || DuckDbArrow.nameKey(view).equals(DuckDbArrow.nameKey(name))) {
                text.append(text.isEmpty() ? "" : "\n").append(view).append(" (");
                text.append(String.join(", ", columns)).append(')');
            }
        });
        return text.isEmpty() ? "there is no " + name + ", there are " + engine.views() : text.toString();
    }

    /** Columns with their types, by views. */
    private Map<String, List<String>> columns() throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT table_name, column_name, data_type FROM "
                                + "duckdb_columns() WHERE NOT internal AND schema_name = 'main' ORDER BY table_name, column_index")) {
            while (rows.next()) {
                columns.computeIfAbsent(rows.getString(1), view -> new ArrayList<>())
                        .add(rows.getString(2) + " " + rows.getString(3));
            }
        }
        return columns;
    }

    /** Whether the word at the cursor was begun with a quote, which the reader puts around what it becomes. */
    private static boolean isQuoted(ParsedLine line) {
        int start =
                line.cursor() - (line instanceof CompletingParsedLine raw ? raw.rawWordCursor() : line.wordCursor());
        return start >= 0 && start < line.line().length() && line.line().charAt(start) == '"';
    }

    /** Words and names that a word may become. */
    void complete(String word, boolean quoted, List<Candidate> candidates) {
        TreeSet<String> names = quoted ? new TreeSet<>() : new TreeSet<>(WORDS);
        try {
            for (String name : names()) {
                names.add(quoted ? name.replaceFirst("^\"(.*)\"$", "$1") : name);
            }
        } catch (SQLException e) {
            names.addAll(engine.views()); // completion is a help, no more
        }
        String begun = word.toLowerCase(Locale.ROOT);
        names.stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(begun))
                .forEach(name -> candidates.add(new Candidate(name)));
    }

    /** Names of views and columns as a statement has them: in quotes where they would be something else. */
    private List<String> names() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("WITH names AS (SELECT table_name AS n FROM duckdb_columns() WHERE NOT"
                                + " internal AND schema_name = 'main' UNION SELECT column_name FROM duckdb_columns() WHERE NOT internal"
                                + " AND schema_name = 'main') SELECT CASE WHEN regexp_full_match(n, '[A-Za-z_][A-Za-z0-9_]*') AND"
                                + " lower(n) NOT IN (SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category"
                                + " IN ('reserved', 'type_function'))"
                                + " THEN n ELSE '\"' || replace(n, '\"', '\"\"') || '\"' END FROM names")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Where what was typed is kept, in the state folder of the XDG base directories; null where none can be made. */
    private static @Nullable Path history() {
        return history(System.getenv("XDG_STATE_HOME"), System.getProperty("user.home"));
    }

    /**
     * @param state XDG_STATE_HOME, which counts when it is absolute
     * @param home of the user; Java has "?" for one that the system does not know
     */
    static @Nullable Path history(@Nullable String state, @Nullable String home) {
        boolean hasState = state != null && Path.of(state).isAbsolute();
        if (!hasState && (home == null || !Path.of(home).isAbsolute())) {
            return null;
        }
        Path folder = hasState ? Path.of(state) : Path.of(home, ".local", "state");
        try {
            Path ours = Files.createDirectories(folder.resolve("kohakuvault"));
            return Files.isWritable(ours) ? ours.resolve("sql_history") : null;
        } catch (IOException e) {
            return null;
        }
    }
}
