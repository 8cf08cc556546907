package io.kohakuvault.internal.state;

import io.kohakuvault.internal.sqlite.ReadAccess;
import io.kohakuvault.internal.sqlite.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads of one state of the file, a fixed one or the newest, by SQL or in the mapped file. Thread-safe. */
public interface StateAccess extends ReadAccess {
    /**
     * The state that a read of the calling thread sees now, where it can be read otherwise than by SQL, held until the
     * answer is closed.
     *
     * @param payoff whether the caller's way without SQL pays, of {@link #payoff} or one of the caller's own
     * @return null where SQL is to answer: {@link #spent} is then called with how long that took
     */
    @Nullable
    Hold hold(Payoff payoff);

    /**
     * {@link #hold} for a read that takes so much longer than following the file that it always pays; null where SQL is
     * to answer for another reason.
     */
    @Nullable
    Hold holdAtOnce();

    /** Counts what SQL has taken where {@link #hold} was null. */
    void spent(Payoff payoff, long nanos);

    /** What a handle counts by whether it pays to look its keys up without SQL. */
    Payoff payoff();

    /**
     * Reads what seldom changes: the work is run only when a commit may have changed the file since an earlier answer,
     * and each time for a thread that does not read what is committed, but what a transaction or batch has written.
     *
     * @param earlier what this has answered before, null at first
     */
    <T> Remembered<T> remembered(@Nullable Remembered<T> earlier, Function<Session, T> work);
}
