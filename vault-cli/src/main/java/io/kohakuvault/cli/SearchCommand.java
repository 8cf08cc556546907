package io.kohakuvault.cli;

import io.kohakuvault.Snapshot;
import io.kohakuvault.Vault;
import io.kohakuvault.maintenance.Content;
import io.kohakuvault.search.HybridHit;
import io.kohakuvault.search.HybridQuery;
import io.kohakuvault.search.HybridSearch;
import io.kohakuvault.text.Snippets;
import io.kohakuvault.text.TextQuery;
import io.kohakuvault.text.TextReader;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "search",
        description = {
            "Searches documents for words, vectors for the nearest ones, or both together, best first.",
            "By default a document must have all the words of TEXT, anywhere. With --with, the documents that the words find and the vectors that are near are one ranking; a document and a vector are the same thing when they are stored with equal values.",
            "A TEXT that begins with a minus sign stands behind --."
        })
final class SearchCommand extends FileCommand {
    /** Of words; of trigrams, which begin at each character, as many as there may be. */
    private static final int SNIPPET_TOKENS = 16;

    private static final int SNIPPET_TRIGRAMS = 64;

    @Parameters(index = "1", paramLabel = "TABLE", description = "a table of documents or vectors")
    String name;

    @Parameters(index = "2..*", paramLabel = "TEXT", arity = "0..*", description = "what to look for in documents")
    List<String> text = new ArrayList<>();

    @Option(names = "--any", description = "at least one of the words, instead of all")
    boolean any;

    @Option(names = "--phrase", description = "the words next to each other, in this order")
    boolean phrase;

    @Option(names = "--prefix", description = "all the words, and of the last one its beginning")
    boolean prefix;

    @Option(names = "--fts5", description = "TEXT is an expression of FTS5's query language")
    boolean fts5;

    @Option(
            names = "--vector",
            paramLabel = "VECTOR",
            description = "the nearest to this: a JSON list of numbers, @FILE with one, or - for standard input")
    String vector;

    @Option(
            names = "--like",
            paramLabel = "ID",
            description = "the nearest to the vector that is stored under this id, without itself")
    Long like;

