package io.kohakuvault.internal.block;

import io.kohakuvault.internal.page.MappedKeys;
import io.kohakuvault.internal.sqlite.KeyLookup;
import io.kohakuvault.internal.sqlite.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A key-value table of a state that the user of this object has a hold on; closing gives the hold back. Thread-safe. */
final class HeldKeys implements KeyLookup.View {
    private final SnapshotState state;
    private final MappedKeys keys;

    HeldKeys(SnapshotState state, MappedKeys keys) {
        this.state = state;
        this.keys = keys;
    }

    @Override
    public byte @Nullable [] find(byte[] key) {
        byte[] found = keys.find(key);
        state.checkUnlocked();
        return found == MappedKeys.ABSENT ? KeyLookup.ABSENT : found;
    }

    @Override
    public boolean scan(KeyLookup.Range range, KeyLookup.Visitor visitor) {
        boolean ended = keys.scan(
                        range.low(),
                        range.lowInclusive(),
                        range.high(),
                        range.highInclusive(),
                        range.descending(),
                        range.values(),
                        visitor::accept)
                != MappedKeys.End.UNKNOWN;
        state.checkUnlocked();
        return ended;
    }

    @Override
    public <T> T read(Function<Session, T> work) {
        return state.heldRead(work);
    }

    @Override
    public void close() {
        state.release();
    }
}
