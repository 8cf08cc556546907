package io.kohakuvault.connect.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.testkit.Zip;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
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
        try (Arena arena = new Arena(folder, plugins, SEED)) {
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
        long start = System.nanoTime();
        try {
            String detail = event.action().run(arena);
            long over = System.nanoTime();
            arena.awaitProgress();
            report.event(event, over - start, System.nanoTime() - over, detail);
        } catch (Exception e) {
            report.failed(event, e);
            throw e;
        }
    }

    private static void verify(Arena arena, ChaosReport report) {
        report.beginFiles();
        for (ChaosTopic topic : arena.topics()) {
            Map<Integer, ChaosTopic.Expected> expected = new TreeMap<>(topic.expected());
            expected.forEach((partition, records) -> report.file(FileVerifier.verify(topic, partition, records)));
            if (topic == arena.main()) {
                report.deadLetters(
                        DeadLetters.compare(arena.broker(), Arena.DEAD_LETTERS, expected, arena.calmPoison()));
            }
        }
    }
}
