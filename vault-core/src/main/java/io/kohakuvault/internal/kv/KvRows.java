package io.kohakuvault.internal.kv;

import io.kohakuvault.VaultCorruptException;
import io.kohakuvault.VaultException;
import io.kohakuvault.VaultInterruptedException;
import io.kohakuvault.codec.NumberGuess;
import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.sqlite.Access;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Rows;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.sqlite.SqlNames;
import io.kohakuvault.internal.sqlite.TableNames;
import io.kohakuvault.internal.state.StateAccess;
import io.kohakuvault.internal.value.ValueCodec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reading the rows of a key-value table. Thread-safe. */
final class KvRows {
    final ReadAccess access;
    final String name;
    final String table;
    final String segments;
    private final String select;
    private final String path;
    private final NumberGuess guess;
    private final KeyTable keys;
    private volatile boolean columnsChecked;

    /** @param path names the file in messages */
    KvRows(Access<? extends StateAccess> access, String path, String name, NumberGuess guess) {
        this.access = access;
        this.path = path;
        this.name = SqlNames.checkTable("the name of a key-value table", name);
        this.table = SqlNames.quote(name);
        this.select = "SELECT value FROM " + table + " WHERE key = ?";
        this.segments = SqlNames.quote(name + "_segments");
        this.guess = guess;
        this.keys = new KeyTable(access.reads(), name);
    }

    /** Makes of a stored value what is wanted. There is a session when the value is in segments. */
    interface Found<T> {
        @Nullable
        T make(@Nullable Session session, byte[] key, byte[] stored);
    }

    boolean isMissing(Session session) {
        if (!session.hasTable(name)) {
            return true;
        }
        checkColumns(session);
        return false;
    }

    /** {@link #isMissing}, looking at the columns again: the table may be another one than it was. */
    boolean isMissingNow(Session session) {
        columnsChecked = false;
        return isMissing(session);
    }

    /** Says that the name is taken, where SQLite would only miss a column. Further columns with defaults are fine. */
    private void checkColumns(Session session) {
        if (columnsChecked) {
            return;
        }
        if (!TableNames.isKeyValues(session, name)) {
            throw new IllegalArgumentException(
                    session.file() + ": table " + name + " holds no key-values, the name belongs to "
                            + TableNames.holder(session, name).orElse("another table") + "; choose another name");
        }
        columnsChecked = true;
    }

    /** What is made of the value under a key; null when there is none. */
    <T> @Nullable T lookup(byte[] key, Found<T> found) {
        Objects.requireNonNull(key, "key");
        byte[] direct = keys.find(key);
        if (direct == MappedKeys.ABSENT) {
            return null;
        } else if (direct != null && !ValueCodec.isSegmented(direct)) {
            return found.make(null, key, direct);
        }
        return timed(() -> {
                    boolean[] inSegments = {false};
                    T made = access.<@Nullable T>readOne(session -> lookup(session, key, (s, k, stored) -> {
                        if (ValueCodec.isSegmented(stored)) {
                            inSegments[0] = true;
                            return null;
                        }
                        return found.make(s, k, stored);
                    }));
                    // Segments are other rows: they are read in one transaction with the row that names them.
                    return Optional.ofNullable(
                            inSegments[0] ? access.<@Nullable T>read(session -> lookup(session, key, found)) : made);
                })
                .orElse(null);
    }

    /** Runs what asks SQL, and says how long it took. */
    <T> T timed(Supplier<T> sql) {
        long start = System.nanoTime();
        T result = sql.get();
        keys.spent(System.nanoTime() - start);
        return result;
    }

    /** The state to look keys up in without SQL, to be closed; null when there is none. */
    KeyTable.@Nullable View view() {
        return keys.open();
    }

    /** Whether a key is there, where that is known without SQL. */
    Optional<Boolean> exists(byte[] key) {
        byte[] direct = keys.find(key);
        return direct == null ? Optional.empty() : Optional.of(direct != MappedKeys.ABSENT);
    }

    /** What is made of the values under keys, null where there is none: all of one state. */
    <T> List<@Nullable T> lookupAll(Collection<byte[]> wanted, Found<T> found) {
        try (KeyTable.View view = view()) {
            if (view == null) {
                return timed(() -> access.read(session -> {
                    List<@Nullable T> values = new ArrayList<>(wanted.size());
                    for (byte[] key : wanted) {
                        values.add(lookup(session, Objects.requireNonNull(key, "key"), found));
                    }
                    return values;
                }));
            }
            List<@Nullable T> values = new ArrayList<>(wanted.size());
            for (byte[] key : wanted) {
                byte[] direct = view.find(Objects.requireNonNull(key, "key"));
                values.add(
                        direct == MappedKeys.ABSENT
                                ? null
                                : direct != null && !ValueCodec.isSegmented(direct)
                                        ? found.make(null, key, direct)
                                        : view.<@Nullable T>read(session -> lookup(session, key, found)));
            }
            return values;
        }
    }

    <T> @Nullable T lookup(Session session, byte[] key, Found<T> found) {
        if (!columnsChecked && isMissing(session)) {
            return null;
        }
        byte[] stored;
        try (Rows rows = session.query(select, key)) {
            stored = rows.next() ? blob(rows, 0, key) : null;
        } catch (VaultInterruptedException e) {
            throw e;
        } catch (VaultException e) {
            if (isMissingNow(session)) {
                return null; // dropped since it was looked for
            }
            throw e;
        }
        return stored == null ? null : found.make(session, key, stored);
    }

    byte[] blob(Rows rows, int column, byte[] key) {
        byte[] value = rows.getBlob(column);
        if (value == null) {
            throw new VaultCorruptException(where(key) + " is not a BLOB; nothing but a BLOB may stand there", null);
        }
        return value;
    }

    /** The bytes that were put; of a value that describes itself those that are stored. */
    byte[] bytes(@Nullable Session session, byte[] key, byte[] stored) {
        return ValueCodec.isSegmented(stored)
                ? KvSegments.assemble(Objects.requireNonNull(session), segments, key, stored, where(key))
                : ValueCodec.decodeRaw(stored);
    }

    /** The value that the stored bytes describe. */
    @Nullable
    Object value(@Nullable Session session, byte[] key, byte[] stored) {
        return ValueCodec.isSegmented(stored)
                ? KvSegments.assemble(Objects.requireNonNull(session), segments, key, stored, where(key))
                : ValueCodec.decode(stored, where(key), guess);
    }

    String where(byte[] key) {
        String hex = HexFormat.of().formatHex(key, 0, Math.min(32, key.length));
        return path + ": table " + name + ", key x'" + hex + (key.length > 32 ? "…'" : "'");
    }
}
