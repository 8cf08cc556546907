package io.kohakuvault.internal.vec0;

import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.VectorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vec0 table as it is declared. Columns of a kind are numbered from 0 in the order of the declaration, and the tables
 * that vec0 keeps for them carry that number. The names of tables are given quoted.
 *
 * @param name the table's name in the schema
 * @param auxiliary the names of columns that are only stored
 * @param partitions the names of partition keys
 * @param textKey the name of a primary key that is a text; null where ids are numbers
 * @param slots how many vectors a chunk holds
 */
public record Vec0Table(
        String name,
        List<VectorColumn> vectors,
        List<MetadataColumn> metadata,
        List<String> auxiliary,
        List<String> partitions,
        @Nullable String textKey,
        int slots) {
    private static final String VECTOR = "vector";
    private static final String REFERENCE = "value_ref";

    public Vec0Table {
        vectors = List.copyOf(vectors);
        metadata = List.copyOf(metadata);
        auxiliary = List.copyOf(auxiliary);
        partitions = List.copyOf(partitions);
    }

    /** The number of the vector column that KohakuVault searches; −1 where there is none. */
    public int vectorNumber() {
        for (int i = 0; i < vectors.size(); i++) {
            if (vectors.get(i).name().equalsIgnoreCase(VECTOR)) {
                return i;
            }
        }
        return -1;
    }

    /** The number of the metadata column that names a vector's value; −1 where there is none. */
    public int referenceNumber() {
        for (int i = 0; i < metadata.size(); i++) {
            MetadataColumn column = metadata.get(i);
            if (column.name().equalsIgnoreCase(REFERENCE) && column.type() == MetadataType.INTEGER) {
                return i;
            }
        }
        return -1;
    }

    /** The vector column that KohakuVault searches, of a table that has one. */
    public VectorColumn vector() {
        return vectors.get(vectorNumber());
    }

    /** What keeps this library from reading the table as KohakuVault does; empty when nothing does. */
    public String unread() {
        List<String> reasons = new ArrayList<>();
        if (!partitions.isEmpty()) {
            reasons.add("it has the partition key " + String.join(", ", partitions));
        }
        if (textKey != null) {
            reasons.add("its key " + textKey + " is a text");
        }
        if (vectorNumber() < 0) {
            reasons.add("it has no vector column that is named vector");
        } else if (vector().type() == VectorType.BIT && vector().dimensions() % 8 != 0) {
            reasons.add("its vectors have " + vector().dimensions()
                    + " bits, which is no multiple of 8, so that sqlite-vec cannot fill it either");
        }
        if (referenceNumber() < 0) {
            reasons.add(noReference());
        }
        return String.join(", ", reasons);
    }

    private String noReference() {
        for (MetadataColumn column : metadata) {
            if (column.name().equalsIgnoreCase(REFERENCE)) {
                return "its column value_ref is " + column.type() + " and not INTEGER";
            }
        }
        for (String column : auxiliary) {
            if (column.equalsIgnoreCase(REFERENCE)) {
                return "its column value_ref is an auxiliary one";
            }
        }
        return "it has no column value_ref INTEGER";
    }

    /** The columns that an insert would have to give a value beside KohakuVault's; empty when there are none. */
    public String unfilled() {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            if (i != vectorNumber()) {
                columns.add(vectors.get(i).name());
            }
        }
        for (int i = 0; i < metadata.size(); i++) {
            if (i != referenceNumber()) {
                columns.add(metadata.get(i).name());
            }
        }
        return String.join(", ", columns);
    }

    /** Whether another declaration says the same, whatever the case of the table's name. */
    public boolean sameAs(Vec0Table other) {
        return equals(new Vec0Table(
                name, other.vectors, other.metadata, other.auxiliary, other.partitions, other.textKey, other.slots));
    }

    /** Type, dimensions and metric of the column that is searched, or of the first. */
    public String describe() {
        return (vectorNumber() < 0 ? vectors.get(0) : vector()).describe();
    }

    /** sqlite-vec's name of a metric. */
    public static String name(Metric metric) {
        return metric == Metric.COSINE ? "cosine" : metric.name();
    }

    /** sqlite-vec's name of a type. */
    public static String name(VectorType type) {
        return switch (type) {
            case F32 -> "float";
            case INT8 -> "int8";
            case BIT -> "bit";
        };
    }

    private String shadow(String suffix) {
        return SqlNames.quote(name + suffix);
    }

    private static String numbered(String suffix, int number) {
        return String.format(Locale.ROOT, "%s%02d", suffix, number);
    }

    /** A row for each chunk: size, validity (a bit for each slot), rowids (an i64 for each slot). */
    public String chunks() {
        return shadow("_chunks");
    }

    /** A row for each vector: its id, its chunk and its slot there. */
    public String rowids() {
        return shadow("_rowids");
    }

    /** A row for each chunk, found by SQLite's own rowid: the vectors of a column. */
    public String vectorChunks(int number) {
        return shadow(numbered("_vector_chunks", number));
    }

    /** {@link #vectorChunks}, not quoted. */
    public String vectorChunksName(int number) {
        return name + numbered("_vector_chunks", number);
    }

    /** A row for each chunk, found by SQLite's own rowid: the values of a metadata column. */
    public String metadataChunks(int number) {
        return shadow(numbered("_metadatachunks", number));
    }

    /** A row for each text of a metadata column that is longer than 12 bytes, found by the vector's id. */
    public String metadataTexts(int number) {
        return shadow(numbered("_metadatatext", number));
    }

    /** A row for each vector: the values of the auxiliary columns. */
    public String auxiliaryTable() {
        return shadow("_auxiliary");
    }

    /** KohakuVault's own: a row for each value. */
    public String values() {
        return shadow("_values");
    }

    /** The tables that must be there beside the virtual one, not quoted; KohakuVault's values are not among them. */
    public List<String> shadows() {
        return List.copyOf(needed().keySet());
    }

    /** {@link #shadows} with the columns that are read. */
    Map<String, List<String>> needed() {
        Map<String, List<String>> needed = new LinkedHashMap<>();
        needed.put(name + "_info", List.of());
        needed.put(name + "_chunks", List.of("chunk_id", "size", "validity", "rowids"));
        needed.put(name + "_rowids", List.of("chunk_id", "chunk_offset"));
        for (int i = 0; i < vectors.size(); i++) {
            needed.put(vectorChunksName(i), List.of("vectors"));
        }
        for (int i = 0; i < metadata.size(); i++) {
            needed.put(name + numbered("_metadatachunks", i), List.of("data"));
            if (metadata.get(i).type() == MetadataType.TEXT) {
                needed.put(name + numbered("_metadatatext", i), List.of());
            }
        }
        if (!auxiliary.isEmpty()) {
            needed.put(name + "_auxiliary", List.of());
        }
        return needed;
    }
}
