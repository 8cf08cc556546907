package io.kohakuvault.arrow;

import io.kohakuvault.Vault;
import io.kohakuvault.VaultBusyException;
import io.kohakuvault.VaultOptions;
import io.kohakuvault.codec.DType;
import io.kohakuvault.maintenance.Progress;
import io.kohakuvault.table.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A process that writes until it is killed: {@code file seed}. Table {@code t} is appended to, corrected, cut off at
 * either end and in the middle, made anew, compacted and vacuumed; each of its rows says by {@code a} what its other
 * columns hold. Table {@code log} is appended to alone, of which row i holds i.
 */
public final class ChaosWriter {
    static final int GROUP = 100;
    static final int LARGE = 60_000;
    private static final int NULLS = 7;

    private ChaosWriter() {}

    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[1]));
        while (true) {
            try (Vault vault =
                    Vault.open(Path.of(args[0]), VaultOptions.defaults().withBusyTimeout(Duration.ofSeconds(20)))) {
                for (int i = 0; i < 30; i++) {
                    write(vault, random);
                }
                if (random.nextInt(4) == 0) {
                    vault.maintenance().compact(0, Progress.none());
                    System.out.println("compacted");
                }
            } catch (VaultBusyException e) {
                System.out.println(e.getMessage()); // the other writer, or a reader, was longer
            }
            if (random.nextBoolean()) {
                vacuum(args[0], random);
            }
        }
    }

    private static void vacuum(String file, Random random) {
        try (Connection sqlite = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
                Statement statement = sqlite.createStatement()) {
            statement.execute(random.nextBoolean() ? "VACUUM" : "PRAGMA wal_checkpoint(TRUNCATE)");
            System.out.println("vacuumed");
        } catch (SQLException e) {
            System.out.println(e.getMessage()); // readers hold it back
        }
    }

    static void make(Path file) {
        try (Vault vault = Vault.open(file)) {
            vault.tables().ensure("log", s -> s.column("n", DType.I64));
            makeTable(vault);
            append(vault.tables().get("t"), 0, 500);
        }
    }

    private static void makeTable(Vault vault) {
        vault.tables()
                .ensure(
                        "t",
                        s -> s.column("a", DType.I64)
                                .column("b", DType.I64)
                                .nullable("n", DType.I32)
                                .column("s", DType.STR)
                                .column("v", DType.parse("vec:f32:16")));
    }

    static void write(Vault vault, Random random) {
        vault.transact(() -> {
            Table table = vault.tables().get("t");
            long length = table.length();
            switch (random.nextInt(12)) {
                case 0 -> table.removeBefore(Math.min(length, GROUP * (long) random.nextInt(10)));
                case 1 -> {
                    long first = GROUP * (long) random.nextInt((int) (length / GROUP) + 1);
                    if (first < length) {
                        table.remove(first, first + GROUP);
                    }
                }
                case 2 -> {
                    for (int i = 0; i < 5 && length > 0; i++) {
                        long at = (long) (random.nextDouble() * length);
                        long a = random.nextInt(1_000);
                        table.set(
                                at,
                                row -> row.set("a", a)
                                        .set("b", -a)
                                        .setObject("n", number(a))
                                        .set("s", text(a))
                                        .set("v", vector(a)));
                    }
                }
                case 3 -> {
                    if (length > LARGE) { // all but the first groups
                        table.remove(GROUP * (1L + random.nextInt(20)), length);
                    }
                }
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        vault.tables().delete("t");
                        makeTable(vault);
                        append(vault.tables().get("t"), random.nextInt(1_000), 200);
                    }
                }
                default -> append(table, random.nextInt(1_000), 1 + random.nextInt(length > LARGE ? 1 : 40));
            }
            Table log = vault.tables().get("log");
            long next = log.length();
            log.appendColumns(c ->
                    c.set("n", LongStream.range(next, next + random.nextInt(50)).toArray()));
            vault.kv("kv").put("k" + random.nextInt(50), new byte[random.nextInt(20_000)]);
        });
    }

    private static void append(Table table, long from, int groups) {
        long[] a = LongStream.range(from, from + (long) groups * GROUP).toArray();
        float[] vectors = new float[a.length * 16];
        for (int i = 0; i < a.length; i++) {
            System.arraycopy(vector(a[i]), 0, vectors, 16 * i, 16);
        }
        table.appendColumns(columns -> columns.set("a", a)
                .set("b", LongStream.of(a).map(n -> -n).toArray())
                .set("n", LongStream.of(a).mapToObj(ChaosWriter::number).toList())
                .set("s", LongStream.of(a).mapToObj(ChaosWriter::text).toList())
                .set("v", vectors));
    }

    static Integer number(long a) {
        return a % NULLS == 0 ? null : (int) (3 * a);
    }

    static String text(long a) {
        return "s" + a + "x".repeat((int) (a % 40));
    }

    private static float[] vector(long a) {
        float[] vector = new float[16];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = item(a, i);
        }
        return vector;
    }

    static float item(long a, int i) {
        return a + i / 16f;
    }
}
