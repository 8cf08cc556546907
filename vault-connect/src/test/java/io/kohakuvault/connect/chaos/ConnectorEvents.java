package io.kohakuvault.connect.chaos;

import io.kohakuvault.testkit.ConnectWorker;

/** What operators do to the connector. */
final class ConnectorEvents {
    private static final int MOST_AGAIN = 200;
    private static final int WAITING = 2_000;

    private ConnectorEvents() {}

    /** The partitions go to other tasks twice. */
    static String rebalance(Arena arena) {
        arena.configure(arena.main(), 1);
        arena.configure(arena.main(), 4);
        arena.awaitWritten(java.util.List.of(arena.main()));
        arena.configure(arena.main(), 2);
        return "";
    }

    /** One of the same name goes on where it was: nothing may be there twice. */
    static String deleteAndMake(Arena arena) {
        arena.workers().any().delete(arena.main().name());
        int tasks = 1 + arena.random().nextInt(4);
        arena.configure(arena.main(), tasks);
        return tasks + " tasks";
    }

    /** While it is paused, records wait in the topic. */
    static String pauseAndResume(Arena arena) throws Exception {
        ConnectWorker worker = arena.workers().any();
        worker.pause(arena.main().name());
        arena.main().send(WAITING, () -> Sample.Kind.GOOD);
        worker.resume(arena.main().name());
        arena.awaitRunning(arena.main());
        return WAITING + " records more";
    }

    /**
     * A partition's offset is moved, to where it stands or back. While the connector is stopped, the file's offset is
     * where what was delivered ends, so that the effect is known exactly: what stands between the two is delivered once
     * more, behind what was there; the entries end as they were. Forwards is left out: it only takes records away.
     */
    static String moveOffsets(Arena arena) throws Exception {
        ChaosTopic topic = arena.main();
        ConnectWorker worker = arena.workers().any();
        worker.stop(topic.name());
        int partition = arena.random().nextInt(topic.partitions());
        long stands = topic.written(partition);
        long to = Math.max(
                0, stands - (arena.random().nextBoolean() ? 0 : arena.random().nextInt(MOST_AGAIN)));
        worker.moveOffset(topic.name(), topic.name(), partition, to);
        topic.sendBack(partition, stands, to);
        worker.resume(topic.name());
        arena.awaitRunning(topic);
        return topic.name() + "-" + partition + " from " + stands + " to " + to;
    }
}
