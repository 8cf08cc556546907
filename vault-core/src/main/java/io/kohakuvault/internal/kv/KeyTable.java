package io.kohakuvault.internal.kv;

import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import io.kohakuvault.internal.state.Hold;
import io.kohakuvault.internal.state.Payoff;
import io.kohakuvault.internal.state.StateAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The entries of one key-value table without SQL, in the state of the file that a read sees. Thread-safe. */
public final class KeyTable {
    private final StateAccess access;
    private final String name;
    private final Payoff payoff;

    /** @param name of the table; nothing is asked of the file yet */
    public KeyTable(StateAccess access, String name) {
        this.access = access;
        this.name = name;
        this.payoff = access.payoff();
    }

    /** The state that a read of the calling thread sees now, to be closed; null when SQL must be asked. */
    public @Nullable View open() {
        Hold hold = access.hold(payoff);
        if (hold == null) {
            return null;
        }
        MappedKeys keys = null;
        try {
            keys = KnownKeys.of(hold).table(name, hold);
            return keys == null ? null : new View(hold, keys);
        } finally {
            if (keys == null) {
                hold.close();
            }
        }
    }

    /** The stored bytes under a key, {@link MappedKeys#ABSENT}, or null when SQL must be asked. */
    public byte @Nullable [] find(byte[] key) {
        Hold hold = access.hold(payoff);
        if (hold == null) {
            return null;
        }
        try {
            MappedKeys keys = KnownKeys.of(hold).table(name, hold);
            return keys == null ? null : find(hold, keys, key);
        } finally {
            hold.close();
        }
    }

    private static byte @Nullable [] find(Hold hold, MappedKeys keys, byte[] key) {
        byte[] found = keys.find(key);
        hold.checkUnlocked();
        return found;
    }

    /** Says how long SQL took to answer where this did not. */
    public void spent(long nanos) {
        access.spent(payoff, nanos);
    }

    /** The table in one state, which a hold keeps. Its {@link #read} runs SQL against the same state. */
    public static final class View implements ReadAccess, AutoCloseable {
        private final Hold hold;
        private final MappedKeys keys;

        View(Hold hold, MappedKeys keys) {
            this.hold = hold;
            this.keys = keys;
        }

        /** The stored bytes, {@link MappedKeys#ABSENT}, or null when SQL must be asked. */
        public byte @Nullable [] find(byte[] key) {
            return KeyTable.find(hold, keys, key);
        }

        /** Visits a range in order. */
        public MappedKeys.End scan(MappedKeys.Range range, MappedKeys.Visitor visitor) {
            MappedKeys.End end = keys.scan(range, visitor);
            hold.checkUnlocked();
            return end;
        }

        @Override
        public <T> T read(Function<Session, T> work) {
            return hold.read(work);
        }

        @Override
        public void close() {
            hold.close();
        }
    }
}
