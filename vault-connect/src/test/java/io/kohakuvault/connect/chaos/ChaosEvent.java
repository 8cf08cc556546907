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
 * @param action what is done; answers what there is to say of it
 */
record ChaosEvent(String name, boolean isLong, Action action) {
    /** What is done. */
    @FunctionalInterface
    interface Action {
        String run(Arena arena) throws Exception;
    }

    static final ChaosEvent WORKER_KILLED = new ChaosEvent("worker killed", false, WorkerEvents::kill);

    private static final List<ChaosEvent> ALL = List.of(
            WORKER_KILLED,
            new ChaosEvent("broker killed", true, WorkerEvents::killBroker),
            new ChaosEvent("worker stopped and woken", true, WorkerEvents::stopAndWake),
            new ChaosEvent("workers upgraded", true, WorkerEvents::upgrade),
            new ChaosEvent("tasks 1, 4, 2", false, ConnectorEvents::rebalance),
            new ChaosEvent("connector deleted and made anew", false, ConnectorEvents::deleteAndMake),
            new ChaosEvent("connector paused and resumed", false, ConnectorEvents::pauseAndResume),
            new ChaosEvent("offsets moved", false, ConnectorEvents::moveOffsets),
            new ChaosEvent("topic made anew, shorter", false, TopicEvents::makeShorter),
            new ChaosEvent("topic made anew, longer", false, TopicEvents::makeLonger),
            new ChaosEvent("partition added", false, TopicEvents::addPartition),
            new ChaosEvent("topic compacted", true, TopicEvents::compact),
            new ChaosEvent("transaction aborted", false, TopicEvents::abort),
            new ChaosEvent("poison", false, TopicEvents::poison),
            new ChaosEvent("disk full and freed", false, FileEvents::fillDisk),
            new ChaosEvent("file locked", false, FileEvents::lock));

    /**
     * So many of them in an order of the random numbers': each kind once before one comes again. Fewer than there are
     * kinds are a kill and short ones.
     */
    static List<ChaosEvent> choose(int count, Random random) {
        List<ChaosEvent> chosen = new ArrayList<>();
        if (count < ALL.size()) {
            chosen.addAll(
                    ALL.stream().filter(e -> !e.isLong() && e != WORKER_KILLED).toList());
            Collections.shuffle(chosen, random);
            chosen = new ArrayList<>(chosen.subList(0, Math.min(count - 1, chosen.size())));
            chosen.add(random.nextInt(chosen.size() + 1), WORKER_KILLED);
            return chosen;
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
