package io.kohakuvault.connect.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Something that happens to the sink. It returns when what it has done is over; that the sink goes on is then waited
 * for.
 *
 * @param name for the report
 * @param isLong whether it takes ten seconds or more, which a short run is spared
 * @param isRough whether tasks end without having been asked to, so that records are delivered again
 * @param action what is done; answers what there is to say of it
 */
record ChaosEvent(String name, boolean isLong, boolean isRough, Action action) {
    /** What is done. */
    @FunctionalInterface
    interface Action {
        String run(Arena arena) throws Exception;
    }

    static final ChaosEvent WORKER_KILLED = new ChaosEvent("worker killed", false, true, WorkerEvents::kill);
    static final ChaosEvent WORKERS_UPGRADED = new ChaosEvent("workers upgraded", true, true, WorkerEvents::upgrade);

    private static final List<ChaosEvent> ALL = List.of(
            WORKER_KILLED,
            new ChaosEvent("broker killed", true, true, WorkerEvents::killBroker),
            new ChaosEvent("worker stopped and woken", true, true, WorkerEvents::stopAndWake),
            WORKERS_UPGRADED,
            new ChaosEvent("tasks 1, 4, 2", false, false, ConnectorEvents::rebalance),
            new ChaosEvent("connector deleted and made anew", false, false, ConnectorEvents::deleteAndMake),
            new ChaosEvent("connector paused and resumed", false, false, ConnectorEvents::pauseAndResume),
            new ChaosEvent("offsets moved", false, false, ConnectorEvents::moveOffsets),
            new ChaosEvent("topic made anew, shorter", false, false, TopicEvents::makeShorter),
            new ChaosEvent("topic made anew, longer", false, false, TopicEvents::makeLonger),
            new ChaosEvent("partition added", false, false, TopicEvents::addPartition),
            new ChaosEvent("topic compacted", true, false, TopicEvents::compact),
            new ChaosEvent("transaction aborted", false, false, TopicEvents::abort),
            new ChaosEvent("poison", false, false, TopicEvents::poison),
            new ChaosEvent("disk full and freed", false, false, FileEvents::fillDisk),
            new ChaosEvent("file locked", false, false, FileEvents::lock));

    /**
     * So many of them in an order of the random numbers': each kind once before one comes again. A few are a kill and
     * short ones.
     */
    static List<ChaosEvent> choose(int count, Random random) {
        List<ChaosEvent> quick = new ArrayList<>(ALL);
        quick.removeIf(e -> e.isLong() || e == WORKER_KILLED);
        List<ChaosEvent> chosen = new ArrayList<>();
        if (count <= quick.size()) {
            Collections.shuffle(quick, random);
            chosen.addAll(quick.subList(0, count - 1));
            chosen.add(random.nextInt(count), WORKER_KILLED);
        }
        while (chosen.size() < count) {
            List<ChaosEvent> deck = new ArrayList<>(ALL);
            Collections.shuffle(deck, random);
            chosen.addAll(deck.subList(0, Math.min(deck.size(), count - chosen.size())));
        }
        return chosen;
    }

    @Override
    public String toString() {
        return name;
    }
}
