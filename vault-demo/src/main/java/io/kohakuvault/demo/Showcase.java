package io.kohakuvault.demo;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.arrow.ScanStats;
import io.kohakuvault.arrow.VaultArrow;
import io.kohakuvault.arrow.VaultArrowReader;
import io.kohakuvault.arrow.duckdb.DuckDbArrow;
import io.kohakuvault.column.ColumnInfo;
import io.kohakuvault.search.FusedHit;
import io.kohakuvault.search.Fusion;
import io.kohakuvault.text.TextHit;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.vector.VectorHit;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

/** Reads the file that the sink wrote, in every way there is. */
final class Showcase {
    private static final List<String> QUESTIONS = List.of(
            "commit offsets without blocking",
            "write a map of values to a byte buffer",
            "wait until a container is ready");

    private final Vault vault;
    private final Console console;

    Showcase(Vault vault, Console console) {
        this.vault = vault;
        this.console = console;
    }

    void show() throws IOException, SQLException {
        try (Snapshot snapshot = vault.snapshot()) {
            contents(snapshot);
            sql(snapshot);
            for (String question : QUESTIONS) {
                search(snapshot, question);
            }
        }
        console.stage("The file");
        console.line("%s", vault.path());
        String name = vault.path().getFileName().toString();
        console.line("In Python, in that folder:  pip install kohakuvault==1.1.0");
        console.line("            from kohakuvault import ColumnVault, KVault, TextVault");
        console.line("            columns = ColumnVault('%s'); columns['api.words'][:5]", name);
        console.line("            sources = KVault('%s', table='sources'); list(sources.keys(limit=5))", name);
        console.line("            comments = TextVault('%s', table='comments', columns=['comment'])", name);
        console.line("            comments.search('offsets', k=3)");
    }

    private void contents(Snapshot snapshot) throws IOException {
        console.stage("What is in the file");
        List<List<String>> rows = new ArrayList<>();
        for (ColumnInfo column : snapshot.columns().list()) {
            rows.add(List.of("column", column.name(), column.dtype(), number(column.length())));
        }
        rows.add(List.of("key-values", Job.KV, "", number(snapshot.kv(Job.KV).count())));
        rows.add(List.of(
                "documents",
                Job.TEXT,
                "FTS5",
                number(snapshot.text(Job.TEXT, Job.TEXT_OPTIONS).count())));
        rows.add(List.of(
                "vectors",
                Job.VECTORS,
                "vec:f32:384",
                number(snapshot.vectors(Job.VECTORS).count())));
        snapshot.offsets()
                .claims(Job.CONNECTOR)
                .forEach(c -> rows.add(List.of(
                        "next offset", c.topic() + "-" + c.partition(), "epoch " + c.epoch(), number(c.nextOffset()))));
        console.table(List.of("kind", "name", "type", "count"), rows);
        console.line("one file of %,.1f MB", Files.size(vault.path()) / 1e6);
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private void sql(Snapshot snapshot) throws IOException, SQLException {
        console.stage("SQL by DuckDB over Arrow batches of the file");
        try (BufferAllocator allocator = VaultArrow.allocator()) {
            try (DuckDBConnection duck =
                    DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class)) {
                query(
                        duck,
                        allocator,
                        snapshot,
                        "Documentation by library",
                        "SELECT library, count(*) AS comments, sum(words) AS words, round(avg(words), 1) AS per_comment, "
                                + "count(*) FILTER (WHERE kind = 'method') AS methods, count(*) FILTER (WHERE deprecated) AS deprecated, "
                                + "count(since) AS with_since FROM api GROUP BY library ORDER BY comments DESC",
                        "library",
                        "words",
                        "kind",
                        "deprecated",
                        "since");
                query(
                        duck,
                        allocator,
                        snapshot,
                        "By kind",
                        "SELECT kind, count(*) AS comments, max(words) AS longest, sum(length(comment)) AS characters FROM api "
                                + "GROUP BY kind ORDER BY comments DESC",
                        "kind",
                        "words",
                        "comment");
                query(
                        duck,
                        allocator,
                        snapshot,
                        "The longest comments",
                        "SELECT library, type, coalesce(member, '(the type itself)') AS member, line, words FROM api "
                                + "ORDER BY words DESC LIMIT 5",
                        "library",
                        "type",
                        "member",
                        "line",
                        "words");
            }
            scan(snapshot, allocator);
        }
    }

