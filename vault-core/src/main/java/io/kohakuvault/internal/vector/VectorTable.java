package io.kohakuvault.internal.vector;

import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.ValueIndex;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.value.ValueCodec;
import io.kohakuvault.internal.vec0.Vec0Entry;
import io.kohakuvault.internal.vec0.Vec0Schema;
import io.kohakuvault.internal.vec0.Vec0Table;
import io.kohakuvault.internal.vec0.VectorColumn;
import io.kohakuvault.vector.Metric;
import io.kohakuvault.vector.NewByteVector;
import io.kohakuvault.vector.NewVector;
import io.kohakuvault.vector.StoredVector;
import io.kohakuvault.vector.VectorHit;
import io.kohakuvault.vector.VectorKVault;
import io.kohakuvault.vector.VectorOptions;
import io.kohakuvault.vector.VectorQuery;
import io.kohakuvault.vector.VectorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A handle of a table of vectors, in a vault or a snapshot. Each call looks, in its own
 * transaction, whether the table is still the one that the handle was made for.
 */
public final class VectorTable implements VectorKVault {
    private final Access<? extends StateAccess> access;
    private final TableSearch search;
    private final VectorWriter writer;
    private final MissingTables missing;
    private final String name;
    private final VectorOptions options;
    private final VectorInput input;
    private final boolean mustExist;
    private final NumberGuess guess;

    /**
     * The table as a committed state of the file had it; null until one did. What an open transaction has made is not
     * kept here, for it may be rolled back.
     */
    private volatile @Nullable Vec0Entry seen;

    /** What the schema said last, also uncommitted, so that it is not parsed for each call. */
    private volatile @Nullable Vec0Entry parsed;

    /**
     * @param newest what gathers inserts, which is shared by all handles of the table
     * @param mustExist whether the handle is of a table that is in the file and not of one that an insert may make
     */
    VectorTable(
            Access<? extends StateAccess> access,
            OpenChunk newest,
            String name,
            VectorOptions options,
            @Nullable Vec0Entry seen,
            boolean mustExist,
            NumberGuess guess) {
        this.access = access;
        this.name = name;
        this.writer = new VectorWriter(this, access, newest);
        this.missing = new MissingTables(access, name);
        this.options = options;
        this.input = new VectorInput(name, options);
        this.seen = seen;
        this.parsed = seen;
        this.mustExist = mustExist;
        this.guess = guess;
        this.search = new TableSearch(this, access, guess, newest.chunks());
    }

    /** The options that a table, which is readable, was made with. */
    static VectorOptions options(Vec0Entry entry) {
        VectorColumn vector = entry.declared().orElseThrow().vector();
        return switch (vector.type()) {
            case F32 -> VectorOptions.of(vector.dimensions(), vector.metric());
            case INT8 -> VectorOptions.int8(vector.dimensions(), vector.metric());
            case BIT -> VectorOptions.bits(vector.dimensions());
        };
    }

    VectorOptions options() {
        return options;
    }

    int vectorBytes() {
        return options.type().bytes(options.dimensions());
    }

    boolean hasSeenTheTable() {
        return seen != null;
    }

    /** The table as a committed state had it, null until one did. */
    @Nullable
    Vec0Entry lastCommitted() {
        return seen;
    }

    @Nullable
    Vec0Entry lastSeen() {
        return parsed;
    }

