package io.kohakuvault.maintenance;

/**
 * Hears how far a long operation is, and may end it. Called from the operation's own thread or a helper of it, one call
 * at a time: at the beginning, several times a second, and at the end. What it hears never falls. It may use the vault,
 * but not write to one in a transaction of which the operation was called: that is an {@link IllegalStateException}
 * where the call comes from the helper. What it throws ends the operation and reaches the caller.
 */
@FunctionalInterface
public interface Progress {
    /**
     * Called now and then.
     *
     * @param done how much is done, in bytes or blocks
     * @param total about how much there is, at least {@code done}, and the same at the end
     * @return false to cancel: the operation then throws a {@link java.util.concurrent.CancellationException} and
     *     leaves nothing behind
     */
    boolean advanced(long done, long total);

    /**
     * For whoever does not want to know.
     *
     * @return hears everything and goes on
     */
    static Progress none() {
        return (done, total) -> true;
    }
}
