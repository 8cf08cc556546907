package io.kohakuvault.internal.vec0;

import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of {@code USING vec0(…)} as sqlite-vec 0.1.6 to 0.1.9 do: each argument is a vector column, a
 * partition key, a primary key, an auxiliary column, a metadata column or an option, tried in this order, and what
 * follows a type that is not a vector's is ignored. What those releases would refuse, or understand differently, is
 * refused.
 */
final class Declaration {
    private static final int MOST_COLUMNS = 16;
    private static final int MOST_PARTITIONS = 4;
    private static final int MOST_DIMENSIONS = 8192;
    private static final int MOST_SLOTS = 4096;
    private static final int DEFAULT_SLOTS = 1024;

    private final List<VectorColumn> vectors = new ArrayList<>();
    private final List<MetadataColumn> metadataColumns = new ArrayList<>();
    private final List<String> auxiliary = new ArrayList<>();
    private final List<String> partitions = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean hasKey;
    private @Nullable String textKey;
    private int slots = DEFAULT_SLOTS;

    private Declaration() {}

    /** @param name the table's name in the schema */
    static Vec0Table parse(String name, ModuleCall call) throws DeclarationException {
        Declaration declaration = new Declaration();
        for (String argument : call.arguments()) {
            declaration.add(argument);
        }
        if (declaration.vectors.isEmpty()) {
            throw new DeclarationException("it declares no vector column");
        }
        return new Vec0Table(
                name,
                declaration.vectors,
                declaration.metadataColumns,
                declaration.auxiliary,
                declaration.partitions,
                declaration.textKey,
                declaration.slots);
    }

    private void add(String argument) throws DeclarationException {
        List<Token> tokens = Token.of(argument);
        Token first = at(tokens, 0);
        Token second = at(tokens, 1);
        Token third = at(tokens, 2);
        Token fourth = at(tokens, 3);
        MetadataType metadata = metadataType(second);
        if (first.is("+") && second.kind() == Token.Kind.WORD && third.means(AUXILIARY)) {
            auxiliary.add(name(second, argument));
            limit(auxiliary.size(), MOST_COLUMNS, argument);
            return;
        }
        if (first.kind() != Token.Kind.WORD) {
            throw notUnderstood(argument);
        }
        if (third.kind() != Token.Kind.UNKNOWN && elementType(second) != null) {
            vectors.add(vector(name(first, argument), tokens, argument));
            limit(vectors.size(), MOST_COLUMNS, argument);
        } else if (second.means(KEYS) && third.means("partition") && fourth.means("key")) {
            partitions.add(name(first, argument));
            limit(partitions.size(), MOST_PARTITIONS, argument);
        } else if (second.means(KEYS) && third.means("primary") && fourth.means("key")) {
            if (hasKey) {
                throw notUnderstood(argument);
            }
            hasKey = true;
            String key = name(first, argument);
            textKey = second.means("text") ? key : null;
        } else if (metadata != null) {
            metadataColumns.add(new MetadataColumn(name(first, argument), metadata));
            limit(metadataColumns.size(), MOST_COLUMNS, argument);
        } else if (first.means("chunk_size") && second.is("=") && tokens.size() == 3) {
            slots = number(third, MOST_SLOTS, argument);
            if (slots % 8 != 0) {
                throw notUnderstood(argument);
            }
        } else {
            throw notUnderstood(argument);
        }
    }

    private static final String[] KEYS = {"text", "int", "integer"};
    private static final String[] AUXILIARY = {"text", "int", "integer", "float", "double", "blob"};
    private static final Token NONE = new Token(Token.Kind.UNKNOWN, "");

    private static Token at(List<Token> tokens, int i) {
        return i < tokens.size() ? tokens.get(i) : NONE;
    }

    private static DeclarationException notUnderstood(String argument) {
        String shown = argument.length() > 100 ? argument.substring(0, 100) + "…" : argument;
        return new DeclarationException("this library does not understand '" + shown + "' in its declaration");
    }

    private static void limit(int count, int most, String argument) throws DeclarationException {
        if (count > most) {
            throw notUnderstood(argument);
        }
    }

    /** The name of a column, of which there is one. */
    private String name(Token token, String argument) throws DeclarationException {
        if (!names.add(token.text().toLowerCase(Locale.ROOT))) {
            throw notUnderstood(argument);
        }
        return token.text();
    }

    private static int number(Token token, int most, String argument) throws DeclarationException {
        if (token.kind() != Token.Kind.NUMBER || token.text().length() > 9) {
            throw notUnderstood(argument);
        }
        int number = Integer.parseInt(token.text());
        if (number < 1 || number > most) {
            throw notUnderstood(argument);
        }
        return number;
    }

    private static @Nullable VectorType elementType(Token token) {
        if (token.beginsWith("float") || token.beginsWith("f32")) {
            return VectorType.F32;
        }
        if (token.beginsWith("int8") || token.beginsWith("i8")) {
            return VectorType.INT8;
        }
        return token.beginsWith("bit") ? VectorType.BIT : null;
    }

    private static @Nullable MetadataType metadataType(Token token) {
        if (token.means("boolean", "bool")) {
            return MetadataType.BOOLEAN;
        }
        if (token.means("int64", "integer64", "integer", "int")) {
            return MetadataType.INTEGER;
        }
        if (token.means("float", "double", "float64", "f64")) {
            return MetadataType.FLOAT;
        }
        return token.means("text") ? MetadataType.TEXT : null;
    }

    private static VectorColumn vector(String name, List<Token> tokens, String argument) throws DeclarationException {
        VectorType type = elementType(tokens.get(1));
        if (type == null || !at(tokens, 2).is("[") || !at(tokens, 4).is("]")) {
            throw notUnderstood(argument);
        }
        int dimensions = number(at(tokens, 3), MOST_DIMENSIONS, argument);
        Metric metric = type == VectorType.BIT ? Metric.HAMMING : Metric.L2;
        for (int i = 5; i < tokens.size(); i += 3) {
            if (type == VectorType.BIT
                    || !tokens.get(i).means("distance_metric")
                    || !at(tokens, i + 1).is("=")) {
                throw notUnderstood(argument);
            }
            metric = metric(at(tokens, i + 2), argument);
        }
        return new VectorColumn(name, type, dimensions, metric);
    }

    private static Metric metric(Token token, String argument) throws DeclarationException {
        for (Metric metric : List.of(Metric.L2, Metric.L1, Metric.COSINE)) { // vec0 tries them in this order
            if (token.means(Vec0Table.name(metric))) {
                return metric;
            }
        }
        throw notUnderstood(argument);
    }
}