    /** Whether a new handle for these would do the same as this one. */
    boolean isOf(String otherName, VectorOptions otherOptions, @Nullable Vec0Entry otherSeen, boolean otherMustExist) {
        return name.equals(otherName)
                && options.equals(otherOptions)
                && mustExist == otherMustExist
                && Objects.equals(seen, otherSeen);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dimensions() {
        return options.dimensions();
    }

    @Override
    public VectorType type() {
        return options.type();
    }

    @Override
    public Metric metric() {
        return options.metric();
    }

    /**
     * The table that a transaction sees; null when there is none yet.
     *
     * @param found what the schema has
     * @param before {@link #seen} before the transaction began: what was committed then is in what it sees
     */
    @SuppressWarnings("ReferenceEquality") // asked for each call: what is known already is handed back as itself
    @Nullable
    Vec0Table checked(String path, Optional<Vec0Entry> found, @Nullable Vec0Entry before) {
        if (found.isEmpty()) {
            if (before == null && !mustExist) {
                return null;
            }
            throw stale(path, "is not there");
        }
        Vec0Entry entry = found.get();
        if (entry == before) {
            return entry.table();
        }
        if (before != null && !before.sql().equals(entry.sql())) {
            Vec0Table was = before.declared().orElseThrow();
            if (entry.declared().filter(was::sameAs).isEmpty()) {
                throw stale(path, "is another one: " + entry.sql());
            }
        }
        Vec0Table table = entry.readable(path);
        if (!options(entry).equals(options)) {
            throw stale(path, "is another one: " + entry.sql());
        }
        return table;
    }

    IllegalStateException stale(String path, String what) {
        return new IllegalStateException(path + ": the table of vectors " + name + " (" + options
                + ") of this handle was dropped or replaced: the table of that name " + what
                + "; get a new handle from vectors()");
    }

    private Optional<Vec0Entry> find(Session session) {
        Optional<Vec0Entry> found;
        try {
            found = Vec0Schema.find(session, name, parsed);
        } catch (IllegalArgumentException e) {
            throw stale(session.file(), "holds no vectors");
        }
        found.ifPresent(entry -> parsed = entry);
        return found;
    }

    <T> T read(BiFunction<Session, Vec0Table, T> work, T withoutTable) {
        Vec0Entry before = seen;
        return missing.explained(() -> access.read(session -> {
            Vec0Table table = look(session, before);
            return table == null ? withoutTable : work.apply(session, table);
        }));
    }

    /** The table as a committed state has it; null when there is none yet. */
    @Nullable
    Vec0Table find(Hold hold, @Nullable Vec0Entry before) {
        return hold.<Optional<Vec0Table>>read(session -> Optional.ofNullable(look(session, before)))
                .orElse(null);
    }

    private @Nullable Vec0Table look(Session session, @Nullable Vec0Entry before) {
        Optional<Vec0Entry> found = find(session);
        Vec0Table table = checked(session.file(), found, before);
        if (table != null && before == null && access.readsCommitted()) {
            seen = found.orElseThrow();
        }
        return table;
    }

    @Override
    public List<List<VectorHit>> searchAll(List<VectorQuery> queries, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must be at least 0, but was " + k);
        }
        List<VectorPlan> plans =
                queries.stream().map(query -> input.plan(query, k)).toList();
        return k == 0
                ? plans.stream().map(plan -> List.<VectorHit>of()).toList()
                : missing.explained(() -> search.run(plans));
    }

    @Override
    public boolean exists(long id) {
        return read((session, table) -> new VectorRows(session, table).place(id) != null, false);
    }

    @Override
    public Iterable<Long> ids() {
        check();
        return VectorPages.ids(this);
    }

    /** Throws what a read would throw. */
    private void check() {
        read((session, table) -> true, true);
    }

    @Override
    public Iterable<StoredVector> scan() {
        check();
        return VectorPages.vectors(this, guess);
    }

    @Override
    public Optional<StoredVector> find(long id) {
        return this.<Optional<StoredVector>>read((session, table) -> stored(session, table, id), Optional.empty());
    }

    private Optional<StoredVector> stored(Session session, Vec0Table table, long id) {
        return new VectorRows(session, table).get(id).map(row -> stored(session, table, id, row));
    }

    StoredVector stored(Session session, Vec0Table table, long id, VectorRows.Standing row) {
        VectorRows rows = new VectorRows(session, table);
        return stored(id, row, rows.value(id, row.chunk(), row.slot(), row.reference(), guess));
    }