    @Option(names = "--with", paramLabel = "VECTORS", description = "the table of vectors to search as well")
    String with;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "HITS",
            defaultValue = "10",
            description = "how many (default ${DEFAULT-VALUE})")
    int limit;

    @Option(names = "--offset", paramLabel = "HITS", description = "how many of the best to leave out")
    int offset;

    @Option(names = "--columns", paramLabel = "NAMES", description = "columns of text to look in, between commas")
    String columns;

    @Option(names = "--max-distance", paramLabel = "NUMBER", description = "only vectors that are no farther away")
    Double maxDistance;

    @Option(
            names = "--metric",
            paramLabel = "METRIC",
            description = "another distance than the table's: ${COMPLETION-CANDIDATES}")
    MadeTables.QueryDistance metric;

    @Option(
            names = "--json",
            description = "one JSON object a line, with all texts; hits stand between ** in its snippet")
    boolean json;

    @Option(names = "-x", description = "a line for each value, not cut to the terminal's width")
    boolean vertical;

    @Override
    protected int run() throws IOException {
        checkOptions();
        float[] given = vector == null ? null : GivenText.vector(this, vector);
        int found;
        try (Vault vault = read();
                Snapshot snapshot = vault.snapshot()) {
            Content.Kind kind = Contents.searchable(snapshot, name);
            checkOptions(kind);
            FoundHits hits = new FoundHits(this, json, vertical);
            if (kind == Content.Kind.VECTORS) {
                VectorReader vectors = snapshot.vectors(name);
                found = hits.vectors(vectors.search(query(vectors, given).withOffset(offset), limit));
            } else if (with == null) {
                TextReader texts = snapshot.text(name);
                TextQuery query = query(texts, hits).withOffset(offset);
                found = hits.texts(texts.columns(), texts.search(query, limit));
            } else {
                if (Contents.searchable(snapshot, with) != Content.Kind.VECTORS) {
                    throw wrong("--with " + with + ": it holds documents, and the vectors are wanted here");
                }
                TextReader texts = snapshot.text(name);
                VectorReader vectors = snapshot.vectors(with);
                HybridQuery query = HybridQuery.of(query(texts, hits), query(vectors, given));
                int most = (int) Math.min(Integer.MAX_VALUE, (long) offset + limit);
                List<HybridHit> both = HybridSearch.of(texts, vectors).search(query, most);
                found = hits.both(texts.columns(), both.subList(Math.min(offset, both.size()), both.size()));
            }
        }
        if (found == 0 && limit > 0) {
            note("nothing found" + (offset > 0 ? " behind the first " + offset : ""));
        }
        return 0;
    }

    private void checkOptions() {
        if (limit < 0 || offset < 0) {
            throw wrong((limit < 0 ? "-n " + limit : "--offset " + offset) + ": how many hits cannot be negative");
        } else if (Stream.of(any, phrase, prefix, fts5).filter(said -> said).count() > 1) {
            throw wrong("say one of --any, --phrase, --prefix and --fts5, which exclude each other");
        } else if (vector != null && like != null) {
            throw wrong("say --vector or --like, not both");
        } else if (json && vertical) {
            throw wrong("say --json or -x, not both");
        } else if (maxDistance != null && maxDistance.isNaN()) {
            throw wrong("--max-distance NaN: it is no distance");
        }
    }

    /** What can be said of a table depends on what is in it. */
    private void checkOptions(Content.Kind kind) {
        boolean nearest = vector != null || like != null;
        if (kind == Content.Kind.VECTORS) {
            if (!text.isEmpty() || any || phrase || prefix || fts5 || columns != null || with != null) {
                throw wrong("'" + name + "' holds vectors, which have no words; search documents, --with " + name
                        + " for both");
            } else if (!nearest) {
                throw wrong("'" + name + "' holds vectors: say --vector, or --like and an id");
            }
        } else if (text.isEmpty()) {
            throw wrong("'" + name + "' holds documents: say TEXT");
        } else if (with == null && (nearest || metric != null || maxDistance != null)) {
            throw wrong("'" + name + "' holds documents: say with --with which vectors to search as well");
        } else if (with != null && !nearest) {
            throw wrong("--with " + with + ": say --vector, or --like and an id");
        }
    }

    private TextQuery query(TextReader texts, FoundHits hits) {
        String words = String.join(" ", text);
        TextQuery query;
        try {
            query = any
                    ? TextQuery.any(words)
                    : phrase
                            ? TextQuery.phrase(words)
                            : prefix ? TextQuery.prefix(words) : fts5 ? TextQuery.fts5(words) : TextQuery.all(words);
        } catch (IllegalArgumentException e) {
            throw wrong("TEXT: " + e.getMessage());
        }
        if (columns != null) {
            query = query.withColumns(Selections.names(this, columns).toArray(String[]::new));
        }
        boolean trigrams = texts.tokenizer().toLowerCase(Locale.ROOT).startsWith("trigram");
        Snippets snippets =
                Snippets.of(trigrams ? SNIPPET_TRIGRAMS : SNIPPET_TOKENS).withBestColumn();
        query = query.withSnippets(hits.marked(snippets));
        return json ? query.withTexts() : query;
    }

    private VectorQuery query(VectorReader vectors, float[] given) {
        VectorQuery query;
        if (like == null) {
            query = VectorQuery.of(given);
        } else {
            long itself = like;
            query = VectorQuery.of(vectors.get(itself).vector()).withIds(id -> id != itself);
        }
        query = metric == null ? query : query.withMetric(MadeTables.QueryDistance.of(metric));
        return maxDistance == null ? query : query.withMaxDistance(maxDistance);
    }
}
