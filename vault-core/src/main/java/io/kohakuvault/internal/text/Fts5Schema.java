package io.kohakuvault.internal.text;

import io.kohakuvault.VaultFormatException;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.ShadowTables;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.VirtualTableDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds tables of documents in a file's schema, without having SQLite open them: what it says of them is enough. */
public final class Fts5Schema {
    private static final String REFERENCE = "value_ref";

    private Fts5Schema() {}

    /** All FTS5 tables with a reference to a value, by name, also those that this library does not read. */
    public static List<Fts5Entry> list(Session session) {
        List<Fts5Entry> entries = new ArrayList<>();
        declared(session)
                .forEach((name, virtual) -> entry(session, name, virtual).ifPresent(entries::add));
        return entries;
    }

    /** The names of all FTS5 tables, whoever has made them and for what. */
    public static Set<String> names(Session session) {
        return declared(session).keySet();
    }

    /**
     * FTS5 drops its tables by their names, whoever has made what has one of them.
     *
     * @throws VaultFormatException when one of them is another's
     */
    public static void checkDrop(Session session, String name) {
        for (Fts5Entry entry : list(session)) {
            if (entry.isMixed() && SqlNames.fold(entry.name()).equals(SqlNames.fold(name))) {
                throw new VaultFormatException(
                        session.file() + ": " + entry.name() + " was not deleted: " + entry.unread()
                                + ", and would be deleted with it; rename that first",
                        null);
            }
        }
    }

    private static Map<String, VirtualTableDeclaration> declared(Session session) {
        Map<String, VirtualTableDeclaration> found = new LinkedHashMap<>();
        try (Rows rows = session.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name")) {
            while (rows.next()) {
                String name = String.valueOf(rows.getString(0));
                VirtualTableDeclaration.parse(String.valueOf(rows.getString(1)))
                        .filter(virtual -> virtual.module().equals("fts5"))
                        .ifPresent(virtual -> found.put(name, virtual));
            }
        }
        return found;
    }

    private static Optional<Fts5Entry> entry(Session session, String name, VirtualTableDeclaration virtual) {
        Fts5Declaration declared;
        try {
            declared = Fts5Declaration.of(virtual.arguments());
        } catch (IllegalArgumentException e) {
            // Whether it refers to values is not known; that the values are there says so.
            return valuesFault(session, name) == null
                    ? Optional.of(new Fts5Entry(
                            name,
                            List.of(),
                            -1,
                            Fts5Entry.State.FOREIGN,
                            false,
                            true,
                            false,
                            false,
                            "in its declaration, " + e.getMessage(),
                            List.of()))
                    : Optional.empty();
        }
        List<String> all =
                declared.columns().stream().map(Fts5Declaration.Column::name).toList();
        int reference = 0;
        while (reference < all.size() && !all.get(reference).equalsIgnoreCase(REFERENCE)) {
            reference++;
        }
        if (reference == all.size()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>(all);
        texts.remove(reference);
        return Optional.of(judge(session, name, declared, new Shape(texts, reference)));
    }

    private record Shape(List<String> texts, int reference) {}

    private static Fts5Entry judge(Session session, String name, Fts5Declaration declared, Shape shape) {
        boolean own = !declared.options().containsKey("content");
        Fts5Tables.Faults faults =
                own ? Fts5Tables.faults(session, name, declared) : new Fts5Tables.Faults("", "", List.of(), false);
        String values = valuesFault(session, name);
        Fts5Entry.State state;
        String unread;
        if (!faults.documents().isEmpty() || values != null || (!faults.isEmpty() && !faults.canBeMended())) {
            state = Fts5Entry.State.LOST;
            List<String> said = new ArrayList<>();
            if (values != null) {
                said.add(values);
            }
            said.addAll(List.of(faults.documents(), faults.index()));
            said.removeIf(String::isEmpty);
            unread = String.join(", ", said);
        } else {
            unread = foreign(declared, shape.texts.isEmpty());
            if (!unread.isEmpty()) {
                state = Fts5Entry.State.FOREIGN;
            } else if (!faults.isEmpty()) {
                state = Fts5Entry.State.MENDABLE;
                unread = faults.index();
            } else {
                state = Fts5Entry.State.READ;
            }
        }
        boolean keepsTexts = own && faults.documents().isEmpty();
        boolean taken = values == null && keepsTexts && state == Fts5Entry.State.LOST; // of the index alone
        return new Fts5Entry(
                name,
                shape.texts,
                shape.reference,
                state,
                keepsTexts,
                values == null,
                taken,
                faults.isMixed(),
                unread,
                faults.missing());
    }

    /** What is wrong with the table of values; null for nothing. */
    private static @Nullable String valuesFault(Session session, String name) {
        String values = name + "_values";
        String fault = ShadowTables.faults(session, Map.of(values, List.of("id", "value")))
                .get(values);
        if (fault == null) {
            return TextLookup.hasValueColumns(session, values)
                    ? null
                    : "the table " + values
                            + " has no id that is an INTEGER PRIMARY KEY: something else has taken its name";
        }
        return fault.equals(ShadowTables.MISSING)
                ? "the table " + values + " is gone, where their values are"
                : "the table " + values + " " + fault;
    }

    /** What makes a table another program's, though nothing of it is gone; empty for nothing. */
    static String foreign(Fts5Declaration declared, boolean withoutText) {
        if (declared.options().containsKey("content")) {
            String content = String.valueOf(declared.options().get("content"));
            return "it does not keep its documents: "
                    + (content.isEmpty() ? "it is contentless (content='')" : "its content is in " + content);
        } else if ("1".equals(declared.options().get("locale"))) {
            return "it was made with locale=1, which KohakuVault cannot open";
        } else if (withoutText) {
            return "it has no column of text";
        }
        try {
            TextTokenizer unused = TextTokenizer.of(declared.tokenizer());
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * Why SQLite as it is here cannot open a virtual table, as far as its declaration says so: a tokenizer that it does
     * not have.
     */
    public static Optional<String> unopened(String sql) {
        return VirtualTableDeclaration.parse(sql)
                .filter(virtual -> virtual.module().equals("fts5"))
                .map(virtual -> {
                    try {
                        TextTokenizer unused = TextTokenizer.of(
                                Fts5Declaration.of(virtual.arguments()).tokenizer());
                        return "";
                    } catch (IllegalArgumentException e) {
                        return String.valueOf(e.getMessage());
                    }
                })
                .filter(said -> !said.isEmpty());
    }
}
