package io.kohakuvault.connect.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Zip;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much happens to the sink in an order that a seed decides, while records flow; then its files are compared with the
 * topics. A few short events without the profile {@code chaos}.
 */
class SinkChaosIT {
    private static final int EVENTS = Integer.getInteger("vault.chaos.events", 8);
    private static final long RECORDS = Long.getLong("vault.chaos.records", 30_000);
    private static final long SEED =
            Long.getLong("vault.chaos.seed", ThreadLocalRandom.current().nextInt(1_000_000));

    /** What workers log of tasks that have not ended as they should, and of batches that are offered again. */
    private static final String[] ROUGH = {
        "Graceful stop of", "Lost previously assigned partitions", FileEvents.WAITS[0], FileEvents.WAITS[1]
    };

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    @Test
    void losesAndDoublesNothingWhateverHappens() throws Exception {
        Path plugins = folder.resolve("plugins");
        Zip.unpack(Path.of(System.getProperty("vault.plugin.zip")), plugins);
        ChaosReport report = new ChaosReport(SEED, EVENTS, RECORDS, repeat());
        try {
            run(plugins, report);
        } finally {
            report.write(Path.of("target", "chaos-report.txt"));
        }
        assertThat(report.problems()).isEmpty();
        assertThat(report.lostOrDoubled()).isZero();
    }

    private static String repeat() {
        return "mvn -Pchaos -pl vault-connect -am verify -Dvault.chaos.events=" + EVENTS + " -Dvault.chaos.records="
                + RECORDS + " -Dvault.chaos.seed=" + SEED + " -Dit.test=SinkChaosIT -Dtest=none"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false";
    }

    private static void run(Path plugins, ChaosReport report) throws Exception {
        long started = System.nanoTime();
        List<ChaosEvent> events = ChaosEvent.choose(EVENTS, new Random(SEED));
        String release = SEED % 2 == 0 || events.contains(ChaosEvent.WORKERS_UPGRADED) ? Workers.OLD : Workers.NEW;
        try (Arena arena = new Arena(folder, plugins, release, SEED)) {
            arena.start();
            long sent = 0;
            for (int i = 0; i < events.size(); i++) {
                long until = RECORDS * (i + 1) / events.size();
                arena.load().add(until - sent);
                sent = until;
                happen(arena, events.get(i), report);
            }
            arena.awaitLoad();
            arena.load().finish();
            arena.awaitProgress();
            for (ChaosTopic topic : arena.topics()) {
                arena.workers().any().delete(topic.name());
            }
            verify(arena, report);
            report.end(arena.load().aborted(), System.nanoTime() - started);
        }
    }

    private static void happen(Arena arena, ChaosEvent event, ChaosReport report) throws Exception {
        Map<Path, Long> heard = arena.workers().heard();
        Map<Integer, Long> written = arena.written();
        long start = System.nanoTime();
        try {
            String detail = event.action().run(arena);
            long over = System.nanoTime();
            arena.awaitProgress();
            if (event.isRough() || arena.workers().hasLogged(heard, ROUGH)) {
                arena.addRough(written);
            }
            report.event(event, over - start, System.nanoTime() - over, detail);
        } catch (Exception e) {
            report.failed(event, e);
            throw e;
        }
    }

    private static void verify(Arena arena, ChaosReport report) {
        report.beginFiles();
        DeadLetters letters = new DeadLetters();
        for (ChaosTopic topic : arena.topics()) {
            Map<Integer, SampleLog> now = SampleLog.read(arena.broker(), topic.name());
            for (int p = 0; p < topic.partitions(); p++) {
                ChaosTopic.Expected expected = topic.expected(p, now.getOrDefault(p, new SampleLog()));
                report.file(FileVerifier.verify(
                        topic.file(p), new TopicPartition(topic.name(), p), expected, topic.next()));
                if (topic == arena.main()) {
                    letters.expect(p, expected.records());
                }
            }
        }
        report.deadLetters(letters.compare(arena.broker(), Arena.DEAD_LETTERS, arena.rough()));
    }
}
