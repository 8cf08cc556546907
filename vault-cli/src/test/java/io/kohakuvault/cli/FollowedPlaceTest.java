package io.kohakuvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedPlaceTest {
    /** Rows that all differ. */
    private static final class Log implements FollowedPlace.Rows {
        private final List<Long> rows = new ArrayList<>();
        private long named;

        void append(int count) {
            insert(rows.size(), count);
        }

        void insert(int at, int count) {
            for (int i = 0; i < count; i++) {
                rows.add(at + i, named++);
            }
        }

        void remove(int from, int to) {
            rows.subList(from, to).clear();
        }

        @Override
        public long length() {
            return rows.size();
        }

        @Override
        public long[] marks(long from, long to) {
            return rows.subList((int) from, (int) to).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
        }
    }

    private static FollowedPlace readTo(Log log) {
        return new FollowedPlace(log.length(), log);
    }

    private static List<Long> rest(Log log, FollowedPlace place) {
        List<Long> rest =
                LongStream.of(log.marks(place.next(), log.length())).boxed().toList();
        place.moveTo(log.length(), log);
        return rest;
    }

    /** Between two looks anything may happen; what is new is read once, in order, and nothing else is. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsNewIsReadOnce(long seed) {
        Random random = new Random(seed);
        Log log = new Log();
        log.append(random.nextInt(600));
        FollowedPlace place = readTo(log);
        for (int round = 0; round < 400; round++) {
            int size = log.rows.size();
            // Of those that are known enough are left, or none of all.
            int most = Math.min(size, FollowedPlace.KNOWN) - 8;
            switch (most < 1 ? 0 : random.nextInt(7)) {
                case 1 -> log.remove(0, random.nextInt(size));
                case 2 -> log.remove(size - random.nextInt(most), size);
                case 3 -> log.remove(0, size);
                case 4 -> log.rows.set(size - 2 - random.nextInt(most), -log.named++);
                case 5 -> {
                    int kept = size - most / 2;
                    log.rows.removeIf(row -> log.rows.indexOf(row) >= kept && random.nextBoolean());
                }
                case 6 -> {
                    int from = random.nextInt(size - 8);
                    log.remove(from, from + random.nextInt(Math.min(size - 8 - from, most) + 1));
                }
                default -> {}
            }
            long added = log.named;
            log.append(random.nextInt(4) == 0 ? random.nextInt(3_000) : random.nextInt(5));
            place.find(log);
            assertThat(rest(log, place))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(LongStream.range(added, log.named).boxed().toList());
        }
    }

    @Test
    void whatHasHappenedIsTold() {
        Log log = new Log();
        assertThat(readTo(log).find(log)).isEqualTo(FollowedPlace.Change.NONE);
        log.append(1_000);
        FollowedPlace place = readTo(log);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.NONE);
        log.append(1);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.NONE);
        assertThat(rest(log, place)).hasSize(1);
        log.rows.set(995, -1L);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.NONE);
        log.insert(0, 10);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.MOVED);
        assertThat(rest(log, place)).isEmpty();
        log.remove(5, 1_000);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.MOVED);
        assertThat(place.next()).isEqualTo(16);
        log.append(1_000);
        assertThat(rest(log, place)).hasSize(1_000);
        log.remove(20, 1_016);
        log.append(3);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.LOST);
        assertThat(rest(log, place)).isEmpty();
        log.remove(0, 23);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.ANEW);
        log.append(2);
        assertThat(rest(log, place)).hasSize(2);
    }

    /** Rows without a difference cannot be told apart; what is seen of them is that there are more, or fewer. */
    @Test
    void rowsThatAreAllAlikeAreCounted() {
        Log log = new Log();
        for (int i = 0; i < 100; i++) {
            log.rows.add(7L);
        }
        FollowedPlace place = readTo(log);
        log.rows.addAll(List.of(7L, 7L));
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.NONE);
        assertThat(rest(log, place)).hasSize(2);
        log.remove(0, 50);
        assertThat(place.find(log)).isEqualTo(FollowedPlace.Change.MOVED);
        assertThat(rest(log, place)).isEmpty();
    }
}
