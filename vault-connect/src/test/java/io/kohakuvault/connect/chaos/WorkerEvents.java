package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.Await;
import io.kohakuvault.testkit.ConnectWorker;
import io.kohakuvault.testkit.WriteLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What happens to processes. */
final class WorkerEvents {
    private WorkerEvents() {}

    /** SIGKILL of the worker with the first task: the other one takes over, then there is a new one. */
    static String kill(Arena arena) {
        Workers workers = arena.workers();
        ConnectWorker victim = workers.owner(arena.main().name());
        workers.kill(victim);
        arena.awaitProgress();
        workers.start();
        return victim + ", release " + workers.version();
    }

    /** SIGKILL of the broker, and of what it has not written down. */
    static String killBroker(Arena arena) {
        arena.broker().kill();
        arena.broker().restart();
        return "";
    }

    /**
     * SIGSTOP for so long that the other worker takes over, then SIGCONT: what has stood still must write nothing more
     * of what it held. Inside a transaction it holds the file's lock meanwhile, and its successor waits.
     */
    static String stopAndWake(Arena arena) {
        if (!WriteLock.isTold()) {
            return "skipped: the system does not tell who holds a lock";
        }
        Workers workers = arena.workers();
        ConnectWorker zombie = workers.owner(arena.main().name());
        Map<Path, Long> heard = workers.heard();
        boolean inside = arena.random().nextBoolean();
        Await.until(
                zombie + " stands where it is to",
                () -> {
                    workers.stop(zombie);
                    if (holdsLock(arena, zombie) == inside) {
                        return true;
                    }
                    workers.wake(zombie);
                    return false;
                },
                workers::tails);
        if (inside) {
            Await.until(
                    "the other worker waits for the lock",
                    () -> workers.hasLogged(heard, FileEvents.WAITS),
                    workers::tails);
        } else {
            arena.awaitProgress();
        }
        workers.wake(zombie);
        return zombie + (inside ? ", inside a transaction" : ", between transactions");
    }

    private static boolean holdsLock(Arena arena, ConnectWorker worker) throws IOException {
        for (ChaosTopic topic : arena.topics()) {
            for (int p = 0; p < topic.partitions(); p++) {
                if (Files.exists(Path.of(topic.file(p) + "-shm"))) {
                    OptionalLong holder = WriteLock.holder(topic.file(p));
                    if (holder.isPresent()
                            && holder.getAsLong() == worker.process().pid()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** One worker after the other is replaced by one of the other release: up, and the next time back. */
    static String upgrade(Arena arena) {
        Workers workers = arena.workers();
        String before = workers.version();
        workers.version(before.equals(Workers.OLD) ? Workers.NEW : Workers.OLD);
        List<ConnectWorker> all = workers.all();
        for (ConnectWorker worker : all) {
            workers.start();
            workers.end(worker);
            arena.awaitProgress();
        }
        return before + " to " + workers.version();
    }
}