    private void query(
            DuckDBConnection duck,
            BufferAllocator allocator,
            Snapshot snapshot,
            String title,
            String sql,
            String... columns)
            throws SQLException {
        DuckDbArrow.register(
                duck,
                "api",
                VaultArrow.scan(snapshot, Job.TABLE).columns(columns).open(allocator),
                allocator);
        long start = System.nanoTime();
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> headings = new ArrayList<>();
            int count = result.getMetaData().getColumnCount();
            for (int i = 1; i <= count; i++) {
                headings.add(result.getMetaData().getColumnLabel(i));
            }
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= count; i++) {
                    Object value = result.getObject(i);
                    boolean whole = value instanceof Number && !(value instanceof Double);
                    row.add(
                            whole
                                    ? String.format(Locale.ROOT, "%,d", new BigInteger(value.toString()))
                                    : String.valueOf(value));
                }
                rows.add(row);
            }
            console.line("");
            console.line("%s (%.0f ms)", title, (System.nanoTime() - start) / 1e6);
            console.table(headings, rows);
        }
    }

    private void scan(Snapshot snapshot, BufferAllocator allocator) throws IOException {
        long start = System.nanoTime();
        try (VaultArrowReader reader = VaultArrow.scan(snapshot, Job.TABLE).open(allocator)) {
            while (reader.loadNextBatch()) {
                // the batch's vectors point into the mapped file
            }
            ScanStats stats = reader.stats();
            console.line("");
            console.line(
                    "A scan of all columns: %,d rows in %,d batches; %,d blocks mapped, %,d read through SQLite, %.1f MB of short blocks joined; %.1f ms",
                    stats.rows(),
                    stats.batches(),
                    stats.mappedBlocks(),
                    stats.copiedBlocks(),
                    stats.joinedBytes() / 1e6,
                    (System.nanoTime() - start) / 1e6);
        }
    }

    private void search(Snapshot snapshot, String question) {
        console.stage("Searching: " + question);
        long start = System.nanoTime();
        List<TextHit> byWords = snapshot.text(Job.TEXT, Job.TEXT_OPTIONS)
                .search(TextQuery.any(question).withSnippets(14), 20);
        double wordsMs = (System.nanoTime() - start) / 1e6;
        start = System.nanoTime();
        List<VectorHit> byVector = snapshot.vectors(Job.VECTORS).search(HashedEmbedding.of(question), 20);
        double vectorMs = (System.nanoTime() - start) / 1e6;

        console.line("by words, BM25 (%.1f ms)", wordsMs);
        for (TextHit hit : byWords.subList(0, Math.min(3, byWords.size()))) {
            console.line("  %6.2f  %s", hit.score(), hit.value().orElse(""));
            console.line("          %s", hit.snippet().orElse(""));
        }
        console.line("by vectors, cosine (%.1f ms)", vectorMs);
        for (VectorHit hit : byVector.subList(0, Math.min(3, byVector.size()))) {
            console.line("  %6.4f  %s", hit.distance(), hit.value().orElse(""));
        }
        console.line("fused by reciprocal rank");
        List<FusedHit<Object>> fused = Fusion.reciprocalRank(
                List.of(
                        byWords.stream().map(h -> h.value().orElse("")).toList(),
                        byVector.stream().map(h -> h.value().orElse("")).toList()),
                5);
        for (FusedHit<Object> hit : fused) {
            console.line("  %6.4f  %s", hit.score(), hit.item());
        }
    }
}
