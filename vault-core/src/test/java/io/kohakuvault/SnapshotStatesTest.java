package io.kohakuvault;

import static org.assertj.core.api.Assertions.assertThat;

import io.kohakuvault.codec.DType;
import io.kohakuvault.column.LongColumn;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.spi.BlockView;
import io.kohakuvault.spi.ColumnBlocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of one state know what an earlier one has found; those of another state must not. */
class SnapshotStatesTest {
    @TempDir
    Path folder;

    private record Kept(Snapshot snapshot, List<Long> expected) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void eachSnapshotSeesItsStateWhateverWasFoundInAnother(long seed) {
        Random random = new Random(seed);
        Path file = folder.resolve("a.db");
        List<Long> model = new ArrayList<>();
        List<Kept> kept = new ArrayList<>();
        VaultOptions options = VaultOptions.defaults()
                .withPageSizeBytes(4096)
                .withBusyTimeout(Duration.ofMillis(20)); // snapshots are open
        try (Vault vault = Vault.open(file, options);
                Vault other = Vault.open(file, options)) {
            vault.columns().ensure("v", DType.I64);
            for (int step = 0; step < 250; step++) {
                LongColumn column =
                        (random.nextBoolean() ? vault : other).columns().longs("v");
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        long[] more = random.longs(random.nextInt(1_500)).toArray();
                        column.appendAll(more);
                        for (long value : more) {
                            model.add(value);
                        }
                    }
                    case 2 -> {
                        if (!model.isEmpty()) {
                            int row = random.nextInt(model.size());
                            column.set(row, step);
                            model.set(row, (long) step);
                        }
                    }
                    case 3 -> {
                        int length = random.nextInt(model.size() + 1);
                        column.truncate(length);
                        model.subList(length, model.size()).clear();
                    }
                    case 4 -> vault.maintenance().checkpoint();
                    case 5 -> {
                        if (kept.isEmpty()) {
                            vault.maintenance().compact(0, Progress.none());
                        } else {
                            kept.remove(random.nextInt(kept.size())).snapshot().close();
                        }
                    }
                    default -> {
                        Vault from = random.nextBoolean() ? vault : other;
                        kept.add(new Kept(from.snapshot(), List.copyOf(model)));
                        if (random.nextBoolean()) { // the same state twice
                            kept.add(new Kept(from.snapshot(), List.copyOf(model)));
                        }
                    }
                }
                if (!kept.isEmpty()) {
                    Kept one = kept.get(random.nextInt(kept.size()));
                    assertThat(read(one.snapshot()))
                            .as("seed %d, step %d", seed, step)
                            .isEqualTo(one.expected());
                }
            }
            kept.forEach(k -> k.snapshot().close());
        }
    }

    private static List<Long> read(Snapshot snapshot) {
        List<Long> values = new ArrayList<>();
        ColumnBlocks column = snapshot.blocks().column("v");
        for (long row = 0; row < column.length(); ) {
            assertThat(column.blockStart(row)).isEqualTo(row);
            try (BlockView block = column.block(row)) {
                for (int i = 0; i < block.rows(); i++) {
                    values.add(block.payload().getLong(8 * i));
                }
                row = column.blockEnd(row);
            }
        }
        return values;
    }
}
