package io.kohakuvault.internal.vector;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultFormatException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.SqliteFile;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Vectors of a live vault or, without a file to write to, of a snapshot. */
public final class VectorTable implements VectorKVault {
    private static final Pattern DECLARATION = Pattern.compile(
            "USING\\s+vec0\\s*\\(.*?vector\\s+float\\s*\\[\\s*(\\d{1,5})\\s*\\](?:\\s*distance_metric\\s*=\\s*(\\w+))?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern VECTORS = Pattern.compile("USING\\s+vec0\\s*\\(", Pattern.CASE_INSENSITIVE);

    private final ReadAccess access;
    private final @Nullable SqliteFile file;
    private final String name;
    private final VectorOptions options;
    private final NumberGuess guess;
    private final @Nullable NewestChunk newest;

    /** @param file null in a snapshot */
    public VectorTable(
            ReadAccess access, @Nullable SqliteFile file, String name, VectorOptions options, NumberGuess guess) {
        this.guess = guess;
        this.access = access;
        this.file = file;
        this.name = SqlNames.checkTable("the name of a table of vectors", name);
        this.options = options;
        this.newest = file == null || file.isReadOnly() ? null : new NewestChunk(name, options.dimensions());
        access.read(session -> {
            declared(session, name).ifPresent(this::checkDeclared);
            return null;
        });
        if (newest != null && file != null) {
            file.writer().register(newest);
        }
    }

    /** The options that an existing table was made with. */
    public static Optional<VectorOptions> declared(Session session, String name) {
        try (Rows rows = session.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", name)) {
            if (!rows.next()) {
                return Optional.empty();
            }
            String sql = String.valueOf(rows.getString(0));
            if (!VECTORS.matcher(sql).find()) {
                throw new IllegalArgumentException(
                        session.file() + ": table " + name + " is no table of vectors; name another one");
            }
            Matcher matcher = DECLARATION.matcher(sql);
            String unread = session.file() + ": table " + name + " holds other vectors than this library reads: " + sql;
            if (!matcher.find()) {
                throw new VaultFormatException(unread, null);
            }
            String metric = matcher.group(2);
            try {
                return Optional.of(
                        new VectorOptions(Integer.parseInt(matcher.group(1)), metric(metric == null ? "l2" : metric)));
            } catch (IllegalArgumentException e) {
                throw new VaultFormatException(unread, e);
            }
        }
    }

    private static Metric metric(String token) {
        return switch (token.toLowerCase(Locale.ROOT)) {
            case "cosine" -> Metric.COSINE;
            case "l1" -> Metric.L1;
            case "l2" -> Metric.L2;
            default -> throw new IllegalArgumentException("unknown metric " + token);
        };
    }

    private void checkDeclared(VectorOptions declared) {
        if (!declared.equals(options)) {
            throw new IllegalArgumentException("table " + name + " was made with " + declared + " and not " + options);
        }
    }

    @Override
    public String name() {
        return name;
    }

    private float[] prepare(float[] vector) {
        try {
            return Distances.prepare(options.metric(), vector, options.dimensions());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("table " + name + ": " + e.getMessage(), e);
        }
    }

    private String shadow(String suffix) {
        return SqlNames.quote(name + suffix);
    }

    /** A candidate; vec0 orders by distance, then chunk ascending, then slot descending. */
    private record Candidate(float distance, int chunk, int slot, long rowid, long reference) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.<Candidate>comparingDouble(c -> c.distance)
                .thenComparingInt(c -> c.chunk)
                .thenComparing(c -> c.slot, Comparator.reverseOrder());
    }

    @Override
    public List<VectorHit> search(float[] query, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        float[] prepared = prepare(query);
        return k == 0
                ? List.of()
                : access.read(session -> session.hasTable(name) ? search(session, prepared, k) : List.<VectorHit>of());
    }

    private List<VectorHit> search(Session session, float[] query, int k) {
        PriorityQueue<Candidate> worstFirst = new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
        float[] block = new float[0];
        int chunk = 0;
        try (Rows rows = session.query(
                "SELECT c.chunk_id, c.size, c.validity, c.rowids, v.vectors, m.data FROM " + shadow("_chunks")
                        + " c LEFT JOIN " + shadow("_vector_chunks00") + " v ON v._rowid_ = c.chunk_id LEFT JOIN "
                        + shadow("_metadatachunks00")
                        + " m ON m._rowid_ = c.chunk_id ORDER BY c.chunk_id")) {
            while (rows.next()) {
                int slots = rows.getInt(1);
                byte[] validity = rows.getBlob(2);
                ByteBuffer rowids = checked(session, rows, 3, 8L * slots);
                ByteBuffer vectors = checked(session, rows, 4, 4L * options.dimensions() * slots);
                ByteBuffer references = checked(session, rows, 5, 8L * slots);
                if (validity == null || slots < 0 || validity.length < slots / 8) {
                    throw damage(session, rows.getLong(0));
                }
                block = block.length == vectors.remaining() / 4 ? block : new float[vectors.remaining() / 4];
                vectors.asFloatBuffer().get(block);
                for (int slot = 0; slot < slots; slot++) {
                    if ((validity[slot >> 3] >> (slot & 7) & 1) != 0) {
                        float distance = Distances.of(options.metric(), query, block, slot * query.length);
                        offer(
                                worstFirst,
                                k,
                                new Candidate(
                                        distance, chunk, slot, rowids.getLong(8 * slot), references.getLong(8 * slot)));
                    }
                }
                chunk++;
            }
        }
        List<Candidate> best = new ArrayList<>(worstFirst);
        best.sort(Candidate.BEST_FIRST);
        List<VectorHit> hits = new ArrayList<>(best.size());
        for (Candidate c : best) {
            hits.add(new VectorHit(c.rowid, c.distance, value(session, c)));
        }
        return hits;
    }

    private static void offer(PriorityQueue<Candidate> worstFirst, int k, Candidate candidate) {
        Candidate worst = worstFirst.size() < k ? null : worstFirst.peek();
        if (worst == null || Candidate.BEST_FIRST.compare(candidate, worst) < 0) {
            worstFirst.add(candidate);
            if (worst != null) {
                worstFirst.poll();
            }
        }
    }

    private ByteBuffer checked(Session session, Rows rows, int column, long bytes) {
        byte[] blob = rows.getBlob(column);
        if (blob == null || blob.length != bytes) {
            throw damage(session, rows.getLong(0));
        }
        return ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    }

    private VaultCorruptException damage(Session session, long chunk) {
        return new VaultCorruptException(
                session.file() + ": " + name + "_chunks row " + chunk + " and the vectors of that chunk differ in size",
                null);
    }

    private Optional<Object> value(Session session, Candidate candidate) {
        String where = session.file() + ": table " + name + ", vector " + candidate.rowid;
        try (Rows rows =
                session.query("SELECT value FROM " + shadow("_values") + " WHERE id = ?", candidate.reference)) {
            byte[] stored = rows.next() ? rows.getBlob(0) : null;
            if (stored == null) {
                throw new VaultCorruptException(
                        where + ": its value (id " + candidate.reference + ") is missing", null);
            }
            return Optional.ofNullable(ValueCodec.decode(stored, where, guess));
        }
    }

    @Override
    public List<Long> ids() {
        return access.read(session -> {
            List<Long> ids = new ArrayList<>();
            if (session.hasTable(name)) {
                try (Rows rows = session.query("SELECT rowid FROM " + shadow("_rowids") + " ORDER BY rowid")) {
                    while (rows.next()) {
                        ids.add(rows.getLong(0));
                    }
                }
            }
            return ids;
        });
    }

    @Override
    public Optional<StoredVector> get(long id) {
        return access.read(session -> session.hasTable(name) ? get(session, id) : Optional.<StoredVector>empty());
    }

    private Optional<StoredVector> get(Session session, long id) {
        try (Rows rows = session.query(
                "SELECT c.chunk_id, r.chunk_offset, c.size, v.vectors, m.data FROM " + shadow("_rowids")
                        + " r LEFT JOIN "
                        + shadow("_chunks") + " c USING (chunk_id) LEFT JOIN " + shadow("_vector_chunks00")
                        + " v ON v._rowid_ = c.chunk_id LEFT JOIN " + shadow("_metadatachunks00")
                        + " m ON m._rowid_ = c.chunk_id WHERE r.rowid = ?",
                id)) {
            if (!rows.next()) {
                return Optional.empty();
            }
            int slot = rows.getInt(1);
            int slots = rows.getInt(2);
            ByteBuffer vectors = checked(session, rows, 3, 4L * options.dimensions() * slots);
            ByteBuffer references = checked(session, rows, 4, 8L * slots);
            if (slot < 0 || slot >= slots) {
                throw damage(session, rows.getLong(0));
            }
            float[] vector = new float[options.dimensions()];
            vectors.asFloatBuffer().get(slot * vector.length, vector);
            Candidate candidate = new Candidate(0, 0, slot, id, references.getLong(8 * slot));
            return Optional.of(new StoredVector(id, vector, value(session, candidate)));
        }
    }

    @Override
    public long count() {
        return access.read(session -> {
            Long count = session.hasTable(name) ? session.queryLong("SELECT count(*) FROM " + shadow("_rowids")) : null;
            return count == null ? 0L : count;
        });
    }

    @Override
    public long insert(float[] vector, @Nullable Object value) {
        float[] prepared = prepare(vector);
        byte[] stored = ValueCodec.encode(value);
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            Optional<VectorOptions> declared = declared(session, name);
            if (declared.isEmpty()) {
                f.writer().reloadSchemaAfterwards();
                VectorSchema.create(session, name, options);
            } else {
                checkDeclared(declared.get());
            }
            session.update("INSERT INTO " + shadow("_values") + " (value) VALUES (?)", stored);
            return Objects.requireNonNull(newest).insert(session, prepared, session.lastInsertRowid());
        });
    }

    @Override
    public void check(float[] vector) {
        prepare(vector);
    }

    @Override
    public boolean delete(long id) {
        SqliteFile f = writable();
        return f.write(() -> {
            Session session = f.writer().session();
            if (!session.hasTable(name)) {
                return false;
            }
            NewestChunk chunk = Objects.requireNonNull(newest);
            chunk.flush(session);
            chunk.discard();
            return VectorSchema.delete(session, name, id);
        });
    }

    @Override
    public String toString() {
        return "vectors " + name + " " + options;
    }

    private SqliteFile writable() {
        SqliteFile f = file;
        if (f == null) {
            throw new UnsupportedOperationException("table " + name + " is read-only in a snapshot");
        }
        return f;
    }
}
