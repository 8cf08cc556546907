package io.kohakuvault.internal.block;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.column.BytesColumn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;

/** Writes without end and in every way: the other process of the torture test. Arguments: file, seed. */
public final class TortureWriter {
    private TortureWriter() {}

    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[1]));
        while (true) {
            try (Vault vault =
                    Vault.open(Path.of(args[0]), VaultOptions.defaults().withBusyTimeout(Duration.ofMillis(20_000)))) {
                int rounds = 20 + random.nextInt(80);
                for (int i = 0; i < rounds; i++) {
                    try {
                        step(vault, random);
                    } catch (VaultBusyException | NoSuchElementException | IndexOutOfBoundsException e) {
                        // the other writer was slow, or has deleted or shortened the column: go on
                    }
                }
            }
            maintain(args[0], random);
        }
    }

    private static void step(Vault vault, Random random) {
        String name = "c" + random.nextInt(4);
        switch (random.nextInt(400) < 2 ? random.nextInt(2) : 2 + random.nextInt(20)) {
            case 0 -> vault.columns().delete(name);
            case 1 -> vault.columns().ensure(name, DType.I64).clear();
            case 2, 3 ->
                vault.transact(() -> {
                    for (int i = 0; i < 30; i++) {
                        byte[] value = new byte[random.nextInt(3_000)];
                        random.nextBytes(value);
                        vault.kv("kv").put("key " + random.nextInt(5_000), value);
                        vault.kv("kv").delete("key " + random.nextInt(5_000));
                    }
                });
            case 4, 5, 6 -> {
                List<String> texts = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(200); i++) {
                    texts.add("x".repeat(random.nextInt(200)) + i);
                }
                vault.columns().ensure("text" + random.nextInt(2), DType.STR).appendAll(texts);
            }
            case 7 -> vault.columns().delete("text" + random.nextInt(2));
            case 8, 9, 10 -> {
                var column = vault.columns().ensure(name, DType.I64);
                long length = column.length();
                if (length > 0) {
                    column.set((long) (random.nextDouble() * length), random.nextLong());
                }
            }
            case 11, 12 -> wide(vault.columns().ensure("wide" + random.nextInt(2), DType.BYTES), random);
            default -> {
                long[] values = new long[1 + random.nextInt(3_000)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextLong();
                }
                var column = vault.columns().ensure(name, DType.I64);
                if (column.length() < 800_000) {
                    column.appendAll(values);
                } else {
                    column.clear();
                }
            }
        }
    }

    /** Blocks that go on on overflow pages. */
    private static void wide(BytesColumn column, Random random) {
        byte[] element = new byte[8_000 + random.nextInt(60_000)];
        random.nextBytes(element);
        long length = column.length();
        if (length > 300) {
            column.truncate(200);
        } else if (length > 0 && random.nextBoolean()) {
            column.set((long) (random.nextDouble() * length), element);
        } else {
            column.append(element);
        }
    }

    private static void maintain(String file, Random random) {
        String[] jobs = {
            "PRAGMA wal_checkpoint(PASSIVE)",
            "PRAGMA wal_checkpoint(FULL)",
            "PRAGMA wal_checkpoint(RESTART)",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "VACUUM"
        };
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=2000");
                Statement statement = connection.createStatement()) {
            statement.execute(jobs[random.nextInt(jobs.length)]);
        } catch (SQLException e) {
            // Readers hold some of these back; that is part of the test.
        }
    }
}
