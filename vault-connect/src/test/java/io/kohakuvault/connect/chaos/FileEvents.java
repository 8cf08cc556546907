package io.kohakuvault.connect.chaos;

import io.kohakuvault.Vault;
import io.kohakuvault.testkit.Await;
import java.nio.file.Path;
import java.util.Map;

/** What happens to files. */
final class FileEvents {
    /** What the sink logs when it waits for a file. */
    static final String[] WAITS = {"will be tried again", "cannot be claimed yet"};

    private FileEvents() {}

    /** The disk has no room until the sink has noticed. */
    static String fillDisk(Arena arena) {
        if (!arena.disk().isMounted()) {
            return "skipped: no tmpfs can be mounted here";
        }
        Map<Path, Long> heard = arena.workers().heard();
        arena.disk().fill();
        int[] sent = {0};
        try {
            Await.until(
                    "the sink has no room left",
                    () -> {
                        arena.small().send(500, () -> Sample.Kind.GOOD); // its log of changes may have some
                        sent[0] += 500;
                        return arena.workers().hasLogged(heard, WAITS);
                    },
                    arena.workers()::tails);
        } finally {
            arena.disk().free();
        }
        return sent[0] + " records against it";
    }

    /** Another process, this one, holds the write lock of a file until the sink has noticed. */
    static String lock(Arena arena) {
        int partition = arena.random().nextInt(arena.main().partitions());
        Path file = arena.main().file(partition);
        try (Vault vault = Vault.open(file)) {
            vault.transact(() -> {
                Map<Path, Long> heard = arena.workers().heard();
                Await.until(
                        "the sink waits for the lock",
                        () -> arena.workers().hasLogged(heard, WAITS),
                        arena.workers()::tails);
            });
        }
        return file.getFileName().toString();
    }
}
