package io.kohakuvault.bench;

import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * One workload, each repetition of which is followed by one of a peer: whatever else the machine does meets both alike.
 * The median of the rounds' ratios is what is reported.
 */
final class WorkloadInTurn extends Workloads {
    private static final int WARM_UP = 4;
    private static final int ROUNDS = 9;

    /**
     * How long reads run before they are timed, in nanoseconds. A round of 2,000 reads takes some milliseconds: after
     * four of them the compiler is still at work, and on a busy machine the figure told when it was done.
     */
    private static final long READ_WARM_UP = 1_000_000_000;

    private final String variant;
    private final Peer peer;
    private OptionalDouble ratio = OptionalDouble.empty();

    /** Runs its repetition and says how many seconds it took. */
    interface Peer {
        double seconds() throws Exception;
    }

    WorkloadInTurn(Path folder, String workload, String variant, Peer peer) {
        super(folder, folder.resolve("unused"), 0, 0, Set.of(workload));
        this.variant = variant;
        this.peer = peer;
    }

    /** How many times as fast as the peer it was. */
    double ratio() {
        return ratio.orElseThrow();
    }

    private void measure(Peer own) throws Exception {
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            int at = Math.max(round, 0); // the first round proper overwrites those of the warm-up
            ours[at] = own.seconds();
            theirs[at] = peer.seconds();
        }
        ratio = OptionalDouble.of(Timing.medianRatio(theirs, ours));
    }

    private static <H> double timed(Run<H> run, H handle) throws Exception {
        long start = System.nanoTime();
        run.run(handle);
        return (System.nanoTime() - start) / 1e9;
    }

    @SuppressWarnings("try") // an interrupt while it closes ends the run
    @Override
    <H extends AutoCloseable> void write(String workload, String name, int n, Open<H> open, Run<H> run)
            throws Exception {
        if (!wanted(workload) || !name.equals(variant)) {
            return;
        }
        Path file = path(workload + name);
        measure(() -> {
            remove(file);
            try (H handle = open.open(file)) {
                return timed(run, handle);
            }
        });
        remove(file);
    }

    @SuppressWarnings("try") // an interrupt while it closes ends the run
    @Override
    <H extends AutoCloseable> void read(String workload, String name, int n, Path file, Open<H> open, Run<H> run)
            throws Exception {
        if (!wanted(workload) || !name.equals(variant)) {
            return;
        }
        try (H handle = open.open(file)) {
            for (long start = System.nanoTime(); System.nanoTime() - start < READ_WARM_UP; ) {
                run.run(handle);
            }
            measure(() -> timed(run, handle));
        }
    }
}