    StoredVector stored(long id, VectorRows.Standing row, Optional<Object> value) {
        return new ReadVector(id, options.type(), row.vector(), value);
    }

    @Override
    public long count() {
        return read(
                (session, table) -> Objects.requireNonNull(session.queryLong("SELECT count(*) FROM " + table.rowids())),
                0L);
    }

    @Override
    public long insert(float[] vector, @Nullable Object value) {
        return insertAll(List.of(input.of(vector)), List.of(VectorInput.value(value)))[0];
    }

    @Override
    public long insert(byte[] vector, @Nullable Object value) {
        return insertAll(List.of(input.of(vector)), List.of(VectorInput.value(value)))[0];
    }

    @Override
    public long[] insertAll(List<NewVector> vectors) {
        return insertAll(vectors, vector -> input.of(vector.vector()), NewVector::value);
    }

    @Override
    public long[] insertAllBytes(List<NewByteVector> vectors) {
        return insertAll(vectors, vector -> input.of(vector.vector()), NewByteVector::value);
    }

    @Override
    public long[] restoreAll(List<NewVector> vectors) {
        return insertAll(vectors, vector -> input.restored(vector.vector()), NewVector::value);
    }

    private <V> long[] insertAll(List<V> vectors, Function<V, byte[]> stored, Function<V, @Nullable Object> value) {
        List<byte[]> numbers = new ArrayList<>(vectors.size());
        List<byte[]> values = new ArrayList<>(vectors.size());
        for (V vector : vectors) {
            numbers.add(stored.apply(vector));
            values.add(VectorInput.value(value.apply(vector)));
        }
        return insertAll(numbers, values);
    }

    private long[] insertAll(List<byte[]> vectors, List<byte[]> values) {
        return vectors.isEmpty() ? new long[0] : inserted(before -> writer.insert(before, vectors, values));
    }

    @Override
    public long put(float[] vector, @Nullable Object value) {
        return putStored(input.of(vector), VectorInput.value(value));
    }

    @Override
    public long put(byte[] vector, @Nullable Object value) {
        return putStored(input.of(vector), VectorInput.value(value));
    }

    private long putStored(byte[] vector, byte[] value) {
        return inserted(before -> writer.put(before, vector, value))[0];
    }

    private long[] inserted(Function<@Nullable Vec0Entry, VectorWriter.Inserted> work) {
        Vec0Entry before = seen;
        boolean alone = access.readsCommitted();
        VectorWriter.Inserted inserted = work.apply(before);
        if (before == null
                && alone
                && access.readsCommitted()) { // it is committed, and not a part of what may be rolled back
            seen = inserted.entry();
        }
        return inserted.ids();
    }

    @Override
    public void check(float[] vector) {
        input.of(vector);
    }

    @Override
    public void check(byte[] vector) {
        input.of(vector);
    }

    @Override
    public boolean updateVector(long id, float[] vector) {
        return writer.updateVector(seen, id, input.of(vector));
    }

    @Override
    public boolean updateVector(long id, byte[] vector) {
        return writer.updateVector(seen, id, input.of(vector));
    }

    @Override
    public boolean updateValue(long id, @Nullable Object value) {
        return writer.updateValue(seen, id, VectorInput.value(value));
    }

    @Override
    public List<Long> idsWith(@Nullable Object value) {
        byte[] stored = ValueCodec.encode(value);
        return read(
                (session, table) -> {
                    VectorRows rows = new VectorRows(session, table);
                    return ValueIndex.find(session, table.values(), stored).stream()
                            .flatMap(reference -> rows.withReference(reference).stream())
                            .sorted()
                            .toList();
                },
                List.of());
    }

    @Override
    public void indexValues() {
        writer.indexValues(seen);
    }

    @Override
    public boolean delete(long id) {
        return writer.delete(seen, id);
    }

    @Override
    public void clear() {
        writer.clear(seen);
    }

    @Override
    public String toString() {
        return "vectors " + name + " " + options;
    }
}
